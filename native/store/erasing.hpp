// Removes the rows of a connection or a tenant that is deleted, and keeps how the deletion stands.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// How many rows were deleted, by table.
using Rows = std::map<std::string, std::int64_t>;

/// The connections of a tenant, in the order of their ids.
std::vector<std::string> connections_of(Database& db, const std::string& tenant);

/// Ends a connection's sessions on the page, and makes its links useless.
void end_page_access(Database& db, const std::string& connection, Rows& rows);

/// Deletes every row of a connection, and the connection. Its messages are another matter
/// (webhooks.hpp): those that no endpoint waits for go, the others stay.
void delete_connection(Database& db, const std::string& connection, Rows& rows);
/// Deletes a tenant that has no connection any more, and every row of it.
void delete_tenant(Database& db, const std::string& tenant, Rows& rows);

/// What may be said of the deleted in rows that are not theirs.
struct Mentioned {
  std::string tenant;                    ///< its id; empty: it stays
  std::vector<std::string> connections;  ///< their ids
  std::vector<std::string> names;        ///< of tenant and companies
};
/// Takes that out: answers kept for Idempotency-Key and messages of others that mention them go,
/// changes are forgotten, and audit rows keep what happened, but neither the tenant nor the person.
void forget_mentions(Database& db, const Mentioned& of, Rows& rows);

/// Whether `text` has `name` in it as a whole, and not only as part of a longer name.
bool mentions(std::string_view text, std::string_view name);

/// A deletion, known by the digest of its proof alone.
struct Deletion {
  Instant at{};
  std::string revocation;      ///< how the end of its grants stands
  bool log = false;            ///< the write-ahead log still has to be emptied of it
  bool messages_wait = false;  ///< and then again, when these were told
};
/// Notes a deletion that is pending.
void put_deletion(Database& db, const std::string& digest, Instant at,
                  const std::string& revocation);
std::optional<Deletion> deletion(Database& db, const std::string& digest);
void set_revocation(Database& db, const std::string& digest, const std::string& revocation);

/// How long finishing may keep others from writing: a moment, or some seconds.
enum class Effort { small, whole };
/// Finishes what can be finished of deletions: deletes messages that were told, empties the
/// write-ahead log of what was deleted, and writes the file anew, if it is not too large for that.
/// False: another program holds the log, so it is worth another try.
bool finish_deletions(Database& db, Effort effort);

}  // namespace rekey::store
