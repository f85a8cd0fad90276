#include "native/sandbox/kept/kept.hpp"

#include "native/sandbox/text/json.hpp"

namespace rekey::sandbox {

namespace {

// "RkSb": tells this file from the backend's own, so that neither is ever opened as the other.
constexpr std::int64_t application_id = 0x526B5362;

}  // namespace

Kept::Kept(const std::string& path) : database_(path) {
  if (database_.dialect() != store::Dialect::sqlite)
    throw store::DatabaseError("the sandbox keeps its things in a file; give --store its name");
  store::Transaction transaction(database_);
  std::int64_t id = 0, tables = 0;
  {
    auto asked = database_.query("pragma application_id");
    if (asked.step()) id = asked.int64(0);
    auto counted = database_.query("select count(*) from sqlite_master");
    if (counted.step()) tables = counted.int64(0);
  }
  if (id != application_id && tables != 0)
    throw store::DatabaseError("the file " + path +
                               " is a database of something else; give --store another name, and "
                               "the sandbox makes the file itself");
  database_.run_script(
      "pragma application_id = 1382765410;"
      "create table if not exists kept (position integer primary key, kind text not null,"
      " id text not null, body text not null, unique (kind, id));");
  transaction.commit();
}

void Kept::put(const std::string& kind, const std::string& id, const nlohmann::json& body) {
  const std::lock_guard lock(mutex_);
  if (body.is_null()) {
    database_.run("delete from kept where kind = ?1 and id = ?2", kind, id);
    return;
  }
  database_.run(
      "insert into kept (kind, id, body) values (?1, ?2, ?3)"
      " on conflict (kind, id) do update set body = excluded.body",
      kind, id, json_text(body));
}

std::vector<std::pair<std::string, nlohmann::json>> Kept::all(const std::string& kind) {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, nlohmann::json>> out;
  auto rows = database_.query("select id, body from kept where kind = ?1 order by position", kind);
  while (rows.step()) {
    auto body = nlohmann::json::parse(rows.text(1), nullptr, false);
    if (!body.is_discarded()) out.emplace_back(rows.text(0), std::move(body));
  }
  return out;
}

}  // namespace rekey::sandbox
