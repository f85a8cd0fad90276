#include "native/store/configurations.hpp"

#include <algorithm>
#include <map>

#include "native/store/choice_rows.hpp"
#include "native/store/lines.hpp"
#include "native/store/matching.hpp"

namespace rekey::store {

namespace {

constexpr const char* revision_columns =
    "select revision, at, saved, actor, settings from configurations ";

Revision revision_in(const Statement& row) {
  Revision out{row.int64(0), from_ms(row.int64(1)), row.int64(2) != 0, actor_in(row.text(3)), {}};
  if (auto settings = settings_in(row.text(4))) out.settings = std::move(*settings);
  return out;
}

std::optional<Revision> first_of(Statement row) {
  if (!row.step()) return {};
  return revision_in(row);
}

/// Adds a draft to the list; of the drafts, the oldest beyond `drafts_to_undo` go.
void list_draft(Database& db, const CompanyKey& key, const Edit& edit,
                const mapping::Settings& settings) {
  db.run(
      "insert into configurations (connection, realm_id, revision, at, saved, actor, settings) "
      "values (?1, ?2, ?3, ?4, 0, ?5, ?6) on conflict (connection, realm_id, revision) do update "
      "set at = excluded.at, actor = excluded.actor, settings = excluded.settings",
      key.connection, key.realm_id, edit.revision, to_ms(edit.at), text_in(edit.actor),
      wire::text_of(settings));
  db.run(
      "delete from configurations where connection = ?1 and realm_id = ?2 and saved = 0 and "
      "revision <= (select revision from configurations where connection = ?1 and realm_id = ?2 "
      "and saved = 0 order by revision desc limit 1 offset ?3)",
      key.connection, key.realm_id, std::int64_t{drafts_to_undo});
}

/// Takes back what was chosen after a revision.
void forget_after(Database& db, const CompanyKey& key, std::int64_t revision) {
  db.run("delete from choices where connection = ?1 and realm_id = ?2 and since > ?3",
         key.connection, key.realm_id, revision);
  db.run("update choices set until = null where connection = ?1 and realm_id = ?2 and until > ?3",
         key.connection, key.realm_id, revision);
}

/// Whether the host has such a record, or had it and it is still shown. (A record that has just
/// come has no line yet.)
bool is_listed(Database& db, const CompanyKey& key, mapping::Section section,
               const std::string& ours) {
  auto row = db.query(
      "select 1 from lines where connection = ?1 and realm_id = ?2 and section = ?3 and ours = ?4 "
      "union all select 1 from directory where tenant = (select tenant from connections where "
      "id = ?1) and section = ?3 and id = ?4 limit 1",
      key.connection, key.realm_id, text_in(section), ours);
  return row.step();
}

/// The drafts of a connection that are old enough to go.
std::vector<std::pair<CompanyKey, std::int64_t>> old_drafts(Database& db,
                                                            const std::string& connection,
                                                            Instant before) {
  auto row = db.query(
      "select k.realm_id, k.revision from configurations k where k.connection = ?1 and "
      "k.saved = 0 and k.realm_id <> '' and k.at < ?2 and not exists (select 1 from snapshots s "
      "where "
      "s.connection = k.connection and s.realm_id = k.realm_id and s.revision = k.revision) "
      "order by k.realm_id, k.revision",
      connection, to_ms(before));
  std::vector<std::pair<CompanyKey, std::int64_t>> out;
  while (row.step()) out.push_back({{connection, row.text(0)}, row.int64(1)});
  return out;
}

std::optional<std::int64_t> newest_snapshot(Database& db, const CompanyKey& key) {
  auto row = db.query("select max(revision) from snapshots where connection = ?1 and realm_id = ?2",
                      key.connection, key.realm_id);
  if (!row.step() || row.is_null(0)) return {};
  return row.int64(0);
}

/// After drafts of a company left the list: what holds is what the newest that stays says.
void settle(Database& db, const CompanyKey& key, Instant now) {
  const auto newest = newest_revision(db, key, false);
  const auto kept = newest_snapshot(db, key);
  // A snapshot of what is newer than all of the list: its rows must stay as they are.
  if (kept && (!newest || *kept > newest->revision)) return;
  forget_after(db, key, newest ? newest->revision : -1);
  ask_matching(db, key.connection, now);
}

}  // namespace

std::int64_t put_changes(Database& db, const CompanyKey& key, const Edit& edit,
                         const std::vector<ChoiceChange>& changes,
                         const std::optional<mapping::Settings>& settings) {
  const auto newest = newest_revision(db, key, false);
  list_draft(db, key, edit, settings ? *settings : newest ? newest->settings : mapping::Settings{});
  ChoiceRows rows(db, key, edit);
  std::int64_t changed = 0;
  for (const auto& each : changes) {
    const auto before = rows.find(each.section, each.ours);
    if (edit.listed_only && !before && !is_listed(db, key, each.section, each.ours)) continue;
    if (each.choice) {
      if (before && before->choice == *each.choice) continue;
      rows.put(each.section, *each.choice, before);
    } else {
      if (!before) continue;
      rows.end(each.section, each.ours, *before);
    }
    ++changed;
  }
  return changed;
}

void put_draft(Database& db, const std::string& connection, const std::string& realm_id,
               std::int64_t revision, const mapping::Configuration& configuration, Instant now,
               const std::optional<wire::Actor>& actor) {
  const CompanyKey key{connection, realm_id};
  const Edit edit{revision, now, actor};
  list_draft(db, key, edit, configuration.settings);
  ChoiceRows rows(db, key, edit);
  for (const auto section : mapping::all_sections)
    replace_section(rows, section, configuration.of(section));
}

std::optional<std::int64_t> mark_saved(Database& db, const std::string& connection,
                                       std::int64_t revision) {
  std::string realm_id;
  {
    // What waits for the first company has revisions of its own, under no realm id.
    auto row = db.query(
        "select realm_id from configurations where connection = ?1 and revision = ?2 and "
        "realm_id <> ''",
        connection, revision);
    if (!row.step()) return {};
    realm_id = row.text(0);
  }
  db.run(
      "update configurations set saved = 1 where connection = ?1 and realm_id = ?2 and "
      "revision = ?3",
      connection, realm_id, revision);
  know_all(db, {connection, realm_id});
  return db.run(
      "delete from configurations where connection = ?1 and realm_id = ?2 and saved = 1 and "
      "revision <= (select revision from configurations where connection = ?1 and realm_id = ?2 "
      "and saved = 1 order by revision desc limit 1 offset ?3)",
      connection, realm_id, std::int64_t{saved_kept});
}

std::optional<wire::Actor> configuration_actor(Database& db, const std::string& connection,
                                               std::int64_t revision) {
  auto row = db.query(
      "select actor from configurations where connection = ?1 and revision = ?2 and realm_id <> ''",
      connection, revision);
  if (!row.step()) return {};
  return actor_in(row.text(0));
}

std::optional<Revision> newest_revision(Database& db, const CompanyKey& key, bool saved_only) {
  return first_of(db.query(std::string(revision_columns) +
                               "where connection = ?1 and realm_id = ?2 and saved >= ?3 "
                               "order by revision desc limit 1",
                           key.connection, key.realm_id, std::int64_t{saved_only ? 1 : 0}));
}

std::optional<Revision> find_revision(Database& db, const CompanyKey& key, std::int64_t revision) {
  return first_of(db.query(
      std::string(revision_columns) + "where connection = ?1 and realm_id = ?2 and revision = ?3",
      key.connection, key.realm_id, revision));
}

std::vector<Revision> revisions(Database& db, const CompanyKey& key, bool saved_only,
                                std::int64_t before, int most) {
  auto row = db.query(std::string(revision_columns) +
                          "where connection = ?1 and realm_id = ?2 and saved >= ?3 and "
                          "(?4 = 0 or revision < ?4) order by revision desc limit ?5",
                      key.connection, key.realm_id, std::int64_t{saved_only ? 1 : 0}, before, most);
  std::vector<Revision> out;
  while (row.step()) out.push_back(revision_in(row));
  return out;
}

std::optional<StoredConfiguration> newest_configuration(Database& db, const std::string& connection,
                                                        const std::string& realm_id,
                                                        bool saved_only) {
  const CompanyKey key{connection, realm_id};
  auto newest = newest_revision(db, key, saved_only);
  if (!newest) return {};
  StoredConfiguration out{newest->revision, newest->at, newest->saved,
                          configuration_at(db, key, *newest)};
  out.actor = std::move(newest->actor);
  return out;
}

mapping::Configuration configuration_at(Database& db, const CompanyKey& key,
                                        const Revision& revision) {
  mapping::Configuration out;
  out.settings = revision.settings;
  for (const auto section : mapping::all_sections)
    out.of(section) = choices_at(db, key, section, revision.revision);
  return out;
}

std::vector<mapping::Choice> current_choices(Database& db, const CompanyKey& key,
                                             mapping::Section section) {
  auto row = db.query(
      "select ours, theirs, name, state from choices where connection = ?1 and realm_id = ?2 and "
      "section = ?3 and until is null order by ours",
      key.connection, key.realm_id, text_in(section));
  std::vector<mapping::Choice> out;
  while (row.step()) out.push_back(choice_in(row, 0));
  return out;
}

std::vector<Compared> compare(Database& db, const CompanyKey& key, std::int64_t from,
                              std::int64_t to, const ComparedAfter& after, int most) {
  // What was begun or ended between the two, on either way; and then what held at each of them.
  auto row = db.query(
      "select k.section, k.ours, a.ours, a.theirs, a.name, a.state, b.ours, b.theirs, b.name, "
      "b.state, b.actor, l.name from ("
      "select section, ours from choices where connection = ?1 and realm_id = ?2 and "
      "since > ?3 and since <= ?4 union "
      "select section, ours from choices where connection = ?1 and realm_id = ?2 and "
      "until > ?3 and until <= ?4) k "
      "left join choices a on a.connection = ?1 and a.realm_id = ?2 and a.section = k.section and "
      "a.ours = k.ours and a.since <= ?5 and (a.until is null or a.until > ?5) "
      "left join choices b on b.connection = ?1 and b.realm_id = ?2 and b.section = k.section and "
      "b.ours = k.ours and b.since <= ?6 and (b.until is null or b.until > ?6) "
      "left join lines l on l.connection = ?1 and l.realm_id = ?2 and l.section = k.section and "
      "l.ours = k.ours "
      "where (k.section > ?7 or (k.section = ?7 and k.ours > ?8)) and "
      "(coalesce(a.state, '') <> coalesce(b.state, '') or "
      "coalesce(a.theirs, '') <> coalesce(b.theirs, '') or "
      "coalesce(a.name, '') <> coalesce(b.name, '')) order by k.section, k.ours limit ?9",
      key.connection, key.realm_id, std::min(from, to), std::max(from, to), from, to, after.section,
      after.ours, most);
  std::vector<Compared> out;
  while (row.step()) {
    const auto section = wire::enumerator_of<mapping::Section>(row.text(0));
    if (!section) continue;  // of a newer version
    auto& each = out.emplace_back(Compared{*section, row.text(1), {}, {}, {}});
    if (!row.is_null(2)) each.before = choice_in(row, 2);
    if (!row.is_null(6)) each.after = choice_in(row, 6);
    if (!row.is_null(6)) each.actor = actor_in(row.text(10));
    each.name = row.text(11);
  }
  return out;
}

namespace {

/// A revision that can be gone back to. Before the first one of a company nothing was chosen; but
/// where some have left the list, what was chosen at older ones is not known any more.
std::optional<Revision> revision_to_go_to(Database& db, const CompanyKey& key, std::int64_t to) {
  if (auto found = find_revision(db, key, to)) return found;
  const auto listed = revisions(db, key, false, 0, drafts_to_undo);
  const bool whole = !listed.empty() && listed.size() < drafts_to_undo;
  if (!whole || to < 0 || to >= listed.back().revision) return {};
  return Revision{to};
}

}  // namespace

std::optional<std::int64_t> go_back(Database& db, const CompanyKey& key, const Edit& edit,
                                    std::int64_t to) {
  const auto target = revision_to_go_to(db, key, to);
  const auto newest = newest_revision(db, key, false);
  if (!target || !newest) return {};
  constexpr int at_once = 1000;
  std::vector<ChoiceChange> changes;
  ComparedAfter after;
  for (bool more = true; more;) {
    auto some = compare(db, key, newest->revision, to, after, at_once);
    more = some.size() == at_once;
    if (more) after = {text_in(some.back().section), some.back().ours};
    for (auto& each : some)
      changes.push_back({each.section, std::move(each.ours), std::move(each.after)});
  }
  // Of what was chosen then, nothing is passed over.
  return put_changes(db, key, {edit.revision, edit.at, edit.actor}, changes, target->settings);
}

std::int64_t count_choices(Database& db, const CompanyKey& key) {
  auto row = db.query(
      "select count(*) from choices where connection = ?1 and realm_id = ?2 and until is null",
      key.connection, key.realm_id);
  row.step();
  return row.int64(0);
}

std::int64_t most_choices_of(Database& db, const std::string& connection) {
  auto row = db.query(
      "select count(*) from directory where tenant = (select tenant from connections where id = "
      "?1)",
      connection);
  row.step();
  return row.int64(0) + choices_beyond_directory;
}

void forget_choices(Database& db, const CompanyKey& key) {
  for (const std::string table : {"choices", "configurations"})
    db.run("delete from " + table + " where connection = ?1 and realm_id = ?2", key.connection,
           key.realm_id);
}

void take_snapshot(Database& db, const std::string& connection, const std::string& realm_id,
                   Instant now) {
  db.run(
      "insert into snapshots (connection, realm_id, revision, at, settings) "
      "select connection, realm_id, revision, ?3, settings from configurations "
      "where connection = ?1 and realm_id = ?2 order by revision desc limit 1 "
      "on conflict do nothing",
      connection, realm_id, to_ms(now));
  db.run(
      "delete from snapshots where connection = ?1 and realm_id = ?2 and at <= (select at from "
      "snapshots where connection = ?1 and realm_id = ?2 order by at desc limit 1 offset ?3)",
      connection, realm_id, std::int64_t{snapshots_kept});
}

std::int64_t prune_choices(Database& db, const std::string& connection, int most) {
  return db.run(
      "delete from choices where (connection, realm_id, section, ours, since) in ("
      "select c.connection, c.realm_id, c.section, c.ours, c.since from choices c "
      "where c.connection = ?1 and c.until is not null "
      "and not exists (select 1 from configurations k where k.connection = c.connection and "
      "k.realm_id = c.realm_id and k.revision >= c.since and k.revision < c.until) "
      "and not exists (select 1 from snapshots s where s.connection = c.connection and "
      "s.realm_id = c.realm_id and s.revision >= c.since and s.revision < c.until) limit ?2)",
      connection, std::int64_t{most});
}

std::int64_t remove_old_drafts(Database& db, const std::string& connection, Instant before) {
  // Most have none, and a look takes no lock.
  if (old_drafts(db, connection, before).empty()) return 0;
  return in_transaction(db, [&] {
    std::int64_t gone = 0;
    std::map<std::string, CompanyKey> companies;
    for (const auto& [key, revision] : old_drafts(db, connection, before)) {
      gone += db.run(
          "delete from configurations where connection = ?1 and realm_id = ?2 and revision = ?3",
          key.connection, key.realm_id, revision);
      companies.emplace(key.realm_id, key);
    }
    for (const auto& [realm_id, key] : companies) settle(db, key, before);
    return gone;
  });
}

void move_bodies_to_rows(Database& db) {
  std::vector<std::pair<CompanyKey, std::int64_t>> places;
  {
    auto row = db.query(
        "select connection, realm_id, revision from configurations union "
        "select connection, realm_id, revision from snapshots order by 1, 2, 3");
    while (row.step()) places.push_back({{row.text(0), row.text(1)}, row.int64(2)});
  }
  for (const auto& [key, revision] : places) move_body(db, key, revision);
}

}  // namespace rekey::store
