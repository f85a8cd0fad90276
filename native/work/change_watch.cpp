#include "native/work/change_watch.hpp"

#include "native/log.hpp"

namespace rekey::work {

namespace {

using Steady = std::chrono::steady_clock;

constexpr auto look_at_changes_every = std::chrono::milliseconds(200);
constexpr auto most_age = std::chrono::seconds(1);
// Who is further behind than this forgets everything, so it is no matter of correctness.
constexpr std::int64_t changes_kept = 10'000;

}  // namespace

ChangeWatch::ChangeWatch(std::shared_ptr<store::Databases> databases, Listener listener)
    : databases_(std::move(databases)), listener_(std::move(listener)) {
  begin();
  pruned_ = seen_.newest - changes_kept;
  thread_ = std::thread([this] { look_until_stopped(); });
}

ChangeWatch::~ChangeWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

bool ChangeWatch::is_current() const {
  const Steady::time_point looked{Steady::duration{looked_.load(std::memory_order_acquire)}};
  return Steady::now() - looked < most_age;
}

void ChangeWatch::begin() {
  db_ = databases_->borrow();
  seen_ = store::see(*db_);
}

void ChangeWatch::look() {
  // Everything committed before this moment is seen by this look.
  const auto began = Steady::now();
  if (!db_) {
    begin();
    // Everything that happened between two looks.
    listener_({});
  }
  const auto changes = store::changes_since(*db_, seen_);
  if (changes.gap) {
    listener_({});
  } else {
    for (const auto& subject : changes.subjects) listener_(subject);
  }
  if (seen_.newest - pruned_ > 2 * changes_kept) {
    pruned_ = seen_.newest - changes_kept;
    store::prune_changes(*db_, pruned_);
  }
  looked_.store(began.time_since_epoch().count(), std::memory_order_release);
}

void ChangeWatch::look_until_stopped() {
  for (;;) {
    try {
      look();
    } catch (const std::exception& error) {
      log::error("changes.failed", {{"what", error.what()}});
      db_.reset();
    }
    std::unique_lock lock(mutex_);
    if (stopped_.wait_for(lock, look_at_changes_every, [this] { return stop_; })) return;
  }
}

}  // namespace rekey::work
