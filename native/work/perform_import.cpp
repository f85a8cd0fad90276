#include <algorithm>

#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/store/imported.hpp"
#include "native/work/perform.hpp"

// The settings import: entity after entity, page after page. Each page and the event that tells of
// it are one transaction, so an import that was cut off goes on after the last page that was
// stored, and a page that is read twice does no harm.

namespace rekey::work {

namespace {

using oauth::Meaning;

constexpr int most_tries = 5;
/// Providers count calls by the minute.
constexpr Millis throttled_for = std::chrono::minutes{1};

imports::Stopped stopped_of(Meaning meaning) {
  switch (meaning) {
    case Meaning::throttled:
    case Meaning::unavailable:
    case Meaning::stale_token:  // after a renewal that succeeded: the API is in trouble
      return imports::Stopped::unreachable;
    case Meaning::unreadable:
      return imports::Stopped::unreadable;
    case Meaning::alive:
    case Meaning::grant_ended:
    case Meaning::rights_lost:
    case Meaning::company_lapsed:
    case Meaning::misconfigured:
    case Meaning::list_refused:
      break;
  }
  return imports::Stopped::refused;
}

Millis wait_after(const oauth::Failure& failure, int attempts) {
  if (failure.retry_after) return *failure.retry_after;
  return failure.meaning == Meaning::throttled ? throttled_for : refresh::pause_after(attempts + 1);
}

void count_end(const State& state) {
  if (std::holds_alternative<imports::Done>(state.import.phase)) metrics::import_ended("finished");
  if (const auto* failed = std::get_if<imports::Failed>(&state.import.phase))
    metrics::import_ended(wire::name_of(failed->reason));
}

}  // namespace

Again Performer::import_failed(const Owner& owner, const RunImport& effect, int attempts,
                               const oauth::Failure& failure, bool stepped) {
  log::warning("import.read_failed", {{"connection", owner.connection},
                                      {"meaning", std::string(wire::name_of(failure.meaning))},
                                      {"trace", failure.debug}});
  const auto at = driver_.now() + wait_after(failure, attempts);
  const auto deadline = imports::due(driver_.read(owner.connection).state.import);
  // A wait that the run does not outlive would end in "timed out", which is not what happened.
  if (oauth::passes(failure.meaning) && attempts + 1 < most_tries && deadline && at < *deadline) {
    Again again(at);
    again.stepped = stepped;
    return again;
  }
  const auto taken = driver_.take(owner.connection, wire::by_provider(),
                                  imports::ImportFailed{effect.run, stopped_of(failure.meaning)});
  if (taken) count_end(taken->state);
  return {};
}

bool Performer::leave_out(const Owner& owner, const RunImport& effect, imports::Entity entity,
                          const oauth::Failure& failure) {
  log::warning("import.list_left_out", {{"connection", owner.connection},
                                        {"list", std::string(wire::name_of(entity))},
                                        {"trace", failure.debug}});
  const auto taken =
      driver_.take(owner.connection, wire::by_provider(),
                   imports::ListRefused{effect.run, entity, imports::reason_to_leave_out(entity)});
  if (taken) count_end(taken->state);
  return taken.has_value();
}

std::int64_t Performer::page_size() const {
  return std::min(clients_.import_page_size, clients_.accounting->most_rows());
}

async::Task<accounting::Read<Performer::ImportPage>> Performer::next_page(Owner owner,
                                                                          std::int64_t version,
                                                                          imports::Progress at) {
  ImportPage out;
  if (at.total) {
    out.total = *at.total;
  } else {
    const auto count = [&](const AccessToken& token) {
      return clients_.accounting->count(at.entity, token.realm_id, token.value);
    };
    const auto counted = co_await tokens_.read_with_token(owner, version, count);
    if (!counted) co_return tl::unexpected(counted.error());
    out.total = *counted;
  }
  const auto read = [&](const AccessToken& token) {
    out.realm_id = token.realm_id;
    return clients_.accounting->page(at.entity, token.realm_id, token.value, at.done + 1,
                                     page_size());
  };
  auto rows = co_await tokens_.read_with_token(owner, version, read);
  if (!rows) co_return tl::unexpected(rows.error());
  out.rows = std::move(*rows);
  co_return out;
}

bool Performer::keep_page(const Owner& owner, const RunImport& effect, const imports::Progress& at,
                          const ImportPage& page) {
  const auto rows = static_cast<std::int64_t>(page.rows.size());
  // A page shorter than asked for is the last one.
  const bool finished = rows < page_size();
  const auto done = at.done + rows;
  const auto taken =
      driver_.take(owner.connection, wire::by_provider(),
                   imports::PageImported{effect.run, at.entity, done,
                                         finished ? done : std::max(done, page.total), finished},
                   [&](store::Database& db, const store::StoredConnection&, const Step& step) {
                     const store::List list{owner.connection, page.realm_id, at.entity};
                     if (at.done == 0) store::begin_list(db, list, effect.run, {});
                     const auto staged = store::list_state(db, list)->staged.value_or(effect.run);
                     store::put_staged(db, list, staged, at.done, page.rows, driver_.now());
                     const auto* over = std::get_if<imports::Done>(&step.next.import.phase);
                     if (!over) return;
                     std::vector<store::ListRead> read;
                     for (const auto& each : over->progress)
                       if (!each.left_out) read.push_back({each.entity, each.done});
                     store::use_staged(db, owner.connection, page.realm_id, read, driver_.now());
                   });
  if (!taken) return false;
  metrics::import_page(rows);
  count_end(taken->state);
  return true;
}

async::Task<Again> Performer::run_import(const Owner& owner, const RunImport& effect, int attempts,
                                         const Place& place) {
  for (bool stepped = false;; stepped = true) {
    const auto connection = driver_.read(owner.connection);
    if (!wanted(connection.state, effect)) co_return Again{};
    if (place.stop() || (stepped && place.others())) {
      Again again(driver_.now());
      again.stepped = true;
      co_return again;
    }
    const auto& running = std::get<imports::Running>(connection.state.import.phase);
    const auto* next = imports::next_entity(running.progress);
    if (!next) co_return Again{};
    const auto at = *next;
    const auto page = co_await next_page(owner, effect.version, at);
    const bool refused = !page && page.error().meaning == Meaning::list_refused;
    if (!page && !refused) co_return import_failed(owner, effect, attempts, page.error(), stepped);
    const bool went_on = refused ? leave_out(owner, effect, at.entity, page.error())
                                 : keep_page(owner, effect, at, *page);
    if (!went_on) co_return Again{};  // stopped, or overtaken by another run
    attempts = 0;
  }
}

}  // namespace rekey::work
