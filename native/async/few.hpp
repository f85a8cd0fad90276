// Tasks of one kind, no more than so many at once.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "native/async/pool.hpp"

namespace rekey::async {

/// Starts tasks in a pool and counts those that are under way. They may outlive it. One thread
/// starts them.
class Few {
 public:
  Few(Pool& pool, int most) : pool_(pool), most_(most) {}

  bool has_room() const { return *under_way_ < most_; }
  int under_way() const { return *under_way_; }

  /// Starts a task in the pool, from its first line on; `ended` is called there when it is over,
  /// however it ended, and must not throw.
  void start(Task<void> task, std::function<void()> ended) {
    ++*under_way_;
    pool_.start_there(counted(std::move(task), under_way_, std::move(ended)));
  }

 private:
  /// Counts down when it goes, so also where the task has thrown.
  struct Counted {
    std::shared_ptr<std::atomic<int>> under_way;
    std::function<void()> ended;
    ~Counted() {
      --*under_way;
      ended();
    }
  };
  static Task<void> counted(Task<void> task, std::shared_ptr<std::atomic<int>> under_way,
                            std::function<void()> ended) {
    const Counted until_end{std::move(under_way), std::move(ended)};
    co_await task;
  }

  Pool& pool_;
  const int most_;
  std::shared_ptr<std::atomic<int>> under_way_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace rekey::async
