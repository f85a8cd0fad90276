// The order in which the writers of one SQLite file that this process has come to write.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>

namespace rekey::store {

/// A file has one writer at a time, and SQLite lets the others look again and again, so that one
/// who is unlucky is overtaken by all who come after, until it gives up. Here they go in the order
/// in which they came. Safe to use from several threads.
class WriteTurns {
 public:
  /// Waits for the turn. False: it did not come within `longest`.
  bool take(std::chrono::milliseconds longest);
  /// Gives the turn that was taken to the next who waits.
  void give();
  /// How many wait for it.
  std::size_t waiting() const;

 private:
  struct Waiter {
    std::condition_variable come;
    bool has_come = false;
  };

  mutable std::mutex mutex_;
  bool taken_ = false;
  std::list<Waiter*> waiting_;
};

}  // namespace rekey::store
