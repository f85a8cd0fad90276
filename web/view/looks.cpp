#include "web/view/looks.hpp"

namespace rekey::web::view {

Looks& looks() {
  static Looks the;
  return the;
}

}  // namespace rekey::web::view
