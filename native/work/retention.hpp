// Deletes what is old and no longer needed, so that the database does not grow without end.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "native/work/driver.hpp"

namespace rekey::work {

/// How long an uneventful renewal stays in the history. After that, of several in a row only the
/// newest is kept, and only where stepping over the others gives the same state, byte for byte.
constexpr Millis renewals_kept = std::chrono::hours{24 * 30};

/// How long choices are kept that were never saved.
constexpr Millis drafts_kept = std::chrono::hours{24 * 90};

/// A thread that makes a pass soon after its start and then every hour. Several processes may do so
/// at once: what one has removed, another does not find.
class Retention {
 public:
  explicit Retention(Driver& driver);
  ~Retention();
  Retention(const Retention&) = delete;
  Retention& operator=(const Retention&) = delete;

  /// One pass, in small transactions with pauses between; ends early when `stop` says so. Gives how
  /// many rows went.
  static std::int64_t pass(Driver& driver, const std::function<bool()>& stop);

 private:
  void work();

  Driver& driver_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace rekey::work
