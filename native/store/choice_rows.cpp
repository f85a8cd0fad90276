#include "native/store/choice_rows.hpp"

#include <unordered_set>
#include <utility>

#include "native/store/lines.hpp"

namespace rekey::store {

namespace {

template <class T>
std::optional<T> read_text(const std::string& text, std::string_view what) {
  if (text.empty()) return {};
  const auto json = wire::parse(text, what);
  if (!json) return {};
  auto read = wire::read_as<T>(*json, what);
  if (!read) return {};
  return std::move(*read);
}

}  // namespace

std::optional<wire::Actor> actor_in(const std::string& text) {
  return read_text<wire::Actor>(text, "An actor");
}

std::string text_in(mapping::Section section) {
  return std::string(wire::name_of(section));
}

std::string text_in(const std::optional<wire::Actor>& actor) {
  return actor ? wire::text_of(*actor) : std::string();
}

std::optional<mapping::Settings> settings_in(const std::string& text) {
  return read_text<mapping::Settings>(text, "Stored settings");
}

mapping::Choice choice_in(const Statement& row, int first) {
  return {row.text(first), row.text(first + 1), row.text(first + 2),
          row.text(first + 3) == wire::name_of(mapping::Decision::create)};
}

std::vector<mapping::Choice> choices_at(Database& db, const CompanyKey& key,
                                        mapping::Section section, std::int64_t revision) {
  auto row = db.query(
      "select ours, theirs, name, state from choices where connection = ?1 and realm_id = ?2 and "
      "section = ?3 and since <= ?4 and (until is null or until > ?4) order by ours",
      key.connection, key.realm_id, text_in(section), revision);
  std::vector<mapping::Choice> out;
  while (row.step()) out.push_back(choice_in(row, 0));
  return out;
}

ChoiceRows::ChoiceRows(Database& db, CompanyKey key, const Edit& edit)
    : db_(db), key_(std::move(key)), revision_(edit.revision), actor_(text_in(edit.actor)) {}

std::optional<CurrentChoice> ChoiceRows::find(mapping::Section section, const std::string& ours) {
  auto row = db_.query(
      "select since, ours, theirs, name, state from choices where connection = ?1 and "
      "realm_id = ?2 and section = ?3 and ours = ?4 and until is null",
      key_.connection, key_.realm_id, text_in(section), ours);
  if (!row.step()) return {};
  return CurrentChoice{row.int64(0), choice_in(row, 1)};
}

std::unordered_map<std::string, CurrentChoice> ChoiceRows::current(mapping::Section section) {
  auto row = db_.query(
      "select since, ours, theirs, name, state from choices where connection = ?1 and "
      "realm_id = ?2 and section = ?3 and until is null",
      key_.connection, key_.realm_id, text_in(section));
  std::unordered_map<std::string, CurrentChoice> out;
  while (row.step()) out.emplace(row.text(1), CurrentChoice{row.int64(0), choice_in(row, 1)});
  return out;
}

void ChoiceRows::put(mapping::Section section, const mapping::Choice& choice,
                     const std::optional<CurrentChoice>& before) {
  if (before) close(section, choice.ours, *before);
  db_.run(
      "insert into choices (connection, realm_id, section, ours, since, theirs, name, state, "
      "actor) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      key_.connection, key_.realm_id, text_in(section), choice.ours, revision_, choice.theirs,
      choice.name, std::string(wire::name_of(mapping::decision_of(choice))), actor_);
  restate_choice(db_, key_, section, choice.ours, before ? before->choice.theirs : std::string(),
                 choice.theirs);
}

void ChoiceRows::end(mapping::Section section, const std::string& ours,
                     const CurrentChoice& before) {
  close(section, ours, before);
  restate_choice(db_, key_, section, ours, before.choice.theirs, {});
}

void ChoiceRows::close(mapping::Section section, const std::string& ours,
                       const CurrentChoice& before) {
  const auto section_text = text_in(section);
  // What began with this very revision held at no other.
  if (before.since == revision_)
    db_.run(
        "delete from choices where connection = ?1 and realm_id = ?2 and section = ?3 and "
        "ours = ?4 and since = ?5",
        key_.connection, key_.realm_id, section_text, ours, before.since);
  else
    db_.run(
        "update choices set until = ?6 where connection = ?1 and realm_id = ?2 and "
        "section = ?3 and ours = ?4 and since = ?5",
        key_.connection, key_.realm_id, section_text, ours, before.since, revision_);
}

void replace_section(ChoiceRows& rows, mapping::Section section,
                     const std::vector<mapping::Choice>& choices) {
  auto gone = rows.current(section);
  std::unordered_set<std::string_view> placed;
  for (const auto& each : choices) {
    // Nothing that is checked names a record twice; what earlier versions stored may.
    if (!placed.insert(each.ours).second) continue;
    const auto before = gone.find(each.ours);
    if (before == gone.end()) {
      rows.put(section, each, std::nullopt);
      continue;
    }
    if (before->second.choice != each) rows.put(section, each, before->second);
    gone.erase(before);
  }
  for (const auto& [ours, before] : gone) rows.end(section, ours, before);
}

void move_body(Database& db, const CompanyKey& key, std::int64_t revision) {
  std::string body;
  Edit edit{revision, {}, {}};
  {
    auto row = db.query(
        "select body, at, actor from configurations where connection = ?1 and realm_id = ?2 and "
        "revision = ?3 union all "
        "select body, at, '' from snapshots where connection = ?1 and realm_id = ?2 and "
        "revision = ?3",
        key.connection, key.realm_id, revision);
    if (!row.step()) return;
    body = row.text(0);
    edit.at = from_ms(row.int64(1));
    edit.actor = actor_in(row.text(2));
  }
  const auto configuration = read_text<mapping::Configuration>(body, "A stored configuration");
  if (!configuration) return;
  for (const char* table : {"configurations", "snapshots"})
    db.run(std::string("update ") + table +
               " set settings = ?4 where connection = ?1 and realm_id = ?2 and revision = ?3",
           key.connection, key.realm_id, revision, wire::text_of(configuration->settings));
  ChoiceRows rows(db, key, edit);
  for (const auto section : mapping::all_sections)
    replace_section(rows, section, configuration->of(section));
}

}  // namespace rekey::store
