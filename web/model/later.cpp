#include "web/model/later.hpp"

#include <memory>
#include <utility>

#include "web/platform/platform.hpp"

namespace rekey::web {

void later(int milliseconds, std::function<void()> call) {
  auto* held = new std::function<void()>(std::move(call));
  platform::after(
      milliseconds,
      [](void* context) {
        const std::unique_ptr<std::function<void()>> mine(
            static_cast<std::function<void()>*>(context));
        (*mine)();
      },
      held);
}

}  // namespace rekey::web
