#include "native/store/records.hpp"

namespace rekey::store {

namespace {

std::vector<mapping::Record> imported(Database& db, const std::string& connection,
                                      const std::string& realm_id, imports::Entity entity,
                                      const RecordOf& record_of) {
  auto row = db.query(
      "select body from imported where connection = ?1 and realm_id = ?2 and "
      "entity = ?3 order by position",
      connection, realm_id, std::string(wire::name_of(entity)));
  std::vector<mapping::Record> out;
  while (row.step()) {
    const auto json = wire::parse(row.text(0), "An imported row");
    if (json) out.push_back(record_of(entity, *json));
  }
  return out;
}

}  // namespace

void put_directory(Database& db, const std::string& tenant, const mapping::Records& records) {
  db.run("delete from directory where tenant = ?1", tenant);
  for (const auto section : mapping::all_sections) {
    std::int64_t position = 0;
    for (const auto& each : records.of(section))
      db.run(
          "insert into directory (tenant, section, position, id, name, detail) "
          "values (?1, ?2, ?3, ?4, ?5, ?6)",
          tenant, std::string(wire::name_of(section)), ++position, each.id, each.name, each.detail);
  }
}

mapping::Records directory(Database& db, const std::string& tenant) {
  mapping::Records out;
  for (const auto section : mapping::all_sections) {
    auto row = db.query(
        "select id, name, detail from directory where tenant = ?1 and section = ?2 "
        "order by position",
        tenant, std::string(wire::name_of(section)));
    while (row.step()) out.of(section).push_back({row.text(0), row.text(1), row.text(2), true});
  }
  return out;
}

void put_imported(Database& db, const std::string& connection, const std::string& realm_id,
                  imports::Entity entity, std::int64_t run, std::int64_t from,
                  const std::vector<imports::Row>& rows) {
  for (const auto& each : rows)
    db.run(
        "insert into imported (connection, realm_id, entity, id, position, run, body) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (connection, realm_id, entity, id) do "
        "update set position = excluded.position, run = excluded.run, body = excluded.body",
        connection, realm_id, std::string(wire::name_of(entity)), each.id, ++from, run,
        wire::dump(each.body));
}

void drop_imported(Database& db, const std::string& connection, const std::string& realm_id,
                   imports::Entity entity) {
  db.run("delete from imported where connection = ?1 and realm_id = ?2 and entity = ?3", connection,
         realm_id, std::string(wire::name_of(entity)));
}

mapping::Records imported_records(Database& db, const std::string& connection,
                                  const std::string& realm_id, const RecordOf& record_of) {
  const auto records = [&](imports::Entity entity) {
    return imported(db, connection, realm_id, entity, record_of);
  };
  return {records(imports::Entity::account), records(imports::Entity::tax_code),
          records(imports::Entity::customer), records(imports::Entity::vendor)};
}

std::vector<mapping::Record> imported_terms(Database& db, const std::string& connection,
                                            const std::string& realm_id,
                                            const RecordOf& record_of) {
  return imported(db, connection, realm_id, imports::Entity::term, record_of);
}

}  // namespace rekey::store
