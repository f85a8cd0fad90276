// Tells everybody who listens to a connection that a step was taken.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace rekey::work {

/// Listeners by connection. A listener is called on the thread that took the step, after the step
/// was stored; it must not block.
class Hub {
 public:
  using Listener = std::function<void()>;

  /// Listens for as long as the returned value lives.
  std::shared_ptr<void> listen(const std::string& connection, Listener listener);
  void tell(const std::string& connection);

 private:
  std::mutex mutex_;
  std::multimap<std::string, std::weak_ptr<Listener>> listeners_;
};

}  // namespace rekey::work
