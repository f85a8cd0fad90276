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
    first = timers_.emplace(timer, std::move(work)).first == timers_.begin();
  }
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
    if (due != timers_.end() && due->first.first <= Steady::now()) {
      auto work = std::move(due->second);
      timers_.erase(due);
      // Who waited for this time has been told of nothing else.
      if (!timers_.empty() || !queue_.empty()) work_.notify_one();
      return work;
    }
    if (!queue_.empty()) {
      auto work = std::move(queue_.front());
      queue_.pop_front();
      return work;
    }
    if (stop_) return {};
    if (due == timers_.end()) {
      work_.wait(lock);
    } else {
      const auto until = due->first.first;
      work_.wait_until(lock, until);
    }
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
