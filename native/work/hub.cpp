#include "native/work/hub.hpp"

#include <vector>

namespace rekey::work {

std::shared_ptr<void> Hub::listen(const std::string& connection, Listener listener) {
  auto held = std::make_shared<Listener>(std::move(listener));
  const std::lock_guard lock(mutex_);
  listeners_.emplace(connection, held);
  return held;
}

void Hub::tell(const std::string& connection) {
  std::vector<std::shared_ptr<Listener>> live;
  {
    const std::lock_guard lock(mutex_);
    auto [at, end] = listeners_.equal_range(connection);
    while (at != end) {
      if (auto listener = at->second.lock()) {
        live.push_back(std::move(listener));
        ++at;
      } else {
        at = listeners_.erase(at);
      }
    }
  }
  for (const auto& each : live) (*each)();
}

}  // namespace rekey::work
