#include "native/store/records.hpp"

#include "native/store/record_fields.hpp"

namespace rekey::store {

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

}  // namespace rekey::store
