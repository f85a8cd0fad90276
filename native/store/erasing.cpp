#include "native/store/erasing.hpp"

#include <algorithm>
#include <cctype>

#include "core/wire/actor.hpp"
#include "core/wire/machine.hpp"
#include "native/store/audit.hpp"
#include "native/store/idempotency.hpp"
#include "native/store/schema.hpp"
#include "native/store/webhooks.hpp"

namespace rekey::store {

namespace {

/// Rows of these outlive what they are about.
bool outlives(const std::string& table) {
  return table == "audit" || table == "webhook_messages";
}

void note(Rows& rows, const std::string& table, std::int64_t count) {
  if (count > 0) rows[table] += count;
}

void delete_where(Database& db, const std::string& column, const std::string& id, Rows& rows) {
  for (const auto& table : tables_with(db, column))
    if (!outlives(table) && table != "connections")
      note(rows, table, db.run("delete from \"" + table + "\" where " + column + " = ?1", id));
}

/// As it stands within a text of JSON.
std::string as_in_json(const std::string& text) {
  const auto quoted = wire::dump(wire::Json(text));
  return quoted.substr(1, quoted.size() - 2);
}

void forget_answers(Database& db, const std::string& name, Rows& rows) {
  const auto word = as_in_json(name);
  if (word.empty()) return;
  struct Answer {
    std::string key, id;
  };
  std::vector<Answer> found;
  {
    auto row =
        db.query("select key, id, body from idempotency where replace(body, ?1, '') <> body", word);
    while (row.step())
      if (mentions(row.text(2), word)) found.push_back({row.text(0), row.text(1)});
  }
  for (const auto& each : found)
    note(rows, "idempotency",
         db.run("delete from idempotency where key = ?1 and id = ?2", each.key, each.id));
}

/// Who it was is kept by kind alone.
std::string without_person(const std::string& actor) {
  const auto json = wire::parse(actor, "A stored actor");
  if (!json) return "{}";
  auto read = wire::read_as<wire::Actor>(*json, "A stored actor");
  if (!read) return "{}";
  return wire::dump(wire::write(wire::Actor{read->kind}));
}

void forget_persons(Database& db, const std::string& column, const std::string& id) {
  struct Row {
    std::int64_t n;
    std::string actor, detail;
  };
  std::vector<Row> found;
  {
    auto row = db.query("select n, actor, detail from audit where " + column + " = ?1", id);
    while (row.step()) found.push_back({row.int64(0), row.text(1), row.text(2)});
  }
  for (const auto& each : found)
    db.run(
        "update audit set tenant = null, connection = null, actor = ?2, detail = ?3 where n = ?1",
        each.n, without_person(each.actor),
        wire::dump(without_names(
            wire::parse(each.detail, "A stored detail").value_or(wire::Json::object()))));
}

// What `pending` says of a deletion.
constexpr std::int64_t done = 0;
constexpr std::int64_t log_to_empty = 1;
constexpr std::int64_t told_to_empty = 2;    ///< the log was emptied; messages were still there
constexpr std::int64_t file_to_rewrite = 3;  ///< the log was emptied; the file is large

constexpr const char* with_messages =
    "exists (select 1 from webhook_messages m where m.erase <> 0 and m.deletion = "
    "deletions.digest)";

struct Pending {
  std::string digest;
  bool messages = false;
  bool log = true;  ///< something of it may be there
};

/// Deletions of which something may be in the log, or in the file.
std::vector<Pending> to_be_overwritten(Database& db) {
  std::vector<Pending> out;
  auto row = db.query(std::string("select digest, pending, case when ") + with_messages +
                      " then 1 else 0 end from deletions where pending <> 0");
  while (row.step()) {
    const bool messages = row.int64(2) != 0;
    const auto what = row.int64(1);
    if (what != told_to_empty || !messages)
      out.push_back({row.text(0), messages, what != file_to_rewrite});
  }
  return out;
}

}  // namespace

bool mentions(std::string_view text, std::string_view name) {
  const auto is_of_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '@';
  };
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    const bool begins = at == 0 || !is_of_name(text[at - 1]) || !is_of_name(name.front());
    const bool ends = end == text.size() || !is_of_name(text[end]) || !is_of_name(name.back());
    if (begins && ends) return true;
  }
  return false;
}

std::vector<std::string> connections_of(Database& db, const std::string& tenant) {
  auto row = db.query("select id from connections where tenant = ?1 order by id", tenant);
  std::vector<std::string> out;
  while (row.step()) out.push_back(row.text(0));
  return out;
}

void end_page_access(Database& db, const std::string& connection, Rows& rows) {
  for (const std::string table : {"page_sessions", "page_tokens"})
    note(rows, table, db.run("delete from " + table + " where connection = ?1", connection));
}

void delete_connection(Database& db, const std::string& connection, Rows& rows) {
  // Every table whose rows belong to a connection says so in a column of this name.
  delete_where(db, "connection", connection, rows);
  note(rows, "webhook_messages", delete_told(db, connection));
  note(rows, "connections", db.run("delete from connections where id = ?1", connection));
}

void delete_tenant(Database& db, const std::string& tenant, Rows& rows) {
  delete_where(db, "tenant", tenant, rows);
  note(rows, "tenants", db.run("delete from tenants where id = ?1", tenant));
}

void forget_mentions(Database& db, const Mentioned& of, Rows& rows) {
  keep_no_answers_under_way(db);
  for (const auto& connection : of.connections) {
    forget_answers(db, connection, rows);
    forget_persons(db, "connection", connection);
    note(rows, "webhook_messages", delete_told_about(db, connection));
    db.run("delete from changes where subject = ?1", connection);
  }
  for (const auto& name : of.names) forget_answers(db, name, rows);
  if (of.tenant.empty()) return;
  forget_answers(db, of.tenant, rows);
  forget_persons(db, "tenant", of.tenant);
  note(rows, "webhook_messages", delete_told_about(db, "tenant\":\"" + of.tenant + "\""));
}

void put_deletion(Database& db, const std::string& digest, Instant at,
                  const std::string& revocation) {
  db.run(
      "insert into deletions (digest, at, pending, revocation) values (?1, ?2, ?3, ?4) "
      "on conflict do nothing",
      digest, to_ms(at), log_to_empty, revocation);
}

std::optional<Deletion> deletion(Database& db, const std::string& digest) {
  auto row = db.query(std::string("select at, revocation, pending, case when ") + with_messages +
                          " then 1 else 0 end from deletions where digest = ?1",
                      digest);
  if (!row.step()) return {};
  const auto pending = row.int64(2);
  const bool messages = row.int64(3) != 0;
  return Deletion{from_ms(row.int64(0)), row.text(1),
                  pending == log_to_empty || (pending == told_to_empty && !messages),
                  pending == file_to_rewrite, messages};
}

void set_revocation(Database& db, const std::string& digest, const std::string& revocation) {
  db.run("update deletions set revocation = ?2 where digest = ?1", digest, revocation);
}

bool finish_deletions(Database& db, Effort effort, const RewriteSizes& sizes) {
  erase_told(db);
  const auto pending = to_be_overwritten(db);
  const auto size = pending.empty() ? 0 : file_size(db);
  const bool may_rewrite = size <= sizes.whole || effort == Effort::any_size;
  if (!may_rewrite &&
      std::none_of(pending.begin(), pending.end(), [](const auto& each) { return each.log; }))
    return true;
  if (pending.empty()) return true;
  // Only while there is no reader, or the log would grow by the whole file each time.
  if (!overwrite_deleted(db)) return false;
  if (may_rewrite) {
    if (size > sizes.at_once && effort == Effort::small) return true;
    if (!rewrite_file(db) || !overwrite_deleted(db)) return false;
  }
  const auto next = may_rewrite ? done : file_to_rewrite;
  for (const auto& each : pending)
    db.run("update deletions set pending = ?2 where digest = ?1", each.digest,
           each.messages ? told_to_empty : next);
  return true;
}

bool waits_for_rewriting(Database& db) {
  auto row = db.query("select 1 from deletions where pending = ?1 limit 1", file_to_rewrite);
  return row.step();
}

}  // namespace rekey::store
