#include "native/store/imported.hpp"

namespace rekey::store {

namespace {

std::string entity_of(const List& list) {
  return std::string(wire::name_of(list.entity));
}

/// Whether a list has any row of a run after this one; the number of that run.
std::optional<std::int64_t> run_after(Database& db, const List& list, std::int64_t run) {
  auto row = db.query(
      "select run from imported where connection = ?1 and realm_id = ?2 and entity = ?3 and "
      "run > ?4 order by run limit 1",
      list.connection, list.realm_id, entity_of(list), run);
  if (!row.step()) return {};
  return row.int64(0);
}

/// Removes rows of a run, unless the list has come to use it meanwhile: `imported` is looked at
/// while imports go on.
std::int64_t remove_run(Database& db, const List& list, std::int64_t run, int most) {
  constexpr std::string_view unless_needed =
      " and not exists (select 1 from lists l where l.connection = ?1 and l.realm_id = ?2 and "
      "l.entity = ?3 and (l.run = ?4 or l.staged = ?4))";
  db.run(std::string("delete from set_aside where connection = ?1 and realm_id = ?2 and "
                     "entity = ?3 and run = ?4") +
             std::string(unless_needed),
         list.connection, list.realm_id, entity_of(list), run);
  return db.run(
      std::string("delete from imported where connection = ?1 and realm_id = ?2 and entity = ?3 "
                  "and run = ?4 and id in (select id from imported where connection = ?1 and "
                  "realm_id = ?2 and entity = ?3 and run = ?4 order by id limit ?5)") +
          std::string(unless_needed),
      list.connection, list.realm_id, entity_of(list), run, most);
}

}  // namespace

std::int64_t sweep_imported(Database& db, const std::string& connection, int most) {
  struct Kept {
    List list;
    std::int64_t run = 0;
    std::optional<std::int64_t> staged;
  };
  std::vector<Kept> lists;
  {
    auto row = db.query("select realm_id, entity, run, staged from lists where connection = ?1",
                        connection);
    while (row.step()) {
      const auto entity = wire::enumerator_of<imports::Entity>(row.text(1));
      if (!entity) continue;
      lists.push_back({{connection, row.text(0), *entity}, row.int64(2), {}});
      if (!row.is_null(3)) lists.back().staged = row.int64(3);
    }
  }
  std::int64_t gone = 0;
  for (const auto& each : lists) {
    for (auto run = run_after(db, each.list, 0); run; run = run_after(db, each.list, *run)) {
      if (*run == each.run || run == each.staged) continue;
      gone += remove_run(db, each.list, *run, most - static_cast<int>(gone));
      if (gone >= most) return gone;
    }
  }
  return gone;
}

}  // namespace rekey::store
