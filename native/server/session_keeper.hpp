// Ends sessions of the page that are over, tells the streams that go with them, and bounds what one
// session may do.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "native/work/driver.hpp"

namespace rekey::server {

/// What a session does that is counted: so many a minute, and as many at once.
enum class Deed {
  act,    ///< a command or a callback
  write,  ///< choices kept or saved
};

/// A thread that looks once a second. A session that ended, in this process or another, ends its
/// watchers within about that. Counts are of this process.
class SessionKeeper {
 public:
  SessionKeeper(work::Driver& driver, Millis idle);
  ~SessionKeeper();
  SessionKeeper(const SessionKeeper&) = delete;
  SessionKeeper& operator=(const SessionKeeper&) = delete;

  /// Sessions seen last before this are over.
  Instant seen_after() const { return driver_.now() - idle_; }
  /// How far `seen` may lag behind: a minute, less where sessions are short.
  Millis seen_lag() const { return std::min<Millis>(std::chrono::minutes{1}, idle_ / 4); }

  /// Calls `over`, from the keeper's thread, when the session is over; for as long as the returned
  /// value lives. Null: this session is watched too often already (an open stream each).
  std::shared_ptr<void> watch(const std::string& session, std::function<void()> over);

  /// Takes one deed out of the session's bucket; otherwise gives how long to wait.
  std::optional<std::chrono::seconds> spend(const std::string& session, Deed deed);

 private:
  using Steady = std::chrono::steady_clock;
  struct Bucket {
    double left = 0;
    Steady::time_point filled{};
  };

  void keep_until_stopped();
  bool end_what_is_over();
  void tell_watchers();
  void forget_full_buckets();
  std::vector<std::string> watched();

  work::Driver& driver_;
  const Millis idle_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  // Some session may have ended since the watchers were looked after. Shared, because a thread
  // may be telling of a change while this goes.
  std::shared_ptr<std::atomic<bool>> changed_ = std::make_shared<std::atomic<bool>>(true);
  std::multimap<std::string, std::weak_ptr<std::function<void()>>> watchers_;
  std::mutex buckets_mutex_;
  std::unordered_map<std::string, Bucket> buckets_[2];
  std::shared_ptr<void> listening_;
  std::thread thread_;
};

}  // namespace rekey::server
