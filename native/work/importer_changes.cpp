#include <algorithm>
#include <stdexcept>

#include "native/log.hpp"
#include "native/store/change_notices.hpp"
#include "native/work/importer.hpp"

// A company that was imported before is not read as a whole again where the provider can tell what
// changed; and what is left to do when an import is done.

namespace rekey::work {

namespace {

/// Others read what changed when the process that imported has not done so within this time.
constexpr Millis looked_at_by_others = std::chrono::minutes{1};
constexpr int swept_at_once = 500;
// Between two bites, for others who write.
constexpr Millis pause_for_others{5};

}  // namespace

bool Importer::is_fresh(const State& state) const {
  const auto& progress = std::get<imports::Running>(state.import.phase).progress;
  return lists_.size() == progress.size() &&
         std::none_of(lists_.begin(), lists_.end(), [](const Reading& each) { return each.begun; });
}

async::Task<void> Importer::take_changes() {
  std::vector<imports::Entity> entities;
  for (const auto& each : lists_)
    if (clients_.accounting->tells_changes(each.entity) > Millis{0})
      entities.push_back(each.entity);
  if (entities.empty()) co_return;
  auto found = co_await find_changes(driver_, clients_, tokens_, owner_, effect_.version, entities);
  if (!found) {
    // Then everything is read.
    log::info("import.changes_not_told",
              {{"connection", owner_.connection}, {"trace", found.error().debug}});
    co_return;
  }
  changes_.time = found->changes.time;
  for (auto& each : lists_)
    if (found->changes.lists.contains(each.entity) && !each.count)
      each.count = ahead_.count(each.entity);
  for (auto& each : lists_) {
    const auto at = found->changes.lists.find(each.entity);
    if (at != found->changes.lists.end()) co_await take_changes_of(each, at->second);
  }
}

// Only where that gives as many rows as the provider has.
async::Task<void> Importer::take_changes_of(Reading& list,
                                            const std::vector<store::ListChange>& changes) {
  // (The count stays where it is: it is needed if the list is read after all.)
  const auto count = co_await arrival(list.count);
  if (!*count) co_return;
  auto db = driver_.databases().borrow();
  const auto state = store::list_state(*db, list_of(list));
  const auto rows = store::rows_after(*db, list_of(list), changes);
  if (!state || rows + state->set_aside != **count) co_return;
  list.by_changes = true;
  list.rows = rows;
  changes_.lists[list.entity] = changes;
}

// Lists all change at once; and of those whose rows may have changed while others were read it is
// noted that they are to be looked at, by another process should this one end before.
void Importer::when_done(store::Database& db, const State& next) const {
  if (!std::holds_alternative<imports::Done>(next.import.phase)) return;
  const auto now = driver_.now();
  apply_company_changes(db, owner_.connection, realm_id_, changes_, now);
  if (catches_up_) store::note_changes(db, owner_.connection, {}, now + looked_at_by_others);
}

// What is left to do when the import is over. A person's skip may have ended it, with changes in
// hand that were to come into use with the rest: they are read again.
async::Task<void> Importer::end(State state) {
  if (stepped_) co_await sweep();
  const bool done = std::holds_alternative<imports::Done>(state.import.phase);
  if (done && (catches_up_ || !changes_.lists.empty())) co_await catch_up();
}

// Rows that changed while others were read. What cannot be told now stays noted.
async::Task<void> Importer::catch_up() {
  try {
    const auto read = co_await read_changes(driver_, clients_, tokens_, owner_.connection);
    if (!read) {
      log::info("import.changes_not_told",
                {{"connection", owner_.connection}, {"trace", read.error().debug}});
      co_return;
    }
    auto db = driver_.databases().borrow();
    store::in_transaction(*db, [&] {
      store::changes_are_read(*db, {owner_.connection, 0, {}}, driver_.now());
    });
  } catch (const NotFound&) {
    // Deleted meanwhile.
  }
}

// What was in use before goes, a few rows at a time; what is left over when the process ends is
// found by the retention.
async::Task<void> Importer::sweep() {
  while (!place_.stop()) {
    {
      auto db = driver_.databases().borrow();
      if (store::sweep_imported(*db, owner_.connection, swept_at_once) == 0) co_return;
    }
    co_await clients_.pool->sleep(pause_for_others);
  }
}

}  // namespace rekey::work
