#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/work/importer.hpp"

// What becomes of an import when a list cannot be read.

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

/// Whether no plan lacks it, so that one refusal is probably an odd answer.
bool is_of_each_company(imports::Entity entity) {
  return entity == imports::Entity::company_info || entity == imports::Entity::preferences;
}

Millis wait_after(const oauth::Failure& failure, int attempts) {
  if (failure.retry_after) return *failure.retry_after;
  return failure.meaning == Meaning::throttled ? throttled_for : refresh::pause_after(attempts + 1);
}

}  // namespace

async::Task<Importer::End> Importer::in_trouble(Reading& list, oauth::Failure failure,
                                                std::optional<imports::Stopped> reason) {
  if (failure.meaning == Meaning::list_refused) {
    if (is_of_each_company(list.entity) && attempts_ == 0) {
      Again again(driver_.now() + refresh::pause_after(1));
      again.stepped = stepped_;
      co_return again;
    }
    co_return leave_out(list, imports::reason_to_leave_out(list.entity, clients_.lists));
  }
  log::warning("import.read_failed", {{"connection", owner_.connection},
                                      {"list", std::string(wire::name_of(list.entity))},
                                      {"meaning", std::string(wire::name_of(failure.meaning))},
                                      {"trace", failure.debug}});
  const auto at = driver_.now() + wait_after(failure, attempts_);
  const auto deadline = imports::due(driver_.read(owner_.connection).state.import);
  // A wait that the run does not outlive would end in "timed out", which is not what happened.
  if (!reason && oauth::passes(failure.meaning) && attempts_ + 1 < most_tries && deadline &&
      at < *deadline) {
    Again again(at);
    again.stepped = stepped_;
    co_return again;
  }
  if (!imports::mapping_needs(list.entity, clients_.lists)) {
    const bool alone = co_await concerns_this_list(failure, reason.has_value());
    if (alone) co_return leave_out(list, imports::LeftOut::not_read);
  }
  co_return stop(reason.value_or(stopped_of(failure.meaning)));
}

// Where the provider is in trouble as a whole, there is no use in going on with the next list.
async::Task<bool> Importer::concerns_this_list(const oauth::Failure& failure, bool surely) {
  if (surely || failure.meaning == Meaning::unreadable) co_return true;
  if (failure.meaning != Meaning::unavailable) co_return false;
  const auto read = [this](const AccessToken& token) {
    return clients_.accounting->company(token.realm_id, token.value);
  };
  const auto company = co_await tokens_.read_with_token(owner_, effect_.version, read);
  co_return company.has_value();
}

Importer::End Importer::leave_out(Reading& list, imports::LeftOut reason) {
  log::warning("import.list_left_out", {{"connection", owner_.connection},
                                        {"list", std::string(wire::name_of(list.entity))},
                                        {"reason", std::string(wire::name_of(reason))}});
  const auto place = list_of(list);
  const auto taken =
      driver_.take(owner_.connection, wire::by_provider(),
                   imports::ListRefused{effect_.run, list.entity, reason},
                   [&](store::Database& db, const store::StoredConnection&, const Step& step) {
                     store::drop_staged(db, place);
                     when_done(db, step.next);
                   });
  if (!taken) return End{};  // stopped, skipped, or overtaken by another run
  told(taken->state);
  stepped_ = true;
  attempts_ = 0;
  return End{};
}

Again Importer::stop(imports::Stopped reason) {
  // Where it goes on from the list that does not fit together, that is read from its beginning.
  auto& list = lists_.front();
  const bool anew = reason == imports::Stopped::incomplete && list.walker.has_value();
  const auto place = list_of(list);
  const auto taken = driver_.take(
      owner_.connection, wire::by_provider(), imports::ImportFailed{effect_.run, reason},
      [&](store::Database& db, const store::StoredConnection&, const Step&) {
        imports::Walk walk;
        if (!anew) return;
        walk.counted = walk.counted_before = list.walker->walk().counted;
        walk.pass = 2;
        store::put_walk(db, place, walk);
      });
  if (taken) metrics::import_ended(wire::name_of(reason));
  return {};
}

}  // namespace rekey::work
