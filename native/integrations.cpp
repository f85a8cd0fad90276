#include "native/integrations.hpp"

#include "native/intuit/quickbooks_online.hpp"

namespace rekey {

accounting::Integrations integrations() {
  static const accounting::Integration all[] = {intuit::quickbooks_online()};
  return all;
}

}  // namespace rekey
