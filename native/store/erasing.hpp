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
  bool file = false;           ///< it is empty, but the file is large and is not written anew yet
  bool messages_wait = false;  ///< and then again, when these were told
};
/// Notes a deletion that is pending.
void put_deletion(Database& db, const std::string& digest, Instant at,
                  const std::string& revocation);
std::optional<Deletion> deletion(Database& db, const std::string& digest);
void set_revocation(Database& db, const std::string& digest, const std::string& revocation);

/// How long finishing may keep others from writing: a moment, some seconds, or as long as a large
/// file takes (about a second for each 100 MiB).
enum class Effort { small, whole, any_size };
/// Up to which size of the database file, in bytes, it is written anew.
struct RewriteSizes {
  std::int64_t at_once = 8LL << 20;  ///< with Effort::small: some tens of milliseconds
  std::int64_t whole = 128LL << 20;  ///< with Effort::whole: a few seconds
};
/// Finishes what can be finished of deletions: deletes messages that were told, empties the
/// write-ahead log of what was deleted, and writes the file anew, if it is not too large for that:
/// then that is left. False: another program holds the log, so it is worth another try.
bool finish_deletions(Database& db, Effort effort, const RewriteSizes& sizes = {});
/// Whether there are deletions that lack nothing but a large file written anew.
bool waits_for_rewriting(Database& db);

}  // namespace rekey::store
