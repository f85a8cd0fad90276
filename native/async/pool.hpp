// The threads on which waiting work goes on, and its timers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "core/time.hpp"
#include "native/async/task.hpp"

namespace rekey::async {

using Steady = std::chrono::steady_clock;

/// A few threads for work that never waits for the outside: work that waits for an answer or for a
/// time is a coroutine, which is woken here. (The database is not the outside: its calls are short,
/// and block.) The threads begin with the first work. Safe from any thread; destroyed by none of
/// its own.
class Pool {
 public:
  /// Names a timer: when, and a number that makes it the only one.
  using Timer = std::pair<Steady::time_point, std::uint64_t>;

  explicit Pool(int threads = 8) : wanted_(threads) {}
  /// Waits for the tasks that were started, and runs what was posted; timers that are still to come
  /// are forgotten.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Runs `work` soon. It must not throw.
  void post(std::function<void()> work);
  /// Runs `work` at a time, unless the timer is cancelled before.
  Timer at(Steady::time_point when, std::function<void()> work);
  void cancel(const Timer& timer);

  /// Starts a task that is not awaited, in this thread until it waits for something. What it throws
  /// is logged.
  void start(Task<void> task);
  /// The same, but from its first line in the pool.
  void start_there(Task<void> task);
  /// Waits until every task that was started is over.
  void wait_for_tasks();

  /// Awaited, goes on in a thread of the pool after this time.
  auto sleep(Millis span) {
    struct Awaiter {
      Pool& pool;
      Millis span;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> waiting) const {
        pool.at(Steady::now() + span, [waiting] { waiting.resume(); });
      }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this, span};
  }

 private:
  void run();
  std::function<void()> next();
  void begin_threads();
  void task_ended();
  static Detached run_task(Pool& pool, Task<void> task);

  const int wanted_;
  std::mutex mutex_;
  std::condition_variable work_, none_left_;
  std::deque<std::function<void()>> queue_;
  std::map<Timer, std::function<void()>> timers_;
  std::uint64_t timers_made_ = 0;
  int watching_ = 0;  // threads that wait for the time of a timer
  int tasks_ = 0;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace rekey::async
