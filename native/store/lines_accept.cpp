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
/// And, of customers and suppliers, of which no other line `m` has the same as its best, `o`. (All
/// that is asked of `o` is in one index: without it, this takes the square of the time.)
constexpr const char* nobody_elses =
    " and (l.section not in ('customers', 'suppliers') or "
    "not exists (select 1 from suggestions o join lines m on m.connection = o.connection and "
    "m.realm_id = o.realm_id and m.section = o.section and m.ours = o.ours and "
    "m.state = 'suggested' and m.there = 1 where o.connection = l.connection and "
    "o.realm_id = l.realm_id and o.section = l.section and o.theirs = s.theirs and o.rank = 0 and "
    "o.ours <> l.ours))";

/// Those that are at least as sure as ?4 says, and surer than the next of their line; or, without a
/// confidence, those that apply.
std::string condition_of_acceptance(bool by_confidence) {
  std::string sql = best_suggested;
  sql += by_confidence
             ? " and s.confidence >= ?4 "
               "and not exists (select 1 from suggestions n where n.connection = l.connection and "
               "n.realm_id = l.realm_id and n.section = l.section and n.ours = l.ours and "
               "n.rank = 1 and n.confidence >= s.confidence)"
             : " and s.applies = 1";
  return sql += nobody_elses;
}

std::string sql_of_choosing(bool by_confidence) {
  std::string sql =
      "insert into choices (connection, realm_id, section, ours, since, theirs, name, state, "
      "actor) select l.connection, l.realm_id, l.section, l.ours, ?5, s.theirs, t.name, "
      "'chosen', ?6";
  sql += condition_of_acceptance(by_confidence);
  return sql += " on conflict (connection, realm_id, section, ours, since) do nothing";
}

std::int64_t millionths_at_least(double confidence) {
  return static_cast<std::int64_t>(std::ceil(confidence * 1e6 - 0.5));
}

}  // namespace

std::int64_t count_acceptable(Database& db, const CompanyKey& key, Section section,
                              double confidence) {
  static const std::string sql = [] {
    std::string text = "select count(*)";
    return text += condition_of_acceptance(true);
  }();
  auto row = db.query(sql, key.connection, key.realm_id, text_in(section),
                      millionths_at_least(confidence));
  return row.step() ? row.int64(0) : 0;
}

std::int64_t choose_suggested(Database& db, const CompanyKey& key, Section section,
                              const Edit& edit, std::optional<double> confidence) {
  // A whole list is chosen in two statements: there may be a hundred thousand of them.
  static const std::string of_those_sure = sql_of_choosing(true),
                           of_those_applying = sql_of_choosing(false);
  const auto chosen =
      db.run(confidence ? of_those_sure : of_those_applying, key.connection, key.realm_id,
             text_in(section), millionths_at_least(confidence.value_or(0)), edit.revision,
             text_in(edit.actor));
  if (chosen == 0) return 0;
  // What they are now, as `restate` would find: of records that are active and nobody else's.
  db.run(
      "update lines set state = 'chosen', change = '', conflict = 0 where connection = ?1 and "
      "realm_id = ?2 and section = ?3 and state = 'suggested' and exists (select 1 from choices c "
      "where c.connection = ?1 and c.realm_id = ?2 and c.section = ?3 and c.ours = lines.ours and "
      "c.until is null and c.since = ?4 and c.theirs <> '')",
      key.connection, key.realm_id, text_in(section), edit.revision);
  return chosen;
}

}  // namespace rekey::store
