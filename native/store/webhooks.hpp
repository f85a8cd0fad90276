// The webhooks' outbox: endpoints of the host, messages, and deliveries still to be made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// Where the host wants to be told. The secret is as it is sealed.
struct WebhookEndpoint {
  std::string id;
  std::string url;
  std::string types;  ///< names with spaces between; empty: all
  Instant created{};
  std::optional<Instant> disabled;
  std::string key_id, wrapped, sealed;
};
void put_endpoint(Database& db, const WebhookEndpoint& endpoint);
std::vector<WebhookEndpoint> list_endpoints(Database& db);
std::optional<WebhookEndpoint> endpoint(Database& db, const std::string& id);
bool delete_endpoint(Database& db, const std::string& id);
/// Turned off (nothing is sent until it is turned on), or on again (none).
void set_endpoint_disabled(Database& db, const std::string& id, std::optional<Instant> since);

/// What happened, as it is sent.
struct WebhookMessage {
  std::string id;
  std::string connection;
  std::string type;
  Instant at{};
  std::string body;  ///< JSON
};
/// Keeps a message and queues it for every endpoint that wants its type.
void put_message(Database& db, const WebhookMessage& message);

/// One message for one endpoint.
struct Delivery {
  std::int64_t message = 0;  ///< its number
  WebhookMessage content;
  WebhookEndpoint to;
  int attempts = 0;  ///< before this one
};
/// Leases the delivery that has waited longest, of all endpoints but those in `busy` (ids); none:
/// nothing is due.
std::optional<Delivery> lease_delivery(Database& db, Instant now, Instant until,
                                       const std::vector<std::string>& busy = {});
/// What came of it; `status` 0: no answer. `next`: when to try again; none: never.
void end_delivery(Database& db, const Delivery& delivery, bool delivered, int status, Instant now,
                  std::optional<Instant> next);
/// Queues what an endpoint was, or was not, sent before: one message by id, or all of a time (from,
/// to). Gives how many.
std::int64_t redeliver(Database& db, const std::string& endpoint, const std::string& message,
                       Instant now);
std::int64_t replay(Database& db, const std::string& endpoint, Instant from, Instant to,
                    Instant now);

/// How a message to an endpoint stands.
struct DeliveryState {
  std::int64_t n = 0;
  WebhookMessage content;
  int attempts = 0;
  bool delivered = false;
  std::optional<Instant> last_at, next_at;
  int last_status = 0;
};
/// Newest first, before the number `before` (0: from the newest on).
std::vector<DeliveryState> deliveries(Database& db, const std::string& endpoint,
                                      std::int64_t before, int most);

// Messages of what is deleted: those that an endpoint waits for are sent first.

/// Deletes a connection's messages that no endpoint waits for (any more); gives how many.
std::int64_t delete_told(Database& db, const std::string& connection);
/// The same of all messages with these words in them; those that are waited for go when they are
/// told.
std::int64_t delete_told_about(Database& db, const std::string& words);
/// The connection is deleted, with a proof of this digest: its messages go as soon as they are
/// told, at once those that no endpoint waits for. They are not sent again on request.
void let_messages_outlive(Database& db, const std::string& connection, const std::string& deletion);
/// Deletes the messages of deleted connections that no endpoint waits for any more.
std::int64_t erase_told(Database& db);

}  // namespace rekey::store
