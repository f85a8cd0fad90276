#include "native/work/hub.hpp"

#include <set>

#include "native/log.hpp"

namespace rekey::work {

std::shared_ptr<void> Hub::listen(const std::string& connection, Listener listener) {
  auto held = std::make_shared<Listener>(std::move(listener));
  const std::lock_guard lock(mutex_);
  listeners_.emplace(connection, held);
  return held;
}

std::shared_ptr<void> Hub::listen_to_all(AnyListener listener) {
  auto held = std::make_shared<AnyListener>(std::move(listener));
  const std::lock_guard lock(mutex_);
  any_.push_back(held);
  return held;
}

namespace {

template <class Call>
void call(const std::string& connection, Call&& listener) {
  try {
    listener();
  } catch (const std::exception& error) {
    log::error("listener.failed", {{"connection", connection}, {"what", error.what()}});
  }
}

}  // namespace

void Hub::tell(const std::string& connection) {
  std::vector<std::shared_ptr<Listener>> live;
  std::vector<std::shared_ptr<AnyListener>> any;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& each : any_)
      if (auto listener = each.lock()) any.push_back(std::move(listener));
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
  for (const auto& each : any) call(connection, [&] { (*each)(connection); });
  for (const auto& each : live) call(connection, *each);
}

void Hub::tell_everybody() {
  std::set<std::string> connections;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [connection, listener] : listeners_) connections.insert(connection);
  }
  for (const auto& each : connections) tell(each);
}

}  // namespace rekey::work
