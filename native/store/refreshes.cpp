#include "native/store/refreshes.hpp"

namespace rekey::store {

namespace {

using connect::Ended;
using refresh::Meaning;
using wire::name_of;

constexpr const char* fresh = "fresh";
constexpr const char* held_back = "held_back";
constexpr const char* dying = "dying";
constexpr const char* ended = "ended";

std::optional<std::int64_t> ms_of(const std::optional<Instant>& at) {
  if (!at) return {};
  return to_ms(*at);
}

std::optional<Instant> instant_at(const Statement& row, int column) {
  if (row.is_null(column)) return {};
  return from_ms(row.int64(column));
}

template <class E>
E named(const std::string& text, E otherwise) {
  return wire::enumerator_of<E>(text).value_or(otherwise);
}

std::vector<GrantKey> keys_of(Statement row) {
  std::vector<GrantKey> out;
  while (row.step()) out.push_back({row.text(0), row.int64(1)});
  return out;
}

/// A phase that stands by itself, as columns.
struct Standing {
  std::string phase = fresh;
  std::string fault;
  std::optional<std::int64_t> since, retry_at;
  std::int64_t pause = 0, failures = 0;
};

Standing columns_of(const refresh::Fresh&) {
  return {};
}
Standing columns_of(const refresh::HeldBack& held) {
  return {held_back,          std::string(name_of(held.meaning)),
          to_ms(held.since),  to_ms(held.retry_at),
          held.pause.count(), held.failures};
}
Standing columns_of(const refresh::Dying& phase) {
  return {dying, std::string(name_of(phase.reason)), to_ms(phase.since), to_ms(phase.ends), 0, 0};
}
Standing columns_of(const refresh::Ended& phase) {
  return {ended, std::string(name_of(phase.reason)), to_ms(phase.since), {}, 0, 0};
}
Standing columns_of(const refresh::Spending& turn) {
  return std::visit([](const auto& from) { return columns_of(from); }, turn.from);
}

constexpr const char* refresh_columns =
    "select phase, fault, fault_since, retry_at, retry_span, failures, lease_owner, lease_beat, "
    "unsettled_before, revision, access_expires, access_life, renewable, previous, spending, "
    "barred, barred_since, barred_looks, look_due, refresh_due, warn_due, client_id "
    "from grants where connection = ?1 and version = ?2";

refresh::Origin origin_of(const Statement& row, const std::string& phase) {
  const auto since = from_ms(row.int64(2));
  const auto at = from_ms(row.int64(3));
  if (phase == held_back)
    return refresh::HeldBack{named(row.text(1), Meaning::unavailable), since, at,
                             Millis{row.int64(4)}, row.int64(5)};
  if (phase == dying) return refresh::Dying{named(row.text(1), Ended::refused), since, at};
  return refresh::Fresh{};
}

refresh::Phase phase_of(const Statement& row) {
  const auto phase = row.text(0);
  if (phase == ended)
    return refresh::Ended{named(row.text(1), Ended::refused), from_ms(row.int64(2))};
  auto origin = origin_of(row, phase);
  if (!row.is_null(6))
    return refresh::Spending{row.text(6), row.int64(7), row.int64(8) != 0, std::move(origin)};
  return std::visit([](auto& each) -> refresh::Phase { return std::move(each); }, origin);
}

}  // namespace

std::optional<RefreshRow> refresh_row(Database& db, const GrantKey& grant) {
  auto row = db.query(refresh_columns, grant.connection, grant.version);
  if (!row.step()) return {};
  RefreshRow out;
  auto& state = out.state;
  state.phase = phase_of(row);
  state.revision = row.int64(9);
  state.access_expires = from_ms(row.int64(10));
  state.access_life = Millis{row.int64(11)};
  state.renewable = row.int64(12) != 0;
  state.previous = row.int64(13) != 0;
  state.unsettled = !row.is_null(14) && row.int64(14) == state.revision;
  if (!row.text(15).empty())
    state.barred = refresh::Barred{named(row.text(15), Meaning::stale_token),
                                   from_ms(row.int64(16)), from_ms(row.int64(18)), row.int64(17)};
  state.due = instant_at(row, 19);
  state.warn = instant_at(row, 20);
  out.client_id = row.text(21);
  return out;
}

bool replace_refresh_state(Database& db, const GrantKey& grant, const refresh::State& seen,
                           const refresh::State& next) {
  const auto standing = std::visit([](const auto& phase) { return columns_of(phase); }, next.phase);
  const auto* turn = std::get_if<refresh::Spending>(&next.phase);
  const auto* before = std::get_if<refresh::Spending>(&seen.phase);
  const auto owner = turn ? std::optional(turn->owner) : std::nullopt;
  const auto& barred = next.barred;
  return db.run(
             "update grants set phase = ?3, fault = ?4, fault_since = ?5, retry_at = ?6, "
             "retry_span = ?7, failures = ?8, lease_owner = ?9, lease_beat = ?10, "
             "unsettled_before = ?11, revision = ?12, access_expires = ?13, access_life = ?14, "
             "renewable = ?15, previous = ?16, spending = ?17, barred = ?18, barred_since = ?19, "
             "barred_looks = ?20, look_due = ?21, refresh_due = ?22, warn_due = ?23 "
             "where connection = ?1 and version = ?2 and revision = ?24 and "
             "coalesce(lease_owner, '') = ?25",
             grant.connection, grant.version, standing.phase, standing.fault, standing.since,
             standing.retry_at, standing.pause, standing.failures, owner, turn ? turn->beat : 0,
             std::int64_t{turn && turn->unsettled}, next.revision, to_ms(next.access_expires),
             next.access_life.count(), std::int64_t{next.renewable}, std::int64_t{next.previous},
             next.unsettled ? std::optional(next.revision) : std::nullopt,
             barred ? std::string(name_of(barred->meaning)) : std::string(),
             barred ? std::optional(to_ms(barred->since)) : std::nullopt,
             barred ? barred->looks : 0,
             barred ? std::optional(to_ms(barred->look_at)) : std::nullopt, ms_of(next.due),
             ms_of(next.warn), seen.revision, before ? before->owner : std::string()) == 1;
}

void start_refreshing(Database& db, const GrantKey& grant, const refresh::State& state,
                      const std::string& client_id) {
  refresh::State none;
  none.revision = 0;  // as put_grant makes it
  (void)replace_refresh_state(db, grant, none, state);
  set_refresh_client(db, grant, client_id);
}

void set_refresh_client(Database& db, const GrantKey& grant, const std::string& client_id) {
  db.run("update grants set client_id = ?3 where connection = ?1 and version = ?2",
         grant.connection, grant.version, client_id);
}

std::string client_of(Database& db, const GrantKey& grant) {
  auto row = db.query("select client_id from grants where connection = ?1 and version = ?2",
                      grant.connection, grant.version);
  return row.step() ? row.text(0) : std::string();
}

void stop_refreshing(Database& db, const GrantKey& grant) {
  db.run(
      "update grants set refresh_due = null, warn_due = null, look_due = null "
      "where connection = ?1 and version = ?2",
      grant.connection, grant.version);
}

bool show_life(Database& db, const GrantKey& grant, const std::string& owner) {
  return db.run(
             "update grants set lease_beat = lease_beat + 1 where connection = ?1 and "
             "version = ?2 and lease_owner = ?3",
             grant.connection, grant.version, owner) == 1;
}

bool is_refreshing(Database& db, const GrantKey& grant) {
  auto row = db.query(
      "select 1 from grants where connection = ?1 and version = ?2 and lease_owner is not null",
      grant.connection, grant.version);
  return row.step();
}

std::vector<GrantKey> due_refreshes(Database& db, Instant now, int most) {
  return keys_of(
      db.query("select connection, version from grants where refresh_due <= ?1 "
               "order by refresh_due limit ?2",
               to_ms(now), std::int64_t{most}));
}

std::vector<GrantKey> due_warnings(Database& db, Instant now, int most) {
  return keys_of(
      db.query("select connection, version from grants where warn_due <= ?1 "
               "order by warn_due limit ?2",
               to_ms(now), std::int64_t{most}));
}

std::vector<GrantKey> due_looks(Database& db, Instant now, int most) {
  return keys_of(
      db.query("select connection, version from grants where look_due <= ?1 "
               "order by look_due limit ?2",
               to_ms(now), std::int64_t{most}));
}

std::int64_t refused_since(Database& db, Instant then, const GrantKey& except) {
  auto row = db.query(
      "select count(*) from grants where fault_since is not null and (phase = 'held_back' and "
      "fault = 'grant_ended' and refresh_due is not null or phase in ('dying', 'ended') and fault "
      "<> 'expired' and "
      "fault_since >= ?1) and not (connection = ?2 and version = ?3)",
      to_ms(then), except.connection, except.version);
  return row.step() ? row.int64(0) : 0;
}

std::map<std::string, std::int64_t> grants_at_risk(Database& db) {
  auto row = db.query(
      "select g.phase, g.fault, g.barred, count(*) from grants g "
      "join connections c on c.id = g.connection "
      "where (g.phase in ('held_back', 'dying') or g.barred <> '') and c.status = 'linked' and "
      "g.version = (select max(version) from grants where connection = c.id and "
      "refresh_due is not null) "
      "group by g.phase, g.fault, g.barred");
  std::map<std::string, std::int64_t> out;
  while (row.step()) {
    auto reason = row.text(1);
    if (row.text(0) != dying) {
      const auto meaning =
          named(row.text(0) == held_back ? reason : row.text(2), Meaning::unavailable);
      reason = name_of(refresh::hindrance_of(meaning));
    }
    out[reason] += row.int64(3);
  }
  return out;
}

std::int64_t living_grants(Database& db) {
  auto row = db.query("select count(*) from grants where refresh_due is not null");
  return row.step() ? row.int64(0) : 0;
}

}  // namespace rekey::store
