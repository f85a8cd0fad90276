// Watches the store for changes by this process or another, and tells what was changed.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "native/store/changes.hpp"

namespace rekey::work {

/// A thread that looks five times a second; a look costs next to nothing when nothing has changed.
/// What is kept in memory may be used while `is_current`: then it is not older than a second.
class ChangeWatch {
 public:
  /// Told each changed subject (store/changes.hpp); an empty one: anything may have changed.
  using Listener = std::function<void(const std::string& subject)>;

  ChangeWatch(std::shared_ptr<store::Databases> databases, Listener listener);
  ~ChangeWatch();
  ChangeWatch(const ChangeWatch&) = delete;
  ChangeWatch& operator=(const ChangeWatch&) = delete;

  /// Whether the last look was less than a second ago.
  bool is_current() const;

 private:
  void look_until_stopped();
  void begin();
  void look();

  std::shared_ptr<store::Databases> databases_;
  Listener listener_;
  // A connection of its own: what has been seen is told apart by it. None: it was lost.
  store::Databases::Borrowed db_;
  store::Seen seen_;
  std::int64_t pruned_ = 0;
  std::atomic<std::chrono::steady_clock::rep> looked_{0};
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace rekey::work
