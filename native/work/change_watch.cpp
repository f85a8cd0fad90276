#include "native/work/change_watch.hpp"

#include "native/log.hpp"
#include "native/store/changes.hpp"

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
  {
    auto db = databases_->borrow();
    newest_ = store::newest_change(*db);
  }
  pruned_ = newest_ - changes_kept;
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

void ChangeWatch::look(store::Database& db) {
  // Everything committed before this moment is seen by this look.
  const auto began = Steady::now();
  const auto version = store::data_version(db);
  if (version != version_) {
    const auto changes = store::changes_after(db, newest_);
    version_ = version;
    newest_ = changes.newest;
    if (changes.gap) {
      listener_({});
    } else {
      for (const auto& subject : changes.subjects) listener_(subject);
    }
    if (newest_ - pruned_ > 2 * changes_kept) {
      pruned_ = newest_ - changes_kept;
      store::prune_changes(db, pruned_);
    }
  }
  looked_.store(began.time_since_epoch().count(), std::memory_order_release);
}

void ChangeWatch::look_until_stopped() {
  // A connection of its own: the number it watches counts the commits of others.
  store::Databases::Borrowed db;
  for (;;) {
    try {
      if (!db) {
        db = databases_->borrow();
        version_ = -1;
      }
      look(*db);
    } catch (const std::exception& error) {
      log::error("changes.failed", {{"what", error.what()}});
      db.reset();
    }
    std::unique_lock lock(mutex_);
    if (stopped_.wait_for(lock, look_at_changes_every, [this] { return stop_; })) return;
  }
}

}  // namespace rekey::work
