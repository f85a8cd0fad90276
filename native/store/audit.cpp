#include "native/store/audit.hpp"

namespace rekey::store {

namespace {

std::optional<std::string> text_or_none(const Statement& row, int column) {
  if (row.is_null(column)) return {};
  return row.text(column);
}

AuditEntry audit_entry_of(const Statement& row) {
  AuditEntry out;
  out.n = row.int64(0);
  out.at = from_ms(row.int64(1));
  out.event = row.text(2);
  const auto actor = wire::parse(row.text(3), "An actor");
  if (auto read = actor ? wire::read_as<wire::Actor>(*actor, "An actor") : tl::unexpected(Error{}))
    out.actor = std::move(*read);
  out.tenant = text_or_none(row, 4);
  out.connection = text_or_none(row, 5);
  out.detail = wire::parse(row.text(6), "A detail").value_or(wire::Json::object());
  return out;
}

std::vector<AuditEntry> entries_of(Statement& row) {
  std::vector<AuditEntry> out;
  while (row.step()) out.push_back(audit_entry_of(row));
  return out;
}

}  // namespace

wire::Json without_names(const wire::Json& detail) {
  auto out = wire::Json::object();
  if (detail.is_object())
    for (const auto& [name, value] : detail.items())
      if (value.is_number() || value.is_boolean()) out[name] = value;
  return out;
}

void put_audit(Database& db, const AuditEntry& entry) {
  const wire::Actor nobody{entry.actor.kind};
  db.run(
      "insert into audit (at, event, actor, tenant, connection, detail) "
      "select ?1, ?2, case when there then ?3 else ?7 end, case when there then ?4 end, "
      "case when there then ?5 end, case when there then ?6 else ?8 end from (select "
      "(cast(?4 as text) is null or exists (select 1 from tenants where id = ?4)) and "
      "(cast(?5 as text) is null or exists (select 1 from connections where id = ?5)) as there) "
      "asked",
      to_ms(entry.at), entry.event, wire::dump(wire::write(entry.actor)), entry.tenant,
      entry.connection, wire::dump(entry.detail), wire::dump(wire::write(nobody)),
      wire::dump(without_names(entry.detail)));
}

std::vector<AuditEntry> audit_after(Database& db, std::int64_t after,
                                    const std::optional<std::string>& tenant, int most) {
  // Two statements: a value that a statement does not use cannot be bound.
  const std::string begin =
      "select n, at, event, actor, tenant, connection, detail from audit where n > ?1 ";
  auto row = tenant ? db.query(begin + "and tenant = ?2 order by n limit ?3", after, *tenant,
                               std::int64_t{most})
                    : db.query(begin + "order by n limit ?2", after, std::int64_t{most});
  return entries_of(row);
}

std::optional<AuditEntry> newest_audit(Database& db, const std::string& event) {
  auto row = db.query(
      "select n, at, event, actor, tenant, connection, detail from audit where event = ?1 "
      "order by n desc limit 1",
      event);
  if (!row.step()) return {};
  return audit_entry_of(row);
}

}  // namespace rekey::store
