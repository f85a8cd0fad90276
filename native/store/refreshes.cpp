#include "native/store/refreshes.hpp"

namespace rekey::store {

namespace {

std::optional<std::int64_t> ms_of(const std::optional<Instant>& at) {
  if (!at) return {};
  return to_ms(*at);
}

std::vector<GrantKey> keys_of(Statement row) {
  std::vector<GrantKey> out;
  while (row.step()) out.push_back({row.text(0), row.int64(1)});
  return out;
}

/// Whose turn it is, as the grant's row has it.
Turn turn_now(Database& db, const std::string& connection, std::int64_t version,
              std::int64_t revision, const std::string& stood_still, Instant now) {
  auto row = db.query(
      "select revision, lease_owner, lease_beat, retry_at, retry_span, fault, spending "
      "from grants where connection = ?1 and version = ?2",
      connection, version);
  if (!row.step()) return {};
  Turn turn;
  const bool held = !row.is_null(1);
  turn.holder = held ? row.text(1) + "/" + row.text(2) : "";
  turn.retry_at = from_ms(row.int64(3));
  turn.fault = row.text(5);
  turn.unsettled = !row.is_null(6) && row.int64(6) == revision;
  // A wait that is longer than the one that was written down means that the clock was set back.
  const auto left = turn.retry_at - now;
  const bool wait = !row.is_null(3) && left > Millis{0} && left <= Millis{row.int64(4)};
  if (row.int64(0) != revision)
    turn.is = Turn::Is::renewed;
  else if (held && turn.holder != stood_still)
    turn.is = Turn::Is::busy;
  else if (wait)
    turn.is = Turn::Is::held_back;
  else
    turn.is = Turn::Is::ours;
  return turn;
}

}  // namespace

Turn begin_refresh(Database& db, const std::string& connection, std::int64_t version,
                   std::int64_t revision, const std::string& owner, const std::string& stood_still,
                   Instant now) {
  // A refresh token is spent when it is asked with: not before there is room for the answer.
  db.need_room();
  return in_transaction(db, [&] {
    const auto turn = turn_now(db, connection, version, revision, stood_still, now);
    if (turn.is == Turn::Is::ours)
      db.run(
          "update grants set lease_owner = ?3, lease_beat = 0, spending = revision "
          "where connection = ?1 and version = ?2",
          connection, version, owner);
    return turn;
  });
}

bool keep_turn(Database& db, const std::string& connection, std::int64_t version,
               const std::string& owner) {
  return db.run(
             "update grants set lease_beat = lease_beat + 1 where connection = ?1 and "
             "version = ?2 and lease_owner = ?3",
             connection, version, owner) == 1;
}

bool is_refreshing(Database& db, const std::string& connection, std::int64_t version) {
  auto row = db.query(
      "select 1 from grants where connection = ?1 and version = ?2 and lease_owner is not null",
      connection, version);
  return row.step();
}

void end_refresh(Database& db, const std::string& connection, std::int64_t version,
                 const std::string& owner, const Setback& setback, Instant now) {
  db.run(
      "update grants set lease_owner = null, failures = failures + 1, fault = ?4, "
      "fault_since = coalesce(fault_since, ?6), retry_at = ?5, retry_span = ?5 - ?6, "
      "spending = case when ?7 = 1 then null else spending end, "
      "refresh_due = case when refresh_due is null then null else ?5 end "
      "where connection = ?1 and version = ?2 and lease_owner = ?3",
      connection, version, owner, setback.fault, to_ms(setback.retry_at), to_ms(now),
      std::int64_t{setback.settled});
}

void give_up_turn(Database& db, const std::string& connection, std::int64_t version,
                  const std::string& owner) {
  db.run(
      "update grants set lease_owner = null where connection = ?1 and version = ?2 and "
      "lease_owner = ?3",
      connection, version, owner);
}

bool renew_grant(Database& db, const std::string& connection, std::int64_t version,
                 std::int64_t revision, const Renewal& renewal) {
  return db.run(
             "update grants set revision = revision + 1, access_expires = ?4, access_life = ?5, "
             "refresh_due = ?6, warn_due = coalesce(warn_due, ?7), lease_owner = null, "
             "spending = null, failures = 0, fault = '', fault_since = null, retry_at = null "
             "where connection = ?1 and version = ?2 and revision = ?3",
             connection, version, revision, to_ms(renewal.access_expires),
             renewal.access_life.count(), to_ms(renewal.due), ms_of(renewal.warn)) == 1;
}

std::optional<Refreshing> refreshing(Database& db, const std::string& connection,
                                     std::int64_t version) {
  auto row = db.query(
      "select failures, fault, fault_since, retry_at from grants "
      "where connection = ?1 and version = ?2",
      connection, version);
  if (!row.step()) return {};
  Refreshing out{row.int64(0), row.text(1), {}, {}};
  if (!row.is_null(2)) out.since = from_ms(row.int64(2));
  if (!row.is_null(3)) out.retry_at = from_ms(row.int64(3));
  return out;
}

std::vector<GrantKey> due_refreshes(Database& db, Instant now, int most) {
  return keys_of(
      db.query("select connection, version from grants where refresh_due <= ?1 "
               "order by refresh_due limit ?2",
               to_ms(now), std::int64_t{most}));
}

bool is_refresh_due(Database& db, const GrantKey& grant, Instant now) {
  auto row =
      db.query("select 1 from grants where connection = ?1 and version = ?2 and refresh_due <= ?3",
               grant.connection, grant.version, to_ms(now));
  return row.step();
}

void set_refresh_due(Database& db, const GrantKey& grant, std::optional<Instant> due) {
  db.run("update grants set refresh_due = ?3 where connection = ?1 and version = ?2",
         grant.connection, grant.version, ms_of(due));
}

void mark_used(Database& db, const GrantKey& grant, Millis ahead) {
  db.run(
      "update grants set refresh_due = access_expires - "
      "case when ?3 < access_life / 4 then ?3 else access_life / 4 end "
      "where connection = ?1 and version = ?2 and retry_at is null and refresh_due > "
      "access_expires - case when ?3 < access_life / 4 then ?3 else access_life / 4 end",
      grant.connection, grant.version, ahead.count());
}

std::vector<GrantKey> due_warnings(Database& db, Instant now, int most) {
  return keys_of(
      db.query("select connection, version from grants where warn_due <= ?1 "
               "order by warn_due limit ?2",
               to_ms(now), std::int64_t{most}));
}

bool set_warning_due(Database& db, const GrantKey& grant, Instant now, std::optional<Instant> due) {
  return db.run(
             "update grants set warn_due = ?4 where connection = ?1 and version = ?2 and "
             "warn_due <= ?3",
             grant.connection, grant.version, to_ms(now), ms_of(due)) == 1;
}

}  // namespace rekey::store
