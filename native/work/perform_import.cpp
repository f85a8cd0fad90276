#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/store/records.hpp"
#include "native/work/perform.hpp"

// The settings import: entity after entity, page after page. Each page and the event that tells of
// it are one transaction, so an import that was cut off goes on after the last page that was
// stored, and a page that is read twice does no harm.

namespace rekey::work {

namespace {

constexpr int most_tries = 5;
// Intuit counts by the minute.
constexpr Millis throttled_pause = std::chrono::minutes{1};

imports::Stopped stopped_of(oauth::Meaning meaning) {
  if (meaning == oauth::Meaning::unreadable) return imports::Stopped::unreadable;
  return oauth::passes(meaning) ? imports::Stopped::unreachable : imports::Stopped::refused;
}

void count_page(const Taken& taken, std::int64_t rows) {
  metrics::import_page(rows);
  if (std::holds_alternative<imports::Done>(taken.state.import.phase))
    metrics::import_ended("finished");
}

}  // namespace

Again Performer::import_failed(const Owner& owner, const RunImport& effect, int attempts,
                               const oauth::Failure& failure, bool stepped) {
  log::warning("import.read_failed", {{"connection", owner.connection},
                                      {"fault", std::string(wire::name_of(failure.meaning))},
                                      {"trace", failure.debug}});
  if (oauth::passes(failure.meaning) && attempts + 1 < most_tries) {
    const bool throttled = failure.meaning == oauth::Meaning::throttled;
    const auto pause = throttled ? throttled_pause : refresh::pause_after(attempts + 1);
    Again again(driver_.now() + failure.retry_after.value_or(pause));
    again.stepped = stepped;
    return again;
  }
  metrics::import_ended(wire::name_of(stopped_of(failure.meaning)));
  (void)driver_.take(owner.connection, wire::by_provider(),
                     imports::ImportFailed{effect.run, stopped_of(failure.meaning)});
  return {};
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
    const auto entity = next->entity;
    const auto done = next->done;
    std::int64_t total = next->total.value_or(0);
    if (!next->total) {
      const auto count = [&](const AccessToken& token) {
        return outside_.accounting->count(entity, token.realm_id, token.value);
      };
      const auto counted = co_await tokens_.read_with_token(owner, effect.version, count);
      if (!counted) co_return import_failed(owner, effect, attempts, counted.error(), stepped);
      total = *counted;
    }
    std::string realm_id;
    const auto read = [&](const AccessToken& token) {
      realm_id = token.realm_id;
      return outside_.accounting->page(entity, token.realm_id, token.value, done + 1,
                                       outside_.import_page_size);
    };
    const auto page = co_await tokens_.read_with_token(owner, effect.version, read);
    if (!page) co_return import_failed(owner, effect, attempts, page.error(), stepped);
    const auto rows = static_cast<std::int64_t>(page->size());
    // A page shorter than asked for is the last one.
    const bool finished = rows < outside_.import_page_size;
    const auto now_done = done + rows;
    const auto taken = driver_.take(
        owner.connection, wire::by_provider(),
        imports::PageImported{effect.run, entity, now_done,
                              finished ? now_done : std::max(now_done, total), finished},
        [&](store::Database& db, const store::StoredConnection&, const Step&) {
          if (done == 0) store::drop_imported(db, owner.connection, realm_id, entity);
          store::put_imported(db, owner.connection, realm_id, entity, effect.run, done, *page);
        });
    if (!taken) co_return Again{};  // stopped, or overtaken by another run
    count_page(*taken, rows);
    attempts = 0;
  }
}

}  // namespace rekey::work
