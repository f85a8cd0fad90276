// The changes in the store since the last look, by any process, so that what is kept in memory is
// never older than a look.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "native/store/database.hpp"

namespace rekey::store {

/// The subject of changes to API keys, and of sessions of the page that ended. Every other subject
/// is a connection's id, or empty: anything may have changed.
constexpr const char* api_keys_changed = "api_keys";
constexpr const char* page_sessions_changed = "page_sessions";

/// How far a caller has looked. It belongs to the one Database it was taken from.
struct Seen {
  std::int64_t newest = 0;   ///< the number of the newest change
  std::int64_t version = 0;  ///< SQLite: of the file, as this connection to it counts
  std::string snapshot;      ///< PostgreSQL: which transactions had ended
};
/// Everything until now.
Seen see(Database& db);

/// What changed since the last look.
struct Changes {
  std::vector<std::string> subjects;  ///< oldest first
  bool gap = false;                   ///< some are not there any more: anything may have changed
};
/// What is new; `seen` goes on to now. On SQLite it costs a look at shared memory when nothing has
/// changed; on PostgreSQL, one question to the server.
Changes changes_since(Database& db, Seen& seen);

/// Forgets changes that every process has had time to see.
void prune_changes(Database& db, std::int64_t up_to);

}  // namespace rekey::store
