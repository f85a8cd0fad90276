// Accepting what is suggested: which suggestions may be chosen without a person looking at each.
#include <cmath>

#include "native/store/choice_rows.hpp"
#include "native/store/lines.hpp"

namespace rekey::store {

namespace {

using mapping::Section;

/// Lines `l` with the best suggestion `s` of each and its record `t`, where nothing is chosen, the
/// record is active and, of customers and suppliers, nobody's counterpart yet.
constexpr const char* best_suggested =
    " from lines l join suggestions s on s.connection = l.connection and "
    "s.realm_id = l.realm_id and s.section = l.section and s.ours = l.ours and s.rank = 0 "
    "join targets t on t.connection = l.connection and t.realm_id = l.realm_id and "
    "t.section = l.section and t.id = s.theirs and t.active = 1 "
    "where l.connection = ?1 and l.realm_id = ?2 and l.section = ?3 and l.state = 'suggested' and "
    "l.there = 1 and (l.section not in ('customers', 'suppliers') or "
    "not exists (select 1 from choices c where c.connection = l.connection and "
    "c.realm_id = l.realm_id and c.section = l.section and c.theirs = s.theirs and "
    "c.theirs <> '' and c.until is null))";
/// And, of customers and suppliers, of which no other line `m` has the same as its best, `o`.
constexpr const char* nobody_elses =
    " and (l.section not in ('customers', 'suppliers') or "
    "not exists (select 1 from suggestions o join lines m on m.connection = o.connection and "
    "m.realm_id = o.realm_id and m.section = o.section and m.ours = o.ours and "
    "m.state = 'suggested' and m.there = 1 where o.connection = l.connection and "
    "o.realm_id = l.realm_id and o.section = l.section and o.theirs = s.theirs and o.rank = 0 and "
    "o.ours <> l.ours";

/// The conditions of `acceptable`; ?4 is the confidence.
std::string acceptable_from() {
  std::string sql = best_suggested;
  sql +=
      " and s.confidence >= ?4 "
      "and not exists (select 1 from suggestions n where n.connection = l.connection and "
      "n.realm_id = l.realm_id and n.section = l.section and n.ours = l.ours and n.rank = 1 and "
      "n.confidence >= s.confidence)";
  sql += nobody_elses;
  return sql + "))";
}

std::int64_t millionths_at_least(double confidence) {
  return static_cast<std::int64_t>(std::ceil(confidence * 1e6 - 0.5));
}

}  // namespace

std::vector<ChoiceChange> acceptable(Database& db, const CompanyKey& key, Section section,
                                     double confidence, const std::string& after, int most) {
  static const std::string sql = "select l.ours, s.theirs, t.name" + acceptable_from() +
                                 " and l.ours > ?5 order by l.ours limit ?6";
  auto row = db.query(sql, key.connection, key.realm_id, text_in(section),
                      millionths_at_least(confidence), after, most);
  std::vector<ChoiceChange> out;
  while (row.step())
    out.push_back({section, row.text(0), mapping::Choice{row.text(0), row.text(1), row.text(2)}});
  return out;
}

std::int64_t count_acceptable(Database& db, const CompanyKey& key, Section section,
                              double confidence) {
  static const std::string sql = "select count(*)" + acceptable_from();
  auto row = db.query(sql, key.connection, key.realm_id, text_in(section),
                      millionths_at_least(confidence));
  return row.step() ? row.int64(0) : 0;
}

std::int64_t choose_applying(Database& db, const CompanyKey& key, Section section,
                             const Edit& edit) {
  // A whole list is chosen in two statements: a save may have a hundred thousand of them.
  static const std::string choose =
      std::string(
          "insert into choices (connection, realm_id, section, ours, since, theirs, name, "
          "state, actor) select l.connection, l.realm_id, l.section, l.ours, "
          "?4, s.theirs, t.name, 'chosen', ?5") +
      best_suggested + " and s.applies = 1" + nobody_elses +
      " and o.applies = 1)) on conflict (connection, realm_id, section, ours, since) do nothing";
  const auto chosen = db.run(choose, key.connection, key.realm_id, text_in(section), edit.revision,
                             text_in(edit.actor));
  if (chosen == 0) return 0;
  // What they are now, as `restate` would find: of records that are active and nobody else's.
  db.run(
      "update lines set state = 'chosen', change = '', conflict = 0 where connection = ?1 and "
      "realm_id = ?2 and section = ?3 and state = 'suggested' and exists (select 1 from choices c "
      "where c.connection = ?1 and c.realm_id = ?2 and c.section = ?3 and c.ours = lines.ours and "
      "c.until is null)",
      key.connection, key.realm_id, text_in(section));
  return chosen;
}

}  // namespace rekey::store
