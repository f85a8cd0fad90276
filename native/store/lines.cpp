#include "native/store/lines.hpp"

#include <algorithm>
#include <cmath>

#include "native/store/choice_rows.hpp"
#include "native/store/folded.hpp"

namespace rekey::store {

namespace {

using mapping::Section;

// What a line `l` should say, of what is chosen and suggested now: once in a condition, once in a
// change. Two accounts, or two tax codes, may well be one there (mapping::matching_of).
constexpr const char* state_of_line =
    "coalesce((select c.state from choices c where c.connection = l.connection and "
    "c.realm_id = l.realm_id and c.section = l.section and c.ours = l.ours and c.until is null), "
    "case when exists (select 1 from suggestions s where s.connection = l.connection and "
    "s.realm_id = l.realm_id and s.section = l.section and s.ours = l.ours) "
    "then 'suggested' else 'undecided' end)";
constexpr const char* change_of_line =
    "coalesce((select case when c.theirs = '' then '' when t.id is null then 'target_gone' "
    "when t.active = 0 then 'target_inactive' "
    "when c.name <> '' and t.name <> c.name then 'target_renamed' else '' end "
    "from choices c left join targets t on t.connection = c.connection and "
    "t.realm_id = c.realm_id and t.section = c.section and t.id = c.theirs "
    "where c.connection = l.connection and c.realm_id = l.realm_id and c.section = l.section and "
    "c.ours = l.ours and c.until is null), case when l.fresh = 1 then 'appeared' else '' end)";
constexpr const char* conflict_of_line =
    "coalesce((select case when c.section in ('customers', 'suppliers') and "
    "exists (select 1 from choices o where "
    "o.connection = c.connection and o.realm_id = c.realm_id and o.section = c.section and "
    "o.theirs = c.theirs and o.theirs <> '' and o.until is null and o.ours <> c.ours) "
    "then 1 else 0 end from choices c where c.connection = l.connection and "
    "c.realm_id = l.realm_id and c.section = l.section and c.ours = l.ours and "
    "c.until is null and c.theirs <> ''), 0)";

constexpr double in_millionths = 1e6;

/// The names, with commas between.
std::string reasons_text(const std::vector<mapping::Reason>& reasons) {
  std::string out;
  for (const auto each : reasons) {
    if (!out.empty()) out += ',';
    out += wire::name_of(each);
  }
  return out;
}

/// The only other line with this counterpart; none: there is none, or there are several.
std::optional<std::string> only_other(Database& db, const CompanyKey& key, Section section,
                                      const std::string& ours, const std::string& theirs) {
  auto row = db.query(
      "select ours from choices where connection = ?1 and realm_id = ?2 and section = ?3 and "
      "theirs = ?4 and theirs <> '' and until is null and ours <> ?5 limit 2",
      key.connection, key.realm_id, text_in(section), theirs, ours);
  if (!row.step()) return {};
  auto found = row.text(0);
  if (row.step()) return {};
  return found;
}

}  // namespace

std::vector<mapping::Reason> reasons_in(std::string_view text) {
  std::vector<mapping::Reason> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (const auto reason = wire::enumerator_of<mapping::Reason>(text.substr(0, end)))
      out.push_back(*reason);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void restate(Database& db, const CompanyKey& key, Section section, const std::string& ours) {
  static const std::string sql =
      std::string("update lines as l set state = ") + state_of_line +
      ", change = " + change_of_line + ", conflict = " + conflict_of_line +
      " where connection = ?1 and realm_id = ?2 and section = ?3 and ours = ?4";
  db.run(sql, key.connection, key.realm_id, text_in(section), ours);
}

void restate_choice(Database& db, const CompanyKey& key, Section section, const std::string& ours,
                    const std::string& before, const std::string& after) {
  restate(db, key, section, ours);
  if (before == after) return;
  // Where there are several others, they are in conflict with one another, whatever this one does.
  for (const auto& theirs : {before, after}) {
    if (theirs.empty()) continue;
    if (const auto other = only_other(db, key, section, ours, theirs))
      restate(db, key, section, *other);
  }
}

std::vector<std::string> out_of_step(Database& db, const CompanyKey& key, Section section,
                                     const std::string& after, int most) {
  static const std::string sql = [] {
    std::string text =
        "select l.ours from lines l where l.connection = ?1 and l.realm_id = ?2 and "
        "l.section = ?3 and l.ours > ?4 and (l.state <> ";
    text += state_of_line;
    text += " or l.change <> ";
    text += change_of_line;
    text += " or l.conflict <> ";
    text += conflict_of_line;
    text += ") order by l.ours limit ?5";
    return text;
  }();
  auto row = db.query(sql, key.connection, key.realm_id, text_in(section), after, most);
  std::vector<std::string> out;
  while (row.step()) out.push_back(row.text(0));
  return out;
}

void know_all(Database& db, const CompanyKey& key) {
  db.run(
      "update lines set fresh = 0, change = case when change = 'appeared' then '' else change end "
      "where connection = ?1 and realm_id = ?2 and fresh = 1",
      key.connection, key.realm_id);
  db.run("update targets set fresh = 0 where connection = ?1 and realm_id = ?2 and fresh = 1",
         key.connection, key.realm_id);
}

void put_line(Database& db, const CompanyKey& key, Section section, const mapping::Record& record,
              std::int64_t position, bool fresh) {
  db.run(
      "insert into lines (connection, realm_id, section, ours, position, name, folded, body, "
      "fresh) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
      "on conflict (connection, realm_id, section, ours) do update set "
      "position = excluded.position, name = excluded.name, folded = excluded.folded, "
      "body = excluded.body, there = 1",
      key.connection, key.realm_id, text_in(section), record.id, position, record.name,
      folded(record), wire::text_of(record), std::int64_t{fresh ? 1 : 0});
}

void forget_lines_of_others(Database& db, const CompanyKey& key) {
  for (const std::string table : {"lines", "targets", "suggestions", "matched", "matching_models"})
    db.run("delete from " + table + " where connection = ?1 and realm_id <> ?2", key.connection,
           key.realm_id);
}

void drop_line(Database& db, const CompanyKey& key, Section section, const std::string& ours) {
  const auto deleted = db.run(
      "delete from lines where connection = ?1 and realm_id = ?2 and section = ?3 and ours = ?4 "
      "and not exists (select 1 from choices c where c.connection = ?1 and c.realm_id = ?2 and "
      "c.section = ?3 and c.ours = ?4 and c.until is null)",
      key.connection, key.realm_id, text_in(section), ours);
  if (deleted == 0)
    db.run(
        "update lines set there = 0 where connection = ?1 and realm_id = ?2 and section = ?3 and "
        "ours = ?4",
        key.connection, key.realm_id, text_in(section), ours);
}

void put_target(Database& db, const CompanyKey& key, Section section, const mapping::Record& record,
                bool fresh) {
  db.run(
      "insert into targets (connection, realm_id, section, id, name, folded, active, body, fresh) "
      "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
      "on conflict (connection, realm_id, section, id) do update set name = excluded.name, "
      "folded = excluded.folded, active = excluded.active, body = excluded.body",
      key.connection, key.realm_id, text_in(section), record.id, record.name, folded(record),
      std::int64_t{record.active ? 1 : 0}, wire::text_of(record), std::int64_t{fresh ? 1 : 0});
}

void drop_target(Database& db, const CompanyKey& key, Section section, const std::string& id) {
  db.run("delete from targets where connection = ?1 and realm_id = ?2 and section = ?3 and id = ?4",
         key.connection, key.realm_id, text_in(section), id);
}

void put_suggestions(Database& db, const CompanyKey& key, Section section, const std::string& ours,
                     std::span<const StoredSuggestion> suggestions) {
  db.run(
      "delete from suggestions where connection = ?1 and realm_id = ?2 and section = ?3 and "
      "ours = ?4",
      key.connection, key.realm_id, text_in(section), ours);
  std::int64_t rank = 0;
  for (const auto& each : suggestions)
    db.run(
        "insert into suggestions (connection, realm_id, section, ours, rank, theirs, confidence, "
        "reasons, applies) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        key.connection, key.realm_id, text_in(section), ours, rank++, each.theirs,
        static_cast<std::int64_t>(std::llround(each.confidence * in_millionths)),
        reasons_text(each.reasons), std::int64_t{each.applies ? 1 : 0});
}

std::optional<StoredModel> matching_model(Database& db, const CompanyKey& key, Section section) {
  auto row = db.query(
      "select model, changed from matching_models where connection = ?1 and realm_id = ?2 and "
      "section = ?3",
      key.connection, key.realm_id, text_in(section));
  if (!row.step()) return {};
  const auto json = wire::parse(row.text(0), "A stored model");
  if (!json) return {};
  auto model = wire::read_as<mapping::Model>(*json, "A stored model");
  if (!model || !mapping::is_whole(*model)) return {};
  return StoredModel{std::move(*model), row.int64(1)};
}

void put_matching_model(Database& db, const CompanyKey& key, Section section,
                        const StoredModel& stored) {
  db.run(
      "insert into matching_models (connection, realm_id, section, changed, model) "
      "values (?1, ?2, ?3, ?4, ?5) on conflict (connection, realm_id, section) do update set "
      "changed = excluded.changed, model = excluded.model",
      key.connection, key.realm_id, text_in(section), stored.changed, wire::text_of(stored.model));
}

void each_line(Database& db, const CompanyKey& key, Section section,
               const std::function<void(const std::string& ours, LineRow)>& each) {
  auto row = db.query(
      "select ours, position, body, there from lines where connection = ?1 and realm_id = ?2 and "
      "section = ?3 order by ours",
      key.connection, key.realm_id, text_in(section));
  while (row.step()) each(row.text(0), LineRow{row.int64(1), row.text(2), row.int64(3) != 0});
}

void each_target(Database& db, const CompanyKey& key, Section section,
                 const std::function<void(const std::string& id, std::string body)>& each) {
  auto row = db.query(
      "select id, body from targets where connection = ?1 and realm_id = ?2 and section = ?3 "
      "order by id",
      key.connection, key.realm_id, text_in(section));
  while (row.step()) each(row.text(0), row.text(1));
}

void each_suggestion(Database& db, const CompanyKey& key, Section section,
                     const std::function<void(const std::string& ours, StoredSuggestion)>& each) {
  auto row = db.query(
      "select ours, theirs, confidence, reasons, applies from suggestions where connection = ?1 "
      "and realm_id = ?2 and section = ?3 order by ours, rank",
      key.connection, key.realm_id, text_in(section));
  while (row.step())
    each(row.text(0), {row.text(1), static_cast<double>(row.int64(2)) / in_millionths,
                       row.int64(4) != 0, reasons_in(row.text(3))});
}

bool was_matched(Database& db, const CompanyKey& key) {
  auto row = db.query("select 1 from matched where connection = ?1 and realm_id = ?2",
                      key.connection, key.realm_id);
  return row.step();
}

void note_matched(Database& db, const CompanyKey& key) {
  db.run("insert into matched (connection, realm_id) values (?1, ?2) on conflict do nothing",
         key.connection, key.realm_id);
}

bool has_lines(Database& db, const CompanyKey& key) {
  auto row = db.query("select 1 from lines where connection = ?1 and realm_id = ?2 limit 1",
                      key.connection, key.realm_id);
  return row.step();
}

}  // namespace rekey::store
