// Tells the listeners of a connection that a step was taken.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace rekey::work {

/// Listeners by connection. A listener is called after the step was stored: on the thread that took
/// it, and on the one that watches for what other processes do. It must not block. What it throws
/// is logged: the step is taken all the same.
class Hub {
 public:
  using Listener = std::function<void()>;

  /// Listens for as long as the returned value lives.
  std::shared_ptr<void> listen(const std::string& connection, Listener listener);
  /// The same for every connection; told which.
  using AnyListener = std::function<void(const std::string& connection)>;
  std::shared_ptr<void> listen_to_all(AnyListener listener);
  void tell(const std::string& connection);
  /// That anything may have happened to any connection.
  void tell_everybody();

 private:
  std::mutex mutex_;
  std::multimap<std::string, std::weak_ptr<Listener>> listeners_;
  std::vector<std::weak_ptr<AnyListener>> any_;
};

}  // namespace rekey::work
