#include "native/work/refresher.hpp"

#include <algorithm>
#include <atomic>
#include <latch>

#include "native/log.hpp"
#include "native/work/ahead.hpp"
#include "native/work/backoff.hpp"
#include "native/work/one_of_many.hpp"

namespace rekey::work {

namespace {

constexpr int most_a_pass = 64;
// They cost a socket each while they wait, and next to no time.
constexpr std::size_t at_once = 16;
// What was tried and is still due is not tried again before.
constexpr Millis again_after = std::chrono::seconds{30};
// When a grant that is still being proved is looked at again, to warn of its end.
constexpr Millis proved_after = std::chrono::seconds{10};

/// Whether a fault says something about the provider or about us, and not about one grant alone.
bool is_trouble(const std::string& fault) {
  using oauth::TokenFault;
  return fault == wire::name_of(TokenFault::unavailable) ||
         fault == wire::name_of(TokenFault::unreadable) ||
         fault == wire::name_of(TokenFault::misconfigured);
}

// Thrown inside a step's transaction to undo it: another process has told.
struct AlreadyTold {};

}  // namespace

/// What several do of one pass.
struct Refresher::Round {
  Round(std::vector<store::GrantKey> grants, std::function<bool()> ends, std::size_t many)
      : due(std::move(grants)), stop(std::move(ends)), at_work(static_cast<std::ptrdiff_t>(many)) {}
  std::vector<store::GrantKey> due;
  std::function<bool()> stop;
  std::latch at_work;
  std::atomic<std::size_t> next{0};
  std::atomic<int> good{0};
};

bool Refresher::pass(const std::function<bool()>& stop) {
  note_use();
  warn();
  const auto now = driver_.now();
  // A wait longer than any of ours means that the clock was set back.
  if (now < quiet_until_ && quiet_until_ - now <= backoff(100)) return false;
  std::vector<store::GrantKey> due;
  {
    auto db = driver_.databases().borrow();
    due = store::due_refreshes(*db, now, bad_passes_ > 0 ? 1 : most_a_pass);
  }
  if (due.empty()) return false;
  const auto wanted = std::min(at_once, due.size());
  const bool many = due.size() == most_a_pass;
  const auto round = std::make_shared<Round>(std::move(due), stop, wanted);
  for (std::size_t i = 0; i < wanted; ++i) outside_.pool->start(renew_some(round));
  round->at_work.wait();
  if (round->good > 0 || stop()) {
    bad_passes_ = 0;
    return many;
  }
  quiet_until_ = driver_.now() + backoff(bad_passes_++);
  return false;
}

void Refresher::note_use() {
  const auto used = outside_.refreshing->take_used();
  if (used.empty()) return;
  auto db = driver_.databases().borrow();
  store::in_transaction(*db, [&] {
    for (const auto& each : used) store::mark_used(*db, each, ahead_of_end - jitter(ahead_jitter));
  });
}

async::Task<void> Refresher::renew_some(std::shared_ptr<Round> round) {
  for (;;) {
    const auto i = round->next.fetch_add(1);
    if (i >= round->due.size() || round->stop()) break;
    const auto& grant = round->due[i];
    try {
      if (co_await renew(grant)) ++round->good;
    } catch (const std::exception& error) {
      log::error("refresher.failed", {{"connection", grant.connection}, {"what", error.what()}});
    }
  }
  round->at_work.count_down();
}

async::Task<bool> Refresher::renew(store::GrantKey grant) {
  std::optional<store::StoredConnection> connection;
  {
    auto db = driver_.databases().borrow();
    connection = store::find_connection(*db, grant.connection);
  }
  Fresh token = tl::unexpected(NoToken::gone);
  if (connection) {
    const Owner owner{connection->tenant, grant.connection};
    token = co_await tokens_.renew_if_due(owner, grant.version);
  }
  const bool over = !token && (token.error() == NoToken::gone || token.error() == NoToken::ended);
  auto db = driver_.databases().borrow();
  const auto now = driver_.now();
  if (over) {
    store::set_refresh_due(*db, grant, {});
    co_return true;
  }
  const auto known = store::refreshing(*db, grant.connection, grant.version);
  // Another process is at it, perhaps; or its wait has begun anew.
  if (store::is_refresh_due(*db, grant, now)) store::set_refresh_due(*db, grant, now + again_after);
  co_return !known || !is_trouble(known->fault);
}

void Refresher::warn() {
  std::vector<store::GrantKey> due;
  {
    auto db = driver_.databases().borrow();
    due = store::due_warnings(*db, driver_.now(), most_a_pass);
  }
  for (const auto& each : due)
    for_one_of_many("warning.failed", each.connection, [&] { warn_of(each); });
}

void Refresher::warn_of(const store::GrantKey& grant) {
  const auto now = driver_.now();
  const auto connection = driver_.read(grant.connection);
  const auto* live = connect::live_grant(connection.state.connect);
  if (!live || live->version != grant.version || !live->hard_expires) {
    // One that is still being proved is looked at again; of what is over there is nothing to say.
    const bool waits = !live && connection.state.connect.versions == grant.version;
    auto db = driver_.databases().borrow();
    (void)store::set_warning_due(*db, grant, now,
                                 waits ? std::optional(now + proved_after) : std::nullopt);
    return;
  }
  const auto ends = *live->hard_expires;
  try {
    (void)driver_.take(grant.connection, wire::by_time(),
                       connect::GrantAtRisk{grant.version, connect::Ended::expired, ends},
                       [&](store::Database& db, const store::StoredConnection&, const Step&) {
                         if (!store::set_warning_due(db, grant, now, next_warning(ends, now)))
                           throw AlreadyTold{};
                       });
  } catch (const AlreadyTold&) {
    log::debug("warning.told", {{"connection", grant.connection}});
  }
}

}  // namespace rekey::work
