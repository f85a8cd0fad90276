// What keeps a configuration from being saved.
#include "core/mapping/kind.hpp"
#include "native/store/choice_rows.hpp"
#include "native/store/lines.hpp"

namespace rekey::store {

namespace {

using mapping::Change;
using mapping::Section;

/// Finds obstacles, as many as are asked for.
class ObstacleFinder {
 public:
  ObstacleFinder(Database& db, const CompanyKey& key, const ObstacleQuery& query)
      : db_(db), key_(key), query_(query) {}

  std::vector<Obstacle> find() {
    for (const auto each : query_.sections)
      add_lines(each, "change <> '' and change in ('target_gone', 'target_inactive')");
    if (query_.conflicts)
      for (const auto each : query_.sections)
        add_lines(each, "conflict = 1 and change not in ('target_gone', 'target_inactive')");
    for (const auto each : query_.sections) add_wrong_kinds(each);
    for (const auto each : query_.required) add_undecided(each);
    return std::move(found_);
  }

 private:
  int room() const { return query_.most - static_cast<int>(found_.size()); }

  /// By an index that holds nothing else.
  void add_lines(Section section, const char* condition) {
    auto row = db_.query(
        std::string("select ours, name, change, conflict from lines where connection = ?1 and "
                    "realm_id = ?2 and section = ?3 and ") +
            condition + " order by folded, ours limit ?4",
        key_.connection, key_.realm_id, text_in(section), room());
    while (row.step()) {
      auto change = wire::enumerator_of<Change>(row.text(2));
      if (change != Change::target_gone && change != Change::target_inactive) change.reset();
      found_.push_back(
          {section, row.text(0), row.text(1), change, query_.conflicts && row.int64(3) != 0});
    }
  }

  /// Only accounts have kinds that are compared, and of few of them hosts say one.
  void add_wrong_kinds(Section section) {
    if (section != Section::accounts || room() <= 0) return;
    auto row = db_.query(
        "select l.ours, l.name, l.body, t.body from lines l join choices c on "
        "c.connection = l.connection and c.realm_id = l.realm_id and c.section = l.section and "
        "c.ours = l.ours and c.until is null join targets t on t.connection = l.connection and "
        "t.realm_id = l.realm_id and t.section = l.section and t.id = c.theirs "
        "where l.connection = ?1 and l.realm_id = ?2 and l.section = ?3 and "
        "l.state = 'chosen' and l.body like '%\"kind\":%' order by l.folded, l.ours",
        key_.connection, key_.realm_id, text_in(section));
    while (room() > 0 && row.step())
      if (!mapping::kinds_suit(section, kind_in(row.text(2)), kind_in(row.text(3))))
        found_.push_back({section, row.text(0), row.text(1), {}, false, true});
  }

  /// Of the directory itself: lines may still have to be made of what is new in it.
  void add_undecided(Section section) {
    auto row = db_.query(
        "select d.id, d.name from directory d where d.tenant = ?1 and d.section = ?4 and "
        "not exists (select 1 from choices c where c.connection = ?2 and c.realm_id = ?3 and "
        "c.section = ?4 and c.ours = d.id and c.until is null) order by d.name, d.id limit ?5",
        query_.tenant, key_.connection, key_.realm_id, text_in(section), room());
    while (row.step())
      found_.push_back({section, row.text(0), row.text(1), {}, false, false, true});
  }

  static std::string kind_in(const std::string& body) {
    const auto json = wire::parse(body, "A stored record");
    return json ? wire::text_at(*json, "kind") : std::string();
  }

  Database& db_;
  const CompanyKey& key_;
  const ObstacleQuery& query_;
  std::vector<Obstacle> found_;
};

}  // namespace

std::vector<Obstacle> obstacles(Database& db, const CompanyKey& key, const ObstacleQuery& query) {
  return ObstacleFinder(db, key, query).find();
}

}  // namespace rekey::store
