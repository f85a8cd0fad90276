#include "native/store/directory.hpp"

#include "core/wire/fields.hpp"
#include "native/store/record_fields.hpp"

namespace rekey::store {

namespace {

std::string text_of(mapping::Section section) {
  return std::string(wire::name_of(section));
}

}  // namespace

DirectoryEditor::Outcome DirectoryEditor::put(mapping::Section section,
                                              const mapping::Record& record) {
  const auto name = text_of(section), fields = fields_text(record);
  {
    auto row = db_.query(
        "select name, detail, fields from directory where tenant = ?1 and section = ?2 and id = ?3",
        tenant_, name, record.id);
    if (row.step()) {
      if (row.text(0) == record.name && row.text(1) == record.detail && row.text(2) == fields)
        return Outcome::unchanged;
      row.reset();
      db_.run(
          "update directory set name = ?4, detail = ?5, fields = ?6 where tenant = ?1 and "
          "section = ?2 and id = ?3",
          tenant_, name, record.id, record.name, record.detail, fields);
      return Outcome::changed;
    }
  }
  // Found once for many: there is no index on the position.
  auto& last = last_position_[static_cast<std::size_t>(section)];
  if (!last) {
    auto row = db_.query(
        "select coalesce(max(position), 0) from directory where tenant = ?1 and section = ?2",
        tenant_, name);
    last = row.step() ? row.int64(0) : 0;
  }
  db_.run(
      "insert into directory (tenant, section, position, id, name, detail, fields) "
      "values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      tenant_, name, ++*last, record.id, record.name, record.detail, fields);
  return Outcome::added;
}

DirectoryEditor::Outcome DirectoryEditor::remove(mapping::Section section, const std::string& id) {
  const auto gone = db_.run("delete from directory where tenant = ?1 and section = ?2 and id = ?3",
                            tenant_, text_of(section), id);
  return gone > 0 ? Outcome::removed : Outcome::missing;
}

DirectoryReplacement::DirectoryReplacement(Database& db, std::string tenant)
    : db_(db), tenant_(std::move(tenant)) {
  for (const auto section : mapping::all_sections) {
    auto row = db_.query(
        "select count(*), coalesce(max(position), 0) from directory where tenant = ?1 and "
        "section = ?2",
        tenant_, text_of(section));
    if (row.step()) parts_[static_cast<std::size_t>(section)] = {row.int64(0), row.int64(1), 0};
  }
}

bool DirectoryReplacement::put(mapping::Section section, const mapping::Record& record) {
  auto& part = parts_[static_cast<std::size_t>(section)];
  // One that was put before has a place behind `last`, and stays.
  const auto put = db_.run(
      "insert into directory (tenant, section, position, id, name, detail, fields) "
      "values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (tenant, section, id) do update set "
      "position = excluded.position, name = excluded.name, detail = excluded.detail, "
      "fields = excluded.fields where directory.position <= ?8",
      tenant_, text_of(section), part.last + part.put + 1, record.id, record.name, record.detail,
      fields_text(record), part.last);
  if (put == 0) return false;
  ++part.put;
  return true;
}

std::int64_t DirectoryReplacement::removed(mapping::Section section) const {
  auto row = db_.query(
      "select count(*) from directory where tenant = ?1 and section = ?2 and position <= ?3",
      tenant_, text_of(section), part(section).last);
  return row.step() ? row.int64(0) : 0;
}

void DirectoryReplacement::finish() {
  for (const auto section : mapping::all_sections) {
    const auto last = part(section).last;
    db_.run("delete from directory where tenant = ?1 and section = ?2 and position <= ?3", tenant_,
            text_of(section), last);
    db_.run("update directory set position = position - ?3 where tenant = ?1 and section = ?2",
            tenant_, text_of(section), last);
  }
}

std::vector<mapping::Record> directory_page(Database& db, const std::string& tenant,
                                            mapping::Section section, const std::string& after,
                                            int most) {
  auto row = db.query(
      "select id, name, detail, fields from directory where tenant = ?1 and section = ?2 and "
      "id > ?3 order by id limit ?4",
      tenant, text_of(section), after, most);
  std::vector<mapping::Record> out;
  while (row.step())
    out.push_back(with_fields({row.text(0), row.text(1), row.text(2), true}, row.text(3)));
  return out;
}

std::int64_t directory_count(Database& db, const std::string& tenant, mapping::Section section) {
  auto row = db.query("select count(*) from directory where tenant = ?1 and section = ?2", tenant,
                      text_of(section));
  return row.step() ? row.int64(0) : 0;
}

std::int64_t directory_count_beside(Database& db, const std::string& tenant,
                                    mapping::Section section,
                                    const std::unordered_set<std::string_view>& ids) {
  auto row = db.query("select id from directory where tenant = ?1 and section = ?2", tenant,
                      text_of(section));
  std::int64_t count = 0;
  while (row.step())
    if (!ids.contains(row.text(0))) ++count;
  return count;
}

}  // namespace rekey::store
