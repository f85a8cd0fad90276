// The audit: events that concern security or the rights of a tenant, each with its actor. It
// outlives the tenants it tells of; then without personal data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "core/wire/actor.hpp"
#include "core/wire/json.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// One line of the audit.
struct AuditEntry {
  std::int64_t n = 0;  ///< its number; grows with time
  Instant at{};
  std::string event;  ///< the name of an audit::Event
  wire::Actor actor;
  std::optional<std::string> tenant, connection;
  wire::Json detail = wire::Json::object();  ///< counts, ids and reasons; never names
};

/// Of a detail, what names no one: numbers and truth values.
wire::Json without_names(const wire::Json& detail);

/// Appends; `n` is given by the database. Where its tenant or its connection is deleted, it is kept
/// as the deletion would have left it: without them, without the person, without names. In a
/// transaction, or a deletion at the same time may not see it, nor be seen.
void put_audit(Database& db, const AuditEntry& entry);
/// Oldest first, after the number `after`; of one tenant, if that is given.
std::vector<AuditEntry> audit_after(Database& db, std::int64_t after,
                                    const std::optional<std::string>& tenant, int most);
/// The newest of one event; reads back from the end.
std::optional<AuditEntry> newest_audit(Database& db, const std::string& event);
}  // namespace rekey::store
