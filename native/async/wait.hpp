// Waiting for tasks: for one by a thread, for a result by many tasks.
#pragma once

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "native/async/pool.hpp"

namespace rekey::async {

namespace detail {

template <class T>
struct Outcome {
  std::mutex mutex;
  std::condition_variable done;
  bool over = false;
  std::optional<T> value;
  std::exception_ptr thrown;
};

inline Task<bool> then_true(Task<void> task) {
  co_await task;
  co_return true;
}

// (The outcome is shared: the waiting thread may be gone while the last lines run.)
template <class T>
Detached settle(const Task<T>& task, std::shared_ptr<Outcome<T>> outcome) {
  try {
    T value = co_await task;
    outcome->value.emplace(std::move(value));
  } catch (...) {
    outcome->thrown = std::current_exception();
  }
  const std::lock_guard lock(outcome->mutex);
  outcome->over = true;
  outcome->done.notify_all();
}

}  // namespace detail

/// Runs a task and holds this thread until it is over: for commands and tests, never for what
/// serves requests, nor for threads of a pool that the task needs.
template <class T>
T wait_for(Task<T> task) {
  auto outcome = std::make_shared<detail::Outcome<T>>();
  detail::settle(task, outcome);
  std::unique_lock lock(outcome->mutex);
  outcome->done.wait(lock, [&] { return outcome->over; });
  if (outcome->thrown) std::rethrow_exception(outcome->thrown);
  return std::move(*outcome->value);
}

inline void wait_for(Task<void> task) {
  wait_for(detail::then_true(std::move(task)));
}

/// A result that is there at some time, for as many as want it. Held by a shared_ptr by the code
/// that settles it.
template <class T>
class Shared : public std::enable_shared_from_this<Shared<T>> {
 public:
  explicit Shared(Pool& pool) : pool_(pool) {}

  /// The result is there: those who wait go on, in the pool. Once.
  void settle(std::optional<T> value, std::exception_ptr thrown = {}) {
    std::list<Waiter> waiters;
    {
      const std::lock_guard lock(mutex_);
      value_ = std::move(value);
      thrown_ = thrown;
      over_ = true;
      waiters.swap(waiters_);
    }
    for (const auto& each : waiters) {
      if (each.timer) pool_.cancel(*each.timer);
      pool_.post([waiting = each.handle] { waiting.resume(); });
    }
  }

  /// Whether the result, or the exception in its place, is there.
  bool is_over() {
    const std::lock_guard lock(mutex_);
    return over_;
  }
  /// The result; none: it is not there yet, or something was thrown instead.
  std::optional<T> there() {
    const std::lock_guard lock(mutex_);
    return value_;
  }

  /// Awaited, gives the result (or throws what there was instead of one); none: it was not there
  /// by `until`.
  auto wait(std::optional<Steady::time_point> until = {}) {
    struct Awaiter {
      std::shared_ptr<Shared> self;
      std::optional<Steady::time_point> until;
      bool await_ready() const { return self->is_over(); }
      bool await_suspend(std::coroutine_handle<> waiting) { return self->enlist(waiting, until); }
      std::optional<T> await_resume() const { return self->now(); }
    };
    return Awaiter{this->shared_from_this(), until};
  }

 private:
  struct Waiter {
    std::coroutine_handle<> handle;
    std::uint64_t number;
    std::optional<Pool::Timer> timer;
  };

  std::optional<T> now() {
    const std::lock_guard lock(mutex_);
    if (thrown_) std::rethrow_exception(thrown_);
    return value_;
  }

  // False: there is no need to wait.
  bool enlist(std::coroutine_handle<> waiting, std::optional<Steady::time_point> until) {
    const std::lock_guard lock(mutex_);
    if (over_) return false;
    waiters_.push_back({waiting, ++enlisted_, {}});
    if (until)
      waiters_.back().timer =
          pool_.at(*until, [self = this->shared_from_this(), number = enlisted_] {
            if (const auto handle = self->strike(number)) handle.resume();
          });
    return true;
  }

  // Takes a waiter whose time is over off the list; null: it has been woken meanwhile.
  std::coroutine_handle<> strike(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    for (auto each = waiters_.begin(); each != waiters_.end(); ++each)
      if (each->number == number) {
        const auto handle = each->handle;
        waiters_.erase(each);
        return handle;
      }
    return {};
  }

  Pool& pool_;
  std::mutex mutex_;
  std::list<Waiter> waiters_;
  std::uint64_t enlisted_ = 0;
  bool over_ = false;
  std::optional<T> value_;
  std::exception_ptr thrown_;
};

}  // namespace rekey::async
