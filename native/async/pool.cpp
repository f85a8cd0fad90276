#include "native/async/pool.hpp"

#include <memory>

#include "native/log.hpp"

namespace rekey::async {

Pool::~Pool() {
  wait_for_tasks();
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  for (auto& each : threads_) each.join();
}

void Pool::begin_threads() {
  if (!threads_.empty()) return;
  for (int i = 0; i < wanted_; ++i) threads_.emplace_back([this] { run(); });
}

void Pool::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    begin_threads();
    queue_.push_back(std::move(work));
  }
  work_.notify_one();
}

Pool::Timer Pool::at(Steady::time_point when, std::function<void()> work) {
  Timer timer;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    begin_threads();
    timer = {when, ++timers_made_};
    const auto place = timers_.emplace(timer, std::move(work)).first;
    first = place == timers_.begin();
  }
  // A thread must look at the time for it: none does so far, or only for a later one.
  if (first) work_.notify_one();
  return timer;
}

void Pool::cancel(const Timer& timer) {
  std::function<void()> dropped;  // destroyed without the lock
  const std::lock_guard lock(mutex_);
  const auto at = timers_.find(timer);
  if (at == timers_.end()) return;
  dropped = std::move(at->second);
  timers_.erase(at);
}

// What to do next; nothing when the pool ends.
std::function<void()> Pool::next() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto due = timers_.begin();
    const bool is_due = due != timers_.end() && due->first.first <= Steady::now();
    if (is_due || !queue_.empty()) {
      auto work = std::move(is_due ? due->second : queue_.front());
      if (is_due)
        timers_.erase(due);
      else
        queue_.pop_front();
      // While this one works, another looks at the time.
      if (!timers_.empty() && watching_ == 0) work_.notify_one();
      return work;
    }
    if (stop_) return {};
    if (due == timers_.end()) {
      work_.wait(lock);
      continue;
    }
    const auto until = due->first.first;
    ++watching_;
    work_.wait_until(lock, until);
    --watching_;
  }
}

void Pool::run() {
  while (const auto work = next()) work();
}

Detached Pool::run_task(Pool& pool, Task<void> task) {
  try {
    // Its frame, and what that holds, is gone before the task counts as ended.
    const Task<void> own = std::move(task);
    co_await own;
  } catch (const std::exception& error) {
    log::error("task.failed", {{"what", error.what()}});
  }
  pool.task_ended();
}

void Pool::start(Task<void> task) {
  {
    const std::lock_guard lock(mutex_);
    ++tasks_;
  }
  run_task(*this, std::move(task));
}

void Pool::start_there(Task<void> task) {
  {
    const std::lock_guard lock(mutex_);
    ++tasks_;
  }
  post([this, kept = std::make_shared<Task<void>>(std::move(task))] {
    run_task(*this, std::move(*kept));
  });
}

void Pool::task_ended() {
  const std::lock_guard lock(mutex_);
  if (--tasks_ == 0) none_left_.notify_all();
}

void Pool::wait_for_tasks() {
  std::unique_lock lock(mutex_);
  none_left_.wait(lock, [this] { return tasks_ == 0; });
}

}  // namespace rekey::async
