#include "native/work/refresher.hpp"

#include <algorithm>
#include <atomic>
#include <latch>

#include "native/log.hpp"
#include "native/work/dice.hpp"
#include "native/work/one_of_many.hpp"

namespace rekey::work {

namespace {

using refresh::Meaning;

constexpr int most_a_pass = 64;
// They cost a socket each while they wait, and next to no time.
constexpr std::size_t at_once = 16;

/// Whether a grant could not be renewed because of the provider or of us, and not of itself alone.
bool is_trouble(const refresh::State& state) {
  const auto* held = refresh::standing<refresh::HeldBack>(state.phase);
  return held && held->meaning != Meaning::grant_ended;
}

}  // namespace

/// What several do of one pass.
struct Refresher::Round {
  Round(std::vector<store::GrantKey> all, std::function<bool()> ends, Work each, std::size_t many)
      : grants(std::move(all)),
        stop(std::move(ends)),
        work(std::move(each)),
        at_work(static_cast<std::ptrdiff_t>(many)) {}
  std::vector<store::GrantKey> grants;
  std::function<bool()> stop;
  Work work;
  std::latch at_work;
  std::atomic<std::size_t> next{0};
  std::atomic<int> good{0};
};

bool Refresher::pass(const std::function<bool()>& stop) {
  note_use();
  warn();
  look_again(stop);
  const auto now = driver_.now();
  // A wait longer than any of ours means that the clock was set back.
  if (now < quiet_until_ && quiet_until_ - now <= refresh::policy::longest_pause) return false;
  std::vector<store::GrantKey> due;
  {
    auto db = driver_.databases().borrow();
    due = store::due_refreshes(*db, now, bad_passes_ > 0 ? 1 : most_a_pass);
  }
  if (due.empty()) return false;
  const bool many = due.size() == most_a_pass;
  const int good =
      do_all(std::move(due), stop, [this](store::GrantKey each) { return renew(std::move(each)); });
  if (good > 0 || stop()) {
    bad_passes_ = 0;
    return many;
  }
  quiet_until_ = driver_.now() + refresh::pause_after(++bad_passes_);
  return false;
}

int Refresher::do_all(std::vector<store::GrantKey> grants, const std::function<bool()>& stop,
                      Work work) {
  const auto wanted = std::min(at_once, grants.size());
  const auto round = std::make_shared<Round>(std::move(grants), stop, std::move(work), wanted);
  for (std::size_t i = 0; i < wanted; ++i) clients_.pool->start(do_some(round));
  round->at_work.wait();
  return round->good;
}

async::Task<void> Refresher::do_some(std::shared_ptr<Round> round) {
  for (;;) {
    const auto i = round->next.fetch_add(1);
    if (i >= round->grants.size() || round->stop()) break;
    const auto& grant = round->grants[i];
    try {
      if (co_await round->work(grant)) ++round->good;
    } catch (const std::exception& error) {
      log::error("refresher.failed", {{"connection", grant.connection}, {"what", error.what()}});
    }
  }
  round->at_work.count_down();
}

// Most are as they should be, and nothing is written for those.
void Refresher::note_use() {
  auto used = clients_.refreshing->take_used();
  if (used.empty()) return;
  const auto is_early = [db = driver_.databases().borrow(), now = driver_.now()](const auto& each) {
    const auto row = store::refresh_row(*db, each);
    return row && !refresh::step(row->state, refresh::Used{}, now).refused;
  };
  used.erase(
      std::remove_if(used.begin(), used.end(), [&](const auto& each) { return !is_early(each); }),
      used.end());
  for (const auto& each : used)
    for_one_of_many("use.not_noted", each.connection,
                    [&] { (void)keeper_.move(each, refresh::Used{roll_dice()}); });
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
  auto db = driver_.databases().borrow();
  if (!token && token.error() == NoToken::gone) {
    store::stop_refreshing(*db, grant);
    co_return true;
  }
  const auto known = store::refresh_row(*db, grant);
  co_return !known || !is_trouble(known->state);
}

void Refresher::look_again(const std::function<bool()>& stop) {
  std::vector<store::GrantKey> due;
  {
    auto db = driver_.databases().borrow();
    due = store::due_looks(*db, driver_.now(), most_a_pass);
  }
  if (due.empty()) return;
  do_all(std::move(due), stop, [this](store::GrantKey each) { return look(std::move(each)); });
}

async::Task<bool> Refresher::look(store::GrantKey grant) {
  std::optional<store::StoredConnection> connection;
  std::optional<store::RefreshRow> row;
  {
    auto db = driver_.databases().borrow();
    connection = store::find_connection(*db, grant.connection);
    row = store::refresh_row(*db, grant);
  }
  const auto* live = connection ? connect::live_grant(connection->state.connect) : nullptr;
  if (!live || live->version != grant.version || !row) {
    auto db = driver_.databases().borrow();
    store::stop_refreshing(*db, grant);
    co_return true;
  }
  const auto read = [&](const AccessToken& token) {
    return clients_.accounting->company(token.realm_id, token.value);
  };
  const Owner owner{connection->tenant, grant.connection};
  const auto company = co_await tokens_.read_with_token(owner, grant.version, read);
  // What says nothing about the grant puts the next look off.
  if (!company && !concerns_access(company.error().meaning, true))
    (void)keeper_.move(grant, refresh::AccessAnswered{company.error().meaning, row->state.revision,
                                                      false, roll_dice()});
  co_return company.has_value();
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
  const auto event = [&](store::Database& db, const store::RefreshRow&) {
    refresh::WarnReached out;
    const auto connection = store::find_connection(db, grant.connection);
    if (!connection) return refresh::Event(out);
    const auto& state = connection->state.connect;
    const auto* live = connect::live_grant(state);
    if (live && live->version == grant.version) out.hard_expires = live->hard_expires;
    out.proving = !live && state.versions == grant.version;
    return refresh::Event(out);
  };
  (void)keeper_.move(grant, event, {}, wire::by_time());
}

}  // namespace rekey::work
