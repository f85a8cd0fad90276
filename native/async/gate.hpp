// Lets only so many through at once, without a thread for those who wait.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "native/async/wait.hpp"

namespace rekey::async {

/// Held by a shared_ptr. Those who wait go through in the order in which they came. Thread-safe.
class Gate : public std::enable_shared_from_this<Gate> {
 public:
  explicit Gate(int most) : free_(most) {}

  /// The caller that holds it counts as one that is through.
  class Pass {
   public:
    explicit Pass(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}
    Pass(Pass&&) = default;
    Pass& operator=(Pass&&) = delete;
    ~Pass() { leave(); }
    /// Lets the next one through.
    void leave() {
      if (const auto gate = std::exchange(gate_, nullptr)) gate->next();
    }

   private:
    std::shared_ptr<Gate> gate_;
  };

  /// Ends when there is room. Pool and gate must outlive it.
  Task<Pass> enter(Pool& pool) {
    std::shared_ptr<Shared<bool>> turn;
    {
      const std::lock_guard lock(mutex_);
      if (free_ > 0)
        --free_;
      else
        turn = waiting_.emplace_back(std::make_shared<Shared<bool>>(pool));
    }
    if (turn) (void)co_await turn->wait();
    co_return Pass(shared_from_this());
  }

 private:
  void next() {
    std::shared_ptr<Shared<bool>> turn;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        ++free_;
        return;
      }
      turn = std::move(waiting_.front());
      waiting_.pop_front();
    }
    turn->settle(true);
  }

  std::mutex mutex_;
  std::deque<std::shared_ptr<Shared<bool>>> waiting_;
  int free_;
};

}  // namespace rekey::async
