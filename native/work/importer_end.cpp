#include "native/log.hpp"
#include "native/work/importer.hpp"

// How the reading of a list ends: it is counted afresh, read once more where that does not agree,
// and what is gone is noted.

namespace rekey::work {

namespace {

using Verdict = imports::Walker::Verdict;

constexpr int carried_in_one_bite = 500;
// Between two bites, for others who write.
constexpr Millis pause_to_write{5};

/// A list that cannot be read to its end.
oauth::Failure never_complete(bool positions_ignored) {
  return {oauth::Meaning::unreadable,
          false,
          {},
          positions_ignored ? "every page is the first one: positions are not heeded"
                            : "rows move, and there are fewer than were counted"};
}

}  // namespace

async::Task<Importer::End> Importer::judge(Reading& list) {
  const auto counted = ahead_.count(list.entity);
  fill(&list);  // what comes after it, meanwhile
  const auto count = co_await arrival(counted);
  if (!*count) {
    auto end = co_await in_trouble(list, count->error());
    co_return end;
  }
  store::Staged staged;
  {
    auto db = driver_.databases().borrow();
    staged = store::count_staged(*db, list_of(list), list.staged);
  }
  list.rows = staged.rows;
  catches_up_ = true;
  const auto verdict = list.walker->judge(**count, staged.rows + staged.set_aside);
  if (verdict == Verdict::complete) {
    auto end = co_await finish(list);
    co_return end;
  }
  start_over_from_walk(list);
  if (verdict == Verdict::go_on) co_return End{};
  const auto& walk = list.walker->walk();
  log::info("import.list_not_complete", {{"connection", owner_.connection},
                                         {"list", std::string(wire::name_of(list.entity))},
                                         {"counted", walk.counted},
                                         {"rows", staged.rows},
                                         {"pass", walk.pass}});
  if (verdict == Verdict::again) {
    drop_ahead_of(list);
    begin_another_pass(list);
    co_return End{};
  }
  const bool ignored = verdict == Verdict::ignored;
  auto end =
      co_await in_trouble(list, never_complete(ignored),
                          ignored ? imports::Stopped::unreadable : imports::Stopped::incomplete);
  co_return end;
}

void Importer::begin_another_pass(const Reading& list) {
  std::optional<State> after;
  {
    auto db = driver_.databases().borrow();
    store::in_transaction(*db, [&] {
      after.reset();
      store::forget_set_aside(*db, list_of(list), list.staged);
      store::put_walk(*db, list_of(list), list.walker->walk());
      (void)tell(*db, list, list.walker->walk(), list.rows, false, after);
    });
  }
  told(after);
}

async::Task<Importer::End> Importer::finish(Reading& list) {
  auto& pool = *clients_.pool;
  for (std::optional<std::string> after = list.by_changes ? std::nullopt : std::optional("");
       after;) {
    {
      auto db = driver_.databases().borrow();
      after = store::in_transaction(*db, [&] {
        return store::carry_gone(*db, list_of(list), list.staged, *after, driver_.now(),
                                 carried_in_one_bite);
      });
    }
    if (after) co_await pool.sleep(pause_to_write);
  }
  std::optional<State> after;
  const bool goes_on = [&] {
    auto db = driver_.databases().borrow();
    return store::in_transaction(*db, [&] {
      after.reset();
      // What another run has read of it is not what is to be used.
      if (list.by_changes) store::drop_staged(*db, list_of(list));
      const auto walk = list.walker ? list.walker->walk() : imports::Walk{};
      return tell(*db, list, walk, list.rows, true, after);
    });
  }();
  if (!goes_on) co_return End{};
  stepped_ = true;
  attempts_ = 0;
  told(after);
  co_return End{};
}

}  // namespace rekey::work
