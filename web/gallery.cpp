// Every widget on one page, for the tests of the widgets and for looking at them.
#include "web/widget/widget.hpp"

namespace rekey::web::view {
void frame(Ui& ui) {
  ui.bar([&] { ui.heading(1, "Gallery"); });
  ui.main("Gallery", [&] { ui.text("Hello"); });
}
}  // namespace rekey::web::view
