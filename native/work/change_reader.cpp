#include "native/work/change_reader.hpp"

#include <algorithm>

#include "core/refresh/step.hpp"
#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/work/change_intake.hpp"
#include "native/work/dice.hpp"

namespace rekey::work {

namespace {

constexpr int most_at_once = 8;
/// Longer than a call that takes as long as one may. Reading twice does no harm.
constexpr Millis taken_for = std::chrono::minutes{2};
constexpr Millis look_for_changes_every = std::chrono::seconds{1};
/// With growing pauses between them, this is most of a day.
constexpr std::int64_t most_change_tries = 100;
constexpr Millis throttled_changes_wait = std::chrono::minutes{1};

Millis pause_before_next(const oauth::Failure& failure, std::int64_t attempts) {
  if (failure.retry_after) return *failure.retry_after;
  if (failure.meaning == oauth::Meaning::throttled) return throttled_changes_wait;
  return refresh::pause_after(attempts + 1);
}

}  // namespace

ChangeReader::ChangeReader(Driver& driver, std::shared_ptr<async::Pool> pool, FollowChanges read)
    : driver_(driver),
      pool_(std::move(pool)),
      read_(std::move(read)),
      thread_([this] { work(); }) {}

ChangeReader::~ChangeReader() {
  stop_ = true;
  driver_.wake_workers();
  thread_.join();
  pool_->wait_for_tasks();
}

void ChangeReader::put_down(const store::ChangesToRead& changes,
                            const accounting::Read<std::int64_t>& read) {
  auto db = driver_.databases().borrow();
  const auto now = driver_.now();
  if (read) {
    metrics::changes_read("read");
    store::in_transaction(*db,
                          [&] { store::changes_are_read(*db, changes, now + changes_gather); });
    return;
  }
  const auto meaning = read.error().meaning;
  const bool again = oauth::passes(meaning) && changes.attempts < most_change_tries;
  metrics::changes_read(again ? "later" : "forgotten");
  log::warning("changes.not_read", {{"connection", changes.connection},
                                    {"meaning", std::string(wire::name_of(meaning))},
                                    {"attempt", changes.attempts + 1},
                                    {"trace", read.error().debug}});
  if (again)
    store::postpone_changes(*db, changes, now + pause_before_next(read.error(), changes.attempts));
  else
    store::in_transaction(*db, [&] { store::forget_changes(*db, changes.connection); });
}

void ChangeReader::give_back(const store::ChangesToRead& changes) {
  try {
    const auto at = driver_.now() + refresh::pause_after(changes.attempts + 1);
    store::postpone_changes(*driver_.databases().borrow(), changes, at);
  } catch (const std::exception& error) {
    // Its time runs out, and it is taken again.
    log::error("changes.failed", {{"connection", changes.connection}, {"what", error.what()}});
  }
}

async::Task<void> ChangeReader::carry_out(store::ChangesToRead changes) {
  try {
    const auto read = co_await read_(changes);
    put_down(changes, read);
  } catch (const std::exception& error) {
    log::error("changes.failed", {{"connection", changes.connection}, {"what", error.what()}});
    give_back(changes);
  }
  --in_hand_;
  driver_.wake_workers();
}

bool ChangeReader::begin_one() {
  if (stop_ || in_hand_ >= most_at_once) return false;
  std::optional<store::ChangesToRead> changes;
  {
    auto db = driver_.databases().borrow();
    changes = store::claim_changes(*db, driver_.now(), driver_.now() + taken_for);
  }
  if (!changes) return false;
  ++in_hand_;
  pool_->start_there(carry_out(std::move(*changes)));
  return true;
}

void ChangeReader::work() {
  while (!stop_) {
    const auto seen = driver_.woken();
    std::optional<Instant> next;
    try {
      while (begin_one()) {
      }
      if (in_hand_ < most_at_once) next = store::next_changes_at(*driver_.databases().borrow());
    } catch (const std::exception& error) {
      log::error("changes.failed", {{"what", error.what()}});
    }
    const auto latest = driver_.now() + look_for_changes_every;
    const auto until = next ? std::clamp(*next, driver_.now() + Millis{20}, latest) : latest;
    driver_.wait_for_work(seen, until, [this] { return stop_.load(); });
  }
}

}  // namespace rekey::work
