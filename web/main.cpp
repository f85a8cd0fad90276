// The page, from its beginning: what is made ready, in which order.
#include <string_view>

#include "web/platform/imports.hpp"
#include "web/stage.hpp"

int main() {
  if (!rekey::web::open_stage()) {
    constexpr std::string_view reason = "webgl";
    rk_js_cannot_start(reason.data(), static_cast<int>(reason.size()));
    return 1;
  }
  // From here on the browser calls: it paints the first frame, and every later one, through
  // rk_frame.
  rk_js_started();
  return 0;
}
