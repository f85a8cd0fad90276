#include "native/work/driver.hpp"

#include <stdexcept>

#include "core/overloaded.hpp"
#include "native/store/change_notices.hpp"
#include "native/store/configurations.hpp"
#include "native/store/imported.hpp"
#include "native/store/matching.hpp"
#include "native/store/records.hpp"
#include "native/store/refreshes.hpp"
#include "native/words/words.hpp"
#include "native/work/webhook_messages.hpp"

namespace rekey::work {

using store::Database;
using store::StoredConnection;

namespace {

/// The process that imports comes to it itself within this time, if it lives.
constexpr Millis left_to_the_import = std::chrono::minutes{1};

StoredConnection must_find(Database& db, const std::string& id) {
  auto found = store::find_connection(db, id);
  if (!found) throw NotFound(words::say("not_found.connection_id", {{"connection", id}}));
  return std::move(*found);
}

/// Whether an import has come to its end.
bool is_imported(const State& state) {
  return std::holds_alternative<imports::Done>(state.import.phase);
}

std::vector<wire::Notice> notices_of(const Effects& effects, std::int64_t seq, Instant now) {
  std::vector<wire::Notice> out;
  for (const auto& effect : effects)
    if (const auto* notify = std::get_if<Notify>(&effect))
      out.push_back({seq, now, notify->note, notify->detail});
  return out;
}

/// What was imported follows the machine: an import that is done changes all lists at once, and
/// what one that is given up has read is dropped.
void keep_imported_in_step(Database& db, const StoredConnection& before, const Event& event,
                           const State& next, Instant now) {
  const auto* done = std::get_if<imports::Done>(&next.import.phase);
  const bool ran = std::holds_alternative<imports::Running>(before.state.import.phase);
  if (std::holds_alternative<imports::CancelImportPressed>(event)) {
    store::drop_staged(db, before.id);
  } else if (done && ran) {
    const auto* company = connect::known_company(next.connect);
    std::vector<store::ListRead> read;
    for (const auto& each : done->progress)
      if (!each.left_out) read.push_back({each.entity, each.done + each.set_aside, each.done});
    if (company) store::use_staged(db, before.id, company->realm_id, read, now);
    // A skip ends an import while it is read, perhaps with changes in hand that were to come into
    // use with it.
    if (std::holds_alternative<imports::SkipListPressed>(event))
      store::note_changes(db, before.id, {}, now + left_to_the_import);
  }
}

}  // namespace

Driver::Driver(std::shared_ptr<store::Databases> databases,
               std::shared_ptr<const SecretStore> secrets, std::shared_ptr<Hub> hub, Clock clock)
    : databases_(std::move(databases)),
      secrets_(std::move(secrets)),
      hub_(std::move(hub)),
      clock_(std::move(clock)) {}

Effects Driver::perform_writes(Database& db, const StoredConnection& before, const Step& step,
                               Instant now) {
  Effects jobs;
  const Owner owner{before.tenant, before.id};
  const auto queue = [&](const auto& effect) { jobs.push_back(effect); };
  const auto perform =
      Overloaded{[&](const TakeSnapshot&) {
                   if (const auto* company = connect::known_company(before.state.connect))
                     store::take_snapshot(db, before.id, company->realm_id, now);
                 },
                 [&](const Forget& effect) {
                   secrets_->forget(db, owner, effect.version);
                   store::stop_refreshing(db, {before.id, effect.version});
                 },
                 [](const Notify&) {},    // stored with the step
                 [](const Redirect&) {},  // in the answer to the request that took the step
                 [&](const ExchangeCode& effect) { queue(effect); },
                 [&](const ProveCompany& effect) { queue(effect); },
                 [&](const Revoke& effect) {
                   store::stop_refreshing(db, {before.id, effect.version});
                   queue(effect);
                 },
                 [&](const RetireLegacy& effect) { queue(effect); },
                 [&](const RunImport& effect) { queue(effect); },
                 [&](const StoreConfiguration& effect) { queue(effect); }};
  for (const auto& effect : step.effects) std::visit(perform, effect);
  return jobs;
}

Take Driver::take_within(Database& db, const std::string& connection, const wire::Actor& actor,
                         const Event& event, const InSameTransaction& in_same_transaction) {
  const auto now = clock_();
  const auto before = must_find(db, connection);
  const auto next = step(before.state, event, now);
  if (next.refused) {
    // Earlier versions waited for the end of each grant, too: it must not be due again and again.
    if (std::holds_alternative<TimeReached>(event)) store::put_due_right(db, before);
    return tl::unexpected(*next.refused);
  }
  if (in_same_transaction) in_same_transaction(db, before, next);
  keep_imported_in_step(db, before, event, next.next, now);
  const auto jobs = perform_writes(db, before, next, now);
  Taken taken{before.seq + 1, next.next, notices_of(next.effects, before.seq + 1, now),
              next.effects};
  // Undone, and tried again from the start.
  if (!store::append_step(db, before, actor, event, next.next, taken.notices, jobs, now))
    throw store::DatabaseError(
        words::say("database.overtaken.connection", {{"connection", connection}}),
        store::DatabaseError::Kind::overtaken);
  note_webhooks(db, before, next.next, actor, taken.notices);
  if (!is_imported(before.state) && is_imported(next.next))
    store::ask_matching(db, connection, now);
  return taken;
}

Take Driver::take(const std::string& connection, const wire::Actor& actor, const Event& event,
                  const InSameTransaction& in_same_transaction) {
  auto taken = [&] {
    auto db = databases_->borrow();
    return store::in_transaction(
        *db, [&] { return take_within(*db, connection, actor, event, in_same_transaction); });
  }();
  if (taken) tell(connection);
  return taken;
}

void Driver::tell(const std::string& connection) {
  hub_->tell(connection);
  wake_workers();
}

StoredConnection Driver::read(const std::string& connection) {
  auto db = databases_->borrow();
  return must_find(*db, connection);
}

std::uint64_t Driver::woken() {
  const std::lock_guard lock(mutex_);
  return woken_;
}

void Driver::wait_for_work(std::uint64_t seen, Instant until, const std::function<bool()>& stop) {
  std::unique_lock lock(mutex_);
  const auto span = std::max(Millis{0}, until - clock_());
  work_.wait_for(lock, span, [&] { return woken_ != seen || stop(); });
}

void Driver::wake_workers() {
  const std::lock_guard lock(mutex_);
  ++woken_;
  work_.notify_all();
}

}  // namespace rekey::work
