#include "native/store/connections.hpp"

#include "native/vault/random.hpp"

namespace rekey::store {

namespace {

/// What was written by us is read by us: anything else is damage, and is said so.
template <class T>
T decode(const std::string& text, const char* what) {
  auto json = wire::parse(text, what);
  if (!json) throw DatabaseError(json.error().hint);
  auto value = wire::read_as<T>(*json, what);
  if (!value) throw DatabaseError(value.error().hint);
  return std::move(*value);
}

StoredConnection connection_of(Statement& row) {
  return {row.text(0),
          row.text(1),
          row.text(2),
          row.int64(3),
          decode<State>(row.text(4), "A stored state"),
          from_ms(row.int64(5))};
}

Lane lane_of(const Effect& effect) {
  return std::holds_alternative<RunImport>(effect) ? Lane::lengthy : Lane::person;
}

constexpr const char* connection_columns =
    "select id, tenant, integration, seq, state, updated from connections ";

}  // namespace

void put_tenant(Database& db, const std::string& id, const std::string& name, Instant now) {
  db.run(
      "insert into tenants (id, name, created) values (?1, ?2, ?3) "
      "on conflict (id) do update set name = excluded.name",
      id, name, to_ms(now));
}

std::optional<std::string> tenant_name(Database& db, const std::string& id) {
  auto row = db.query("select name from tenants where id = ?1", id);
  if (!row.step()) return {};
  return row.text(0);
}

StoredConnection ensure_connection(Database& db, const std::string& tenant,
                                   const std::string& integration, Instant now) {
  db.run(
      "insert into connections (id, tenant, integration, seq, state, updated) "
      "values (?1, ?2, ?3, 0, ?4, ?5) on conflict (tenant, integration) do nothing",
      "con_" + vault::random_token(12), tenant, integration, wire::dump(wire::write(State{})),
      to_ms(now));
  auto row = db.query(std::string(connection_columns) + "where tenant = ?1 and integration = ?2",
                      tenant, integration);
  row.step();
  return connection_of(row);
}

std::optional<StoredConnection> find_connection(Database& db, const std::string& id) {
  auto row = db.query(std::string(connection_columns) + "where id = ?1", id);
  if (!row.step()) return {};
  return connection_of(row);
}

std::vector<StoredConnection> list_connections(Database& db,
                                               const std::optional<std::string>& tenant,
                                               const std::optional<std::string>& status,
                                               const std::string& after, int most) {
  // Only what is asked for is in the statement, so that an index can serve it.
  std::string sql = std::string(connection_columns) + "where id > ?1";
  if (tenant) sql += " and tenant = ?2";
  if (status) sql += " and status = ?3";
  auto row = db.query(sql + " order by id limit ?4", after, tenant, status, std::int64_t{most});
  std::vector<StoredConnection> out;
  while (row.step()) out.push_back(connection_of(row));
  return out;
}

std::vector<std::string> due_connections(Database& db, Instant now, int most) {
  auto row = db.query("select id from connections where due <= ?1 order by due limit ?2",
                      to_ms(now), std::int64_t(most));
  std::vector<std::string> out;
  while (row.step()) out.push_back(row.text(0));
  return out;
}

void put_due_right(Database& db, const StoredConnection& connection) {
  const auto at = due(connection.state);
  db.run("update connections set due = ?2 where id = ?1 and seq = ?3", connection.id,
         at ? std::optional<std::int64_t>(to_ms(*at)) : std::nullopt, connection.seq);
}

bool append_step(Database& db, const StoredConnection& before, const wire::Actor& actor,
                 const Event& event, const State& next, const std::vector<wire::Notice>& notices,
                 const Effects& jobs, Instant now) {
  const auto state = wire::dump(wire::write(next));
  const auto due_at = due(next);
  const bool first =
      db.run(
          "insert into events (connection, seq, at, event, state, notices, actor) values "
          "(?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (connection, seq) do nothing",
          before.id, before.seq + 1, to_ms(now), wire::dump(wire::write(event)), state,
          wire::dump(wire::write(notices)), wire::dump(wire::write(actor))) == 1;
  if (!first) return false;
  db.run(
      "update connections set seq = ?2, state = ?3, due = ?4, updated = ?5, status = ?6 "
      "where id = ?1",
      before.id, before.seq + 1, state,
      due_at ? std::optional<std::int64_t>(to_ms(*due_at)) : std::nullopt, to_ms(now),
      std::visit([](const auto& phase) { return std::string(phase.type); }, next.connect.phase));
  for (const auto& effect : jobs)
    db.run("insert into jobs (connection, effect, run_at, lane) values (?1, ?2, ?3, ?4)", before.id,
           wire::dump(wire::write(effect)), to_ms(now), static_cast<std::int64_t>(lane_of(effect)));
  return true;
}

std::vector<StoredEvent> history(Database& db, const std::string& connection, std::int64_t after,
                                 int most) {
  auto row = db.query(
      "select seq, at, event, state, notices, actor from events "
      "where connection = ?1 and seq > ?2 order by seq limit ?3",
      connection, after, std::int64_t(most));
  std::vector<StoredEvent> out;
  while (row.step())
    out.push_back(
        {row.text(2),
         {row.int64(0), from_ms(row.int64(1)), decode<State>(row.text(3), "A stored state"),
          decode<std::vector<wire::Notice>>(row.text(4), "Stored notices"),
          row.text(5).empty() ? std::nullopt
                              : std::optional(decode<wire::Actor>(row.text(5), "An actor"))}});
  return out;
}

std::vector<wire::Notice> newest_notices(Database& db, const std::string& connection, int most) {
  auto row = db.query(
      "select notices from events where connection = ?1 and notices <> '[]' "
      "order by seq desc limit ?2",
      connection, std::int64_t(most));
  std::vector<wire::Notice> out;
  while (row.step()) {
    auto notices = decode<std::vector<wire::Notice>>(row.text(0), "Stored notices");
    out.insert(out.end(), notices.rbegin(), notices.rend());
  }
  if (out.size() > static_cast<std::size_t>(most)) out.resize(static_cast<std::size_t>(most));
  return out;
}

std::optional<Job> lease_job(Database& db, Lane lane, const std::string& owner, Instant now,
                             Instant until) {
  auto row = db.query(
      "update jobs set owner = ?1, lease_until = ?3, attempts = attempts + "
      "case when lease_until is null then 1 else 0 end where id = ("
      "  select id from jobs where lane = ?4 and run_at <= ?2"
      "  and (lease_until is null or lease_until <= ?2) order by run_at, id limit 1" +
          passing_over_taken(db, "jobs") + ") returning id, connection, effect, attempts",
      owner, to_ms(now), to_ms(until), static_cast<std::int64_t>(lane));
  if (!row.step()) return {};
  Job job{row.int64(0), row.text(1), decode<Effect>(row.text(2), "A stored effect"),
          static_cast<int>(row.int64(3)) - 1};
  while (row.step()) {
  }
  return job;
}

bool job_waits(Database& db, Lane lane, Instant now) {
  auto row = db.query(
      "select 1 from jobs where lane = ?1 and run_at <= ?2 "
      "and (lease_until is null or lease_until <= ?2) limit 1",
      static_cast<std::int64_t>(lane), to_ms(now));
  return row.step();
}

namespace {

std::optional<Instant> time_of(Statement row) {
  if (!row.step() || row.is_null(0)) return {};
  return from_ms(row.int64(0));
}

}  // namespace

std::optional<Instant> next_job_at(Database& db) {
  return time_of(db.query(
      "select min(case when lease_until > run_at then lease_until else run_at end) from jobs"));
}

std::optional<Instant> next_job_at(Database& db, Lane lane) {
  return time_of(db.query(
      "select min(case when lease_until > run_at then lease_until else run_at end) from jobs "
      "where lane = ?1",
      static_cast<std::int64_t>(lane)));
}

void renew_lease(Database& db, std::int64_t id, const std::string& owner, Instant until) {
  db.run("update jobs set lease_until = ?3 where id = ?1 and owner = ?2", id, owner, to_ms(until));
}

std::vector<std::string> job_owners(Database& db, Instant now) {
  auto row = db.query(
      "select distinct owner from jobs where owner is not null and lease_until > ?1", to_ms(now));
  std::vector<std::string> out;
  while (row.step()) out.push_back(row.text(0));
  return out;
}

std::int64_t free_jobs_of(Database& db, const std::string& owner) {
  return db.run(
      "update jobs set owner = null, lease_until = null, attempts = case when attempts > 0 then "
      "attempts - 1 else 0 end where owner = ?1",
      owner);
}

void finish_job(Database& db, std::int64_t id) {
  db.run("delete from jobs where id = ?1", id);
}

void put_job_behind(Database& db, std::int64_t id, Instant run_at) {
  db.run(
      "update jobs set run_at = ?2, attempts = 0, owner = null, lease_until = null where id = ?1",
      id, to_ms(run_at));
}

void postpone_job(Database& db, std::int64_t id, Instant run_at) {
  db.run("update jobs set run_at = ?2, owner = null, lease_until = null where id = ?1", id,
         to_ms(run_at));
}

}  // namespace rekey::store
