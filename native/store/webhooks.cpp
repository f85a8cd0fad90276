#include "native/store/webhooks.hpp"

namespace rekey::store {

namespace {

constexpr const char* endpoint_columns =
    "select id, url, types, created, disabled, key_id, wrapped, sealed from webhook_endpoints ";

std::optional<Instant> instant(const Statement& row, int column) {
  if (row.is_null(column)) return {};
  return from_ms(row.int64(column));
}

WebhookEndpoint endpoint_of(const Statement& row) {
  return {row.text(0),     row.text(1), row.text(2), from_ms(row.int64(3)),
          instant(row, 4), row.text(5), row.blob(6), row.blob(7)};
}

std::optional<std::int64_t> ms(const std::optional<Instant>& at) {
  if (!at) return {};
  return to_ms(*at);
}

// ' a b ' has ' a ' in it: names are compared whole.
constexpr const char* queue =
    "insert into webhook_deliveries (endpoint, message, next_at) "
    "select e.id, m.n, ?1 from webhook_endpoints e, webhook_messages m where ";
constexpr const char* wants =
    "(e.types = '' or replace(' ' || e.types || ' ', ' ' || m.type || ' ', '') <> "
    "' ' || e.types || ' ')";
/// The message m is still to be delivered.
constexpr const char* waited_for =
    "exists (select 1 from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint "
    "where d.message = m.n and d.next_at is not null and e.disabled is null)";
constexpr const char* again =
    " on conflict (endpoint, message) do update set attempts = 0, next_at = excluded.next_at, "
    "lease_until = null, delivered = null";

}  // namespace

void put_endpoint(Database& db, const WebhookEndpoint& endpoint) {
  db.run(
      "insert into webhook_endpoints (id, url, types, created, key_id, wrapped, sealed) "
      "values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      endpoint.id, endpoint.url, endpoint.types, to_ms(endpoint.created), endpoint.key_id,
      Blob{endpoint.wrapped}, Blob{endpoint.sealed});
}

std::vector<WebhookEndpoint> list_endpoints(Database& db) {
  auto row = db.query(std::string(endpoint_columns) + "order by created, id");
  std::vector<WebhookEndpoint> out;
  while (row.step()) out.push_back(endpoint_of(row));
  return out;
}

std::optional<WebhookEndpoint> endpoint(Database& db, const std::string& id) {
  auto row = db.query(std::string(endpoint_columns) + "where id = ?1", id);
  if (!row.step()) return {};
  return endpoint_of(row);
}

bool delete_endpoint(Database& db, const std::string& id) {
  return db.run("delete from webhook_endpoints where id = ?1", id) == 1;
}

void set_endpoint_disabled(Database& db, const std::string& id, std::optional<Instant> since) {
  db.run("update webhook_endpoints set disabled = ?2 where id = ?1", id, ms(since));
}

void put_message(Database& db, const WebhookMessage& message) {
  db.run(
      "insert into webhook_messages (id, connection, type, at, body) values (?1, ?2, ?3, ?4, ?5)",
      message.id, message.connection, message.type, to_ms(message.at), message.body);
  db.run(std::string(queue) + "m.id = ?2 and e.disabled is null and " + wants, to_ms(message.at),
         message.id);
}

std::int64_t delete_told(Database& db, const std::string& connection) {
  return db.run(std::string("delete from webhook_messages as m where m.connection = ?1 and not ") +
                    waited_for,
                connection);
}

std::int64_t delete_told_about(Database& db, const std::string& words) {
  const auto count = db.run(std::string("delete from webhook_messages as m where m.erase = 0 and "
                                        "replace(m.body, ?1, '') <> m.body and not ") +
                                waited_for,
                            words);
  // Those that are waited for go when they are told, too.
  db.run("update webhook_messages set erase = 1 where erase = 0 and replace(body, ?1, '') <> body",
         words);
  return count;
}

void let_messages_outlive(Database& db, const std::string& connection,
                          const std::string& deletion) {
  delete_told(db, connection);
  db.run(
      "update webhook_messages set erase = 1, deletion = ?2 "
      "where connection = ?1 or (erase <> 0 and deletion is null)",
      connection, deletion);
}

std::int64_t erase_told(Database& db) {
  {
    auto any = db.query("select 1 from webhook_messages where erase <> 0 limit 1");
    if (!any.step()) return 0;
  }
  return db.run(std::string("delete from webhook_messages as m where m.erase <> 0 and not ") +
                waited_for);
}

std::optional<Delivery> lease_delivery(Database& db, Instant now, Instant until,
                                       const std::vector<std::string>& busy) {
  std::string but = " ";
  for (const auto& each : busy) but += each + " ";
  auto leased = db.query(
      "update webhook_deliveries set lease_until = ?2 where (endpoint, message) = ("
      "  select d.endpoint, d.message from webhook_deliveries d"
      "  join webhook_endpoints e on e.id = d.endpoint"
      "  where d.next_at <= ?1 and (d.lease_until is null or d.lease_until <= ?1)"
      "  and e.disabled is null and replace(?3, ' ' || d.endpoint || ' ', '') = ?3"
      "  order by d.next_at, d.message limit 1" +
          passing_over_taken(db, "d") + ") returning endpoint, message, attempts",
      to_ms(now), to_ms(until), but);
  if (!leased.step()) return {};
  Delivery out;
  const auto to = leased.text(0);
  out.message = leased.int64(1);
  out.attempts = static_cast<int>(leased.int64(2));
  leased.reset();
  auto row = db.query("select id, connection, type, at, body from webhook_messages where n = ?1",
                      out.message);
  // Deleted at this very moment.
  if (!row.step()) return {};
  out.content = {row.text(0), row.text(1), row.text(2), from_ms(row.int64(3)), row.text(4)};
  row.reset();
  out.to = endpoint(db, to).value_or(WebhookEndpoint{});
  return out;
}

void end_delivery(Database& db, const Delivery& delivery, bool delivered, int status, Instant now,
                  std::optional<Instant> next) {
  db.run(
      "update webhook_deliveries set attempts = attempts + 1, lease_until = null, next_at = ?3, "
      "delivered = ?4, last_at = ?5, last_status = ?6 where endpoint = ?1 and message = ?2",
      delivery.to.id, delivery.message, ms(next), std::int64_t{delivered}, to_ms(now),
      std::int64_t{status});
}

std::int64_t redeliver(Database& db, const std::string& endpoint, const std::string& message,
                       Instant now) {
  return db.run(std::string(queue) + "e.id = ?2 and m.id = ?3 and m.erase = 0" + again, to_ms(now),
                endpoint, message);
}

std::int64_t replay(Database& db, const std::string& endpoint, Instant from, Instant to,
                    Instant now) {
  return db.run(std::string(queue) + "e.id = ?2 and m.at >= ?3 and m.at < ?4 and m.erase = 0 and " +
                    wants + again,
                to_ms(now), endpoint, to_ms(from), to_ms(to));
}

std::vector<DeliveryState> deliveries(Database& db, const std::string& endpoint,
                                      std::int64_t before, int most) {
  auto row = db.query(
      "select m.n, m.id, m.connection, m.type, m.at, m.body, d.attempts, d.delivered, d.last_at, "
      "d.next_at, d.last_status from webhook_deliveries d "
      "join webhook_messages m on m.n = d.message "
      "where d.endpoint = ?1 and (?2 = 0 or d.message < ?2) order by d.message desc limit ?3",
      endpoint, before, std::int64_t{most});
  std::vector<DeliveryState> out;
  while (row.step())
    out.push_back({row.int64(0),
                   {row.text(1), row.text(2), row.text(3), from_ms(row.int64(4)), row.text(5)},
                   static_cast<int>(row.int64(6)),
                   row.int64(7) != 0,
                   instant(row, 8),
                   instant(row, 9),
                   static_cast<int>(row.int64(10))});
  return out;
}

}  // namespace rekey::store
