#include "native/store/records.hpp"

#include "native/store/record_fields.hpp"

namespace rekey::store {

namespace {

/// None: the text says none, as those of earlier versions.
std::optional<wire::Actor> actor_of(const std::string& text) {
  const auto json = wire::parse(text, "An actor");
  const auto read = json ? wire::read_as<wire::Actor>(*json, "An actor")
                         : Result<wire::Actor>(tl::unexpected(json.error()));
  if (!read) return {};
  return *read;
}

}  // namespace

void put_directory(Database& db, const std::string& tenant, const mapping::Records& records) {
  db.run("delete from directory where tenant = ?1", tenant);
  for (const auto section : mapping::all_sections) {
    std::int64_t position = 0;
    for (const auto& each : records.of(section))
      db.run(
          "insert into directory (tenant, section, position, id, name, detail, fields) "
          "values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
          tenant, std::string(wire::name_of(section)), ++position, each.id, each.name, each.detail,
          fields_text(each));
  }
}

mapping::Records directory(Database& db, const std::string& tenant) {
  mapping::Records out;
  for (const auto section : mapping::all_sections) {
    auto row = db.query(
        "select id, name, detail, fields from directory where tenant = ?1 and section = ?2 "
        "order by position",
        tenant, std::string(wire::name_of(section)));
    while (row.step())
      out.of(section).push_back(
          with_fields({row.text(0), row.text(1), row.text(2), true}, row.text(3)));
  }
  return out;
}

void put_draft(Database& db, const std::string& connection, const std::string& realm_id,
               std::int64_t revision, const mapping::Configuration& configuration, Instant now,
               const std::optional<wire::Actor>& actor) {
  db.run("delete from configurations where connection = ?1 and realm_id = ?2 and saved = 0",
         connection, realm_id);
  db.run(
      "insert into configurations (connection, realm_id, revision, at, saved, body, actor) "
      "values (?1, ?2, ?3, ?4, 0, ?5, ?6)",
      connection, realm_id, revision, to_ms(now), wire::dump(wire::write(configuration)),
      actor ? wire::dump(wire::write(*actor)) : std::string());
}

std::optional<std::int64_t> mark_saved(Database& db, const std::string& connection,
                                       std::int64_t revision) {
  auto row = db.query(
      "update configurations set saved = 1 where connection = ?1 and revision = ?2 "
      "returning realm_id",
      connection, revision);
  if (!row.step()) return {};
  const auto realm_id = row.text(0);
  while (row.step()) {
  }
  return db.run(
      "delete from configurations where connection = ?1 and realm_id = ?2 and saved = 1 and "
      "revision <= (select revision from configurations where connection = ?1 and realm_id = ?2 "
      "and saved = 1 order by revision desc limit 1 offset ?3)",
      connection, realm_id, std::int64_t{saved_kept});
}

std::optional<wire::Actor> configuration_actor(Database& db, const std::string& connection,
                                               std::int64_t revision) {
  auto row = db.query("select actor from configurations where connection = ?1 and revision = ?2",
                      connection, revision);
  if (!row.step()) return {};
  return actor_of(row.text(0));
}

std::optional<StoredConfiguration> newest_configuration(Database& db, const std::string& connection,
                                                        const std::string& realm_id,
                                                        bool saved_only) {
  auto row = db.query(
      "select revision, at, saved, body, actor from configurations where connection = ?1 "
      "and realm_id = ?2 and saved >= ?3 order by revision desc limit 1",
      connection, realm_id, std::int64_t(saved_only ? 1 : 0));
  if (!row.step()) return {};
  const auto json = wire::parse(row.text(3), "A stored configuration");
  if (!json) throw DatabaseError(json.error().hint);
  auto configuration = wire::read_as<mapping::Configuration>(*json, "A stored configuration");
  if (!configuration) throw DatabaseError(configuration.error().hint);
  StoredConfiguration out{row.int64(0), from_ms(row.int64(1)), row.int64(2) != 0,
                          std::move(*configuration)};
  out.actor = actor_of(row.text(4));
  return out;
}

void take_snapshot(Database& db, const std::string& connection, const std::string& realm_id,
                   Instant now) {
  db.run(
      "insert into snapshots (connection, realm_id, revision, at, body) "
      "select connection, realm_id, revision, ?3, body from configurations "
      "where connection = ?1 and realm_id = ?2 order by revision desc limit 1 "
      "on conflict do nothing",
      connection, realm_id, to_ms(now));
  db.run(
      "delete from snapshots where connection = ?1 and realm_id = ?2 and at <= (select at from "
      "snapshots where connection = ?1 and realm_id = ?2 order by at desc limit 1 offset ?3)",
      connection, realm_id, std::int64_t{snapshots_kept});
}

}  // namespace rekey::store
