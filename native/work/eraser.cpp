// Finishing deletions in the background.
#include "native/log.hpp"
#include "native/store/schema.hpp"
#include "native/work/erase.hpp"

namespace rekey::work {

namespace {

constexpr Millis finish_every = std::chrono::seconds{1};
/// Less than this in the log is no work, such as what /readyz tries: some sixty pages.
constexpr std::int64_t next_to_nothing = 256 << 10;

}  // namespace

Eraser::Eraser(Driver& driver, Millis quiet_for, store::RewriteSizes sizes)
    : driver_(driver), quiet_for_(quiet_for), sizes_(sizes) {
  thread_ = std::thread([this] { work(); });
}

Eraser::~Eraser() {
  stop_ = true;
  driver_.wake_workers();
  thread_.join();
}

// Whether next to nothing was written for a while, by any process: then a large file may be written
// anew.
bool Eraser::is_quiet(store::Database& db) {
  if (!store::waits_for_rewriting(db)) {
    quiet_since_.reset();
    return false;
  }
  const auto now = async::Steady::now();
  // What is written from here on stands in the log.
  if (!quiet_since_ || store::log_size(db) > next_to_nothing)
    quiet_since_ = store::overwrite_deleted(db) ? std::optional(now) : std::nullopt;
  return quiet_since_ && now - *quiet_since_ >= quiet_for_;
}

void Eraser::finish() {
  auto db = driver_.databases().borrow();
  const bool quiet = is_quiet(*db);
  // Where it fails, such as for want of room, it is tried again after as long a silence.
  if (quiet) quiet_since_.reset();
  const auto effort = quiet ? store::Effort::any_size : store::Effort::whole;
  if (!store::finish_deletions(*db, effort, sizes_) && quiet)
    log::warning("deletion.file_not_rewritten", {});
}

void Eraser::work() {
  while (!stop_) {
    const auto until = async::Steady::now() + finish_every;
    try {
      finish();
    } catch (const std::exception& error) {
      log::error("deletion.not_finished", {{"what", error.what()}});
    }
    // Work that is not ours wakes us too.
    while (!stop_ && async::Steady::now() < until)
      driver_.wait_for_work(driver_.woken(), driver_.now() + finish_every,
                            [this] { return stop_.load(); });
  }
}

}  // namespace rekey::work
