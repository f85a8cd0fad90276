// What has changed in the store since somebody looked, whoever changed it: so that what is kept in
// memory is never older than a look.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "native/store/database.hpp"

namespace rekey::store {

/// The subject of changes to API keys. Every other subject is a connection's id, or empty: anything
/// may have changed.
constexpr const char* api_keys_changed = "api_keys";

/// A number that is another one whenever some other connection to the file, of this process or of
/// another, has committed since. Costs a look at shared memory, no read.
std::int64_t data_version(Database& db);

/// What changed after `after`, oldest first.
struct Changes {
  std::vector<std::string> subjects;
  std::int64_t newest = 0;
  bool gap = false;  ///< older ones are not there any more: anything may have changed
};
Changes changes_after(Database& db, std::int64_t after);
std::int64_t newest_change(Database& db);
/// Forgets changes that everybody has had time to see.
void prune_changes(Database& db, std::int64_t up_to);

}  // namespace rekey::store
