#include "native/work/importer.hpp"

#include <algorithm>
#include <stdexcept>

#include "native/log.hpp"
#include "native/metrics/metrics.hpp"

namespace rekey::work {

namespace {

using imports::Walker;

/// As many as the provider answers at once without complaint (Intuit: limits and throttles).
constexpr std::size_t pages_at_once = 10;
/// So many of one import are on their way or wait to be stored.
constexpr std::size_t pages_in_hand = 16;
/// Where so few rows are in use, those that are gone are found in the transaction of the last page.
constexpr std::int64_t few_rows = 2000;
constexpr int carried_at_once = 500;
constexpr Millis longest_pause_to_write{100};

imports::PageRead read_of(const imports::PageAsk& ask, const accounting::Page& page) {
  const auto has_place = [&](std::int64_t at) {
    return std::any_of(page.misfits.begin(), page.misfits.end(),
                       [&](const imports::Misfit& each) { return each.at == at; });
  };
  imports::PageRead out{ask, page.size(), static_cast<std::int64_t>(page.rows.size())};
  if (page.rows.empty()) return out;
  if (!has_place(0)) out.first = page.rows.front().id;
  if (!has_place(page.size() - 1)) out.last = page.rows.back().id;
  return out;
}

std::vector<store::SetAside> set_aside_of(const imports::PageAsk& ask,
                                          const accounting::Page& page) {
  std::vector<store::SetAside> out;
  for (const auto& each : page.misfits)
    out.push_back({ask.start + each.at, "", std::string(wire::name_of(each.reason)), each.name});
  return out;
}

void count_end(const State& state) {
  if (std::holds_alternative<imports::Done>(state.import.phase)) metrics::import_ended("finished");
  if (const auto* failed = std::get_if<imports::Failed>(&state.import.phase))
    metrics::import_ended(wire::name_of(failed->reason));
}

const imports::Progress* progress_of(const State& state, imports::Entity entity) {
  const auto* running = std::get_if<imports::Running>(&state.import.phase);
  const auto* at = running ? imports::next_entity(running->progress) : nullptr;
  return at && at->entity == entity ? at : nullptr;
}

}  // namespace

Importer::Importer(Driver& driver, const ProviderClients& clients, const Tokens& tokens,
                   Owner owner, const RunImport& effect, Place place)
    : driver_(driver),
      clients_(clients),
      tokens_(tokens),
      owner_(std::move(owner)),
      effect_(effect),
      place_(std::move(place)),
      ahead_(tokens, clients, owner_, effect.version) {}

store::List Importer::list_of(const Reading& list) const {
  return {owner_.connection, realm_id_, list.entity};
}

std::int64_t Importer::page_size() const {
  return std::min(clients_.import_page_size, clients_.accounting->most_rows());
}

async::Task<Again> Importer::run(int attempts) {
  attempts_ = attempts;
  for (bool first = true;; first = false) {
    const auto connection = driver_.read(owner_.connection);
    if (!wanted(connection.state, effect_)) {
      co_await end(connection.state);
      co_return Again{};
    }
    const bool ends = place_.stop();
    const bool others = !ends && place_.others();
    // With changes in hand it is soon over, and stepping back would lose them.
    if (ends || (stepped_ && others && changes_.lists.empty())) {
      Again again(driver_.now());
      again.stepped = true;
      co_return again;
    }
    if (!follow(connection.state)) co_return Again{};
    if (first && is_fresh(connection.state))
      co_await take_changes();
    else if (first)
      catches_up_ = true;
    alone_ = !others;
    const auto end = co_await go_on();
    if (end) co_return *end;
  }
}

// Makes the lists those that the machine has still to be told of: what is finished goes, and a
// person may have skipped some. (Nobody else takes a list away, so that it is there while it is
// worked with.)
bool Importer::follow(const State& state) {
  const auto& running = std::get<imports::Running>(state.import.phase);
  const auto* company = connect::known_company(state.connect);
  if (!company) return false;
  realm_id_ = company->realm_id;
  std::deque<Reading> lists;
  lists.swap(lists_);
  for (const auto& each : running.progress) {
    if (each.finished) continue;
    const auto at = std::find_if(lists.begin(), lists.end(),
                                 [&](const Reading& list) { return list.entity == each.entity; });
    if (at != lists.end())
      lists_.push_back(std::move(*at));
    else
      add_list(each);
  }
  return !lists_.empty();
}

void Importer::add_list(const imports::Progress& at) {
  Reading list;
  list.entity = at.entity;
  list.staged = effect_.run;
  if (at.done > 0 || at.read_again > 0 || at.set_aside > 0) {
    auto db = driver_.databases().borrow();
    const auto state = store::list_state(*db, list_of(list));
    if (state && state->staged && state->walk) {
      list.staged = *state->staged;
      list.rows = store::count_staged(*db, list_of(list), list.staged).rows;
      list.ahead = state->walk->next;
      list.begun = true;
      list.walker.emplace(*state->walk, page_size());
    }
  }
  lists_.push_back(std::move(list));
}

Importer::Room Importer::room() const {
  Room taken;
  for (const auto& list : lists_)
    for (const auto& each : list.pages) {
      ++taken.pages;
      if (!each.is_there()) ++taken.calls;
    }
  const Room most = alone_ ? Room{pages_at_once, pages_in_hand} : Room{1, 1};
  return {most.calls - std::min(most.calls, taken.calls),
          most.pages - std::min(most.pages, taken.pages)};
}

// Asks for as much as there is room for, of this list and of those after it, `but` for one.
void Importer::fill(const Reading* but) {
  auto left = room();
  bool first = true;
  for (auto& each : lists_) {
    if (!first && (left.calls == 0 || left.pages == 0)) return;
    if (&each != but) fill_list(each, first, left);
    first = false;
  }
}

// Has the records counted; where the answer is there, it is known how many pages there are.
void Importer::ask_count(Reading& list) {
  if (list.walker || !clients_.accounting->is_counted(list.entity)) return;
  if (!list.count) list.count = ahead_.count(list.entity);
  const auto there = list.count->there();
  if (there && **there) begin_walk_of(list, ***there);
}

void Importer::fill_list(Reading& list, bool first, Room& room) {
  if (list.by_changes) return;
  ask_count(list);
  const auto most = list.narrow || !list.walker ? std::size_t{1} : pages_in_hand;
  while (list.pages.size() < most) {
    const bool needed = first && list.pages.empty();  // without it, nothing goes on
    const bool fits = room.calls > 0 && room.pages > 0 && ahead_.has_room();
    if (!needed && !fits) return;
    if (!list.pages.empty() && list.ahead > list.walker->walk().counted) return;
    const auto ask = list.walker ? list.walker->ask(list.ahead) : imports::PageAsk{1, page_size()};
    list.pages.push_back({ask, ahead_.page(list.entity, ask)});
    list.ahead = ask.end();
    room.calls -= std::min<std::size_t>(room.calls, 1);
    room.pages -= std::min<std::size_t>(room.pages, 1);
  }
}

void Importer::start_over_from_walk(Reading& list) const {
  list.pages.clear();
  list.ahead = list.walker->walk().next;
}

// A list that is gone through again needs the room that later ones have taken.
void Importer::drop_ahead_of(const Reading& list) {
  for (auto& each : lists_)
    if (&each != &list && each.walker && !each.pages.empty()) start_over_from_walk(each);
}

async::Task<Importer::End> Importer::go_on() {
  auto& list = lists_.front();
  if (list.by_changes) {
    auto end = co_await finish(list);
    co_return end;
  }
  fill();
  if (!list.walker) {
    auto end = co_await begin_walk(list);
    if (end || !list.walker) co_return end;
    fill();
  }
  auto flight = std::move(list.pages.front());
  list.pages.pop_front();
  auto end = co_await take_page(list, std::move(flight));
  co_return end;
}

async::Task<Importer::End> Importer::begin_walk(Reading& list) {
  std::int64_t counted = 1;
  if (list.count) {
    const auto count = co_await arrival(list.count);
    if (!*count) {
      list.count.reset();
      auto end = co_await in_trouble(list, count->error());
      co_return end;
    }
    counted = **count;
  }
  begin_walk_of(list, counted);
  co_return End{};
}

void Importer::begin_walk_of(Reading& list, std::int64_t counted) const {
  imports::Walk walk;
  walk.counted = walk.counted_before = counted;
  list.walker.emplace(walk, page_size());
  list.count.reset();
}

async::Task<Importer::End> Importer::take_page(Reading& list, Flight flight) {
  auto page = co_await arrival(flight.ahead.page);
  if (!*page) {
    auto end = co_await in_trouble(list, page->error());
    co_return end;
  }
  const auto read = read_of(flight.ask, **page);
  if (list.walker->fit(read) == Walker::Fit::moved) {
    log::info("import.rows_moved", {{"connection", owner_.connection},
                                    {"list", std::string(wire::name_of(list.entity))},
                                    {"position", flight.ask.start}});
    start_over_from_walk(list);
    drop_ahead_of(list);
    co_return End{};
  }
  auto kept = co_await keep_in_turn(list, read, **page);
  page.reset();
  flight.ahead = {};
  if (kept.over) co_return End{};  // stopped, skipped, or overtaken by another run
  stepped_ = true;
  attempts_ = 0;
  metrics::import_page(read.rows);
  told(kept.after);
  list.walker = std::move(kept.walker);
  list.rows += kept.fresh;
  list.begun = true;
  list.narrow = read.size < flight.ask.most;
  if (kept.finished) co_return End{};
  if (kept.next == Walker::Next::ask_anew) start_over_from_walk(list);
  if (kept.next != Walker::Next::judge) co_return End{};
  auto end = co_await judge(list);
  co_return end;
}

// Whether the page that was just put is the whole list, as it was counted when it was asked for.
bool Importer::is_known_complete(store::Database& db, const Reading& list, Walker::Next next,
                                 Walker& walker, std::int64_t rows) const {
  if (!clients_.accounting->is_counted(list.entity)) return true;
  if (next != Walker::Next::judge) return false;
  const bool only_page = !list.begun && walker.walk().pass == 1 && walker.walk().next > 1;
  const bool empty = !list.begun && walker.walk().counted == 0;
  if (!only_page && !empty) return false;
  const auto state = store::list_state(db, list_of(list));
  if (state && state->run != 0 && state->rows > few_rows) return false;
  const auto set_aside = store::count_set_aside(db, list_of(list), list.staged);
  auto trial = walker;
  if (trial.judge(walker.walk().counted, rows + set_aside) != Walker::Verdict::complete)
    return false;
  walker = std::move(trial);
  return true;
}

// With many imports there would always be one that writes, and what a person waits for would seldom
// find the database free: each leaves it alone for as long as it has taken.
async::Task<Importer::Kept> Importer::keep_in_turn(const Reading& list,
                                                   const imports::PageRead& read,
                                                   const accounting::Page& page) {
  const auto pass = co_await clients_.import_writes->enter(*clients_.pool);
  const auto began = async::Steady::now();
  auto kept = keep(list, read, page);
  const auto took = std::chrono::ceil<Millis>(async::Steady::now() - began);
  if (!alone_) co_await clients_.pool->sleep(std::min(took, longest_pause_to_write));
  co_return std::move(kept);
}

Importer::Kept Importer::keep(const Reading& list, const imports::PageRead& read,
                              const accounting::Page& page) {
  const auto set_aside = set_aside_of(read.asked, page);
  auto db = driver_.databases().borrow();
  return store::in_transaction(*db, [&] {
    Kept out;
    const auto connection = store::find_connection(*db, owner_.connection);
    out.over = !connection || !wanted(connection->state, effect_) ||
               !progress_of(connection->state, list.entity);
    if (out.over) return out;
    const auto place = list_of(list);
    if (!list.begun) store::begin_list(*db, place, list.staged, page.time);
    out.fresh =
        store::put_staged(*db, place, list.staged, read.asked.start - 1, page.rows, driver_.now());
    store::put_set_aside(*db, place, list.staged, set_aside);
    store::add_mended(*db, place, page.mended);
    out.walker = list.walker;
    out.next = out.walker->take(read, out.fresh);
    const auto rows = list.rows + out.fresh;
    out.finished = is_known_complete(*db, list, out.next, *out.walker, rows);
    if (out.finished)
      for (std::optional<std::string> after = ""; after;)
        after = store::carry_gone(*db, place, list.staged, *after, driver_.now(), carried_at_once);
    store::put_walk(*db, place, out.walker->walk());
    out.over = !tell(*db, list, out.walker->walk(), rows, out.finished, out.after);
    return out;
  });
}

bool Importer::tell(store::Database& db, const Reading& list, const imports::Walk& walk,
                    std::int64_t rows, bool finished, std::optional<State>& after) {
  const auto connection = store::find_connection(db, owner_.connection);
  if (!connection || !wanted(connection->state, effect_)) return false;
  const auto* at = progress_of(connection->state, list.entity);
  if (!at) return false;
  const auto state = store::list_state(db, list_of(list));
  imports::PageImported event{effect_.run, list.entity, std::max(rows, at->done), {}, finished};
  event.read_again = std::max(walk.pass - 1, at->read_again);
  if (list.by_changes && state) {
    event.set_aside = state->set_aside;
    event.mended = state->mended;
  } else {
    event.set_aside = store::count_set_aside(db, list_of(list), list.staged);
    event.mended = state ? state->staged_mended : 0;
  }
  event.total = finished ? event.done : std::max(event.done, walk.counted - event.set_aside);
  // Rows that were all known are no news; but when nothing else is, that it goes on is told.
  const bool no_news = !finished && event.done == at->done && event.read_again <= at->read_again;
  const auto deadline = imports::due(connection->state.import);
  if (no_news && deadline && driver_.now() < *deadline - imports::silence / 2) return true;
  event.alive = no_news;
  const auto apply = [&](store::Database& same, const store::StoredConnection&, const Step& step) {
    when_done(same, step.next);
  };
  const auto taken = driver_.take_within(db, owner_.connection, wire::by_provider(), event, apply);
  if (!taken) throw std::logic_error("a page that was read was refused");
  after = taken->state;
  return true;
}

void Importer::told(const std::optional<State>& after) {
  if (!after) return;
  driver_.tell(owner_.connection);
  count_end(*after);
  if (std::holds_alternative<imports::Done>(after->import.phase)) changes_ = {};
}

}  // namespace rekey::work
