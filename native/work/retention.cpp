#include "native/work/retention.hpp"

#include "native/log.hpp"
#include "native/store/configurations.hpp"
#include "native/store/imported.hpp"
#include "native/store/retention.hpp"

namespace rekey::work {

namespace {

constexpr int rows_at_once = 500;
constexpr int connections_at_once = 100;
// Fewer renewals than this in a row are not worth a transaction: one a day is worth one in two.
constexpr std::size_t least_to_thin = 48;
constexpr auto first_pass_after = std::chrono::minutes(1);
constexpr auto pass_every = std::chrono::hours(1);
// Between two bites, for others who write.
constexpr auto breath = std::chrono::milliseconds(5);

bool is_renewal(const store::RawEvent& row) {
  if (row.notices != "[]") return false;
  const auto json = wire::parse(row.event, "A stored event");
  return json && wire::text_at(*json, "type") == connect::GrantRefreshed::type;
}

/// Whether one event is the next after another in a history without those between.
bool follows(const store::RawEvent& before, const store::RawEvent& after) {
  const auto state_json = wire::parse(before.state, "A stored state");
  const auto event_json = wire::parse(after.event, "A stored event");
  if (!state_json || !event_json) return false;
  const auto state = wire::read_as<State>(*state_json, "A stored state");
  const auto event = wire::read_as<Event>(*event_json, "A stored event");
  if (!state || !event) return false;
  const auto next = step(*state, *event, after.at);
  return !next.refused && next.effects.empty() && wire::dump(wire::write(next.next)) == after.state;
}

struct Range {
  std::int64_t first = 0, last = 0;
};

/// What can go of a part of a history that begins with an event that stays, and up to which event
/// it need not be looked through again.
std::vector<Range> needless(const std::vector<store::RawEvent>& rows, std::int64_t& thinned) {
  std::vector<Range> out;
  for (std::size_t i = 1; i < rows.size();) {
    std::size_t end = i;
    while (end < rows.size() && is_renewal(rows[end])) ++end;
    if (end - i > 1 && follows(rows[i - 1], rows[end - 1]))
      out.push_back({rows[i].seq, rows[end - 2].seq});
    // The last of the renewals will go with those to come.
    thinned = end < rows.size() ? rows[end].seq : rows[i - 1].seq;
    i = std::max(end, i) + 1;
  }
  return out;
}

/// Takes the old renewals out of the next part of a history; gives how many went.
std::int64_t thin_part(Driver& driver, store::ToThin& from) {
  auto db = driver.databases().borrow();
  const auto rows = store::raw_events(*db, from.connection, from.thinned,
                                      driver.now() - renewals_kept, rows_at_once);
  if (rows.size() <= least_to_thin) return 0;
  auto thinned = from.thinned;
  const auto ranges = needless(rows, thinned);
  // More renewals in a row than are looked at at once, which cannot go: they are passed over.
  if (ranges.empty() && rows.size() == rows_at_once) thinned = rows.back().seq;
  if (ranges.empty() && thinned == from.thinned) return 0;
  const auto all = store::in_transaction(*db, [&] {
    std::int64_t gone = 0;
    for (const auto& each : ranges)
      gone += store::remove_events(*db, from.connection, each.first, each.last);
    store::set_thinned(*db, from.connection, thinned);
    return gone;
  });
  from.thinned = thinned;
  return all;
}

/// The same for a whole history, part after part.
std::int64_t thin(Driver& driver, store::ToThin from, const std::function<bool()>& stop) {
  std::int64_t gone = 0;
  while (!stop()) {
    const auto before = from.thinned;
    const auto count = thin_part(driver, from);
    if (count == 0 && from.thinned == before) break;
    gone += count;
    std::this_thread::sleep_for(breath);
  }
  return gone;
}

/// Removes part after part until there is no more; `remove` takes at most `rows_at_once` rows and
/// gives how many. In between, other writers get their turn.
template <class Remove>
std::int64_t remove_in_parts(Driver& driver, const std::function<bool()>& stop, Remove&& remove) {
  std::int64_t gone = 0;
  while (!stop()) {
    const std::int64_t count = remove(*driver.databases().borrow());
    gone += count;
    if (count < rows_at_once) break;
    std::this_thread::sleep_for(breath);
  }
  return gone;
}

/// What goes of one connection after another.
struct Thinned {
  std::int64_t events = 0, drafts = 0, choices = 0, imported = 0;
};

Thinned thin_all(Driver& driver, const std::function<bool()>& stop) {
  Thinned gone;
  std::string after;
  while (!stop()) {
    std::vector<store::ToThin> some;
    {
      auto db = driver.databases().borrow();
      some = store::connections_to_thin(*db, after, connections_at_once);
    }
    if (some.empty()) break;
    for (const auto& each : some) {
      if (stop()) break;
      gone.events += thin(driver, each, stop);
      // As far as the import itself could not remove them.
      gone.imported += remove_in_parts(driver, stop, [&](store::Database& db) {
        return store::sweep_imported(db, each.connection, rows_at_once);
      });
      gone.drafts += store::remove_old_drafts(*driver.databases().borrow(), each.connection,
                                              driver.now() - drafts_kept);
      // Those that nothing can see any more.
      gone.choices += remove_in_parts(driver, stop, [&](store::Database& db) {
        return store::prune_choices(db, each.connection, rows_at_once);
      });
    }
    after = some.back().connection;
  }
  return gone;
}

std::int64_t remove_old(Driver& driver, const store::Keeping& keeping,
                        const std::function<bool()>& stop) {
  return remove_in_parts(driver, stop, [&](store::Database& db) {
    return store::remove_old(db, keeping, driver.now(), rows_at_once);
  });
}

}  // namespace

Retention::Retention(Driver& driver) : driver_(driver), thread_([this] { work(); }) {}

Retention::~Retention() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

std::int64_t Retention::pass(Driver& driver, const std::function<bool()>& stop) {
  std::int64_t all = 0;
  nlohmann::json gone;
  const auto count = [&](const char* what, std::int64_t rows) {
    if (rows > 0) gone[what] = rows;
    all += rows;
  };
  for (const auto& each : store::kept_by_age()) count(each.what, remove_old(driver, each, stop));
  const auto thinned = thin_all(driver, stop);
  count("events", thinned.events);
  count("drafts", thinned.drafts);
  count("choices", thinned.choices);
  count("imported", thinned.imported);
  if (all > 0) log::info("retention.removed", gone);
  return all;
}

void Retention::work() {
  const auto stopped = [this] {
    const std::lock_guard lock(mutex_);
    return stop_;
  };
  for (std::chrono::milliseconds pause = first_pass_after;; pause = pass_every) {
    {
      std::unique_lock lock(mutex_);
      if (stopped_.wait_for(lock, pause, [this] { return stop_; })) return;
    }
    try {
      pass(driver_, stopped);
    } catch (const std::exception& error) {
      log::error("retention.failed", {{"what", error.what()}});
    }
  }
}

}  // namespace rekey::work
