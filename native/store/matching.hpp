// Which connections' lines are to be made anew (lines.hpp): after an import, or when the directory
// changed.
#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// Asks for the lines of a connection to be made anew; as often as one likes.
void ask_matching(Database& db, const std::string& connection, Instant now);
/// The same for all connections of a tenant.
void ask_matching_of_tenant(Database& db, const std::string& tenant, Instant now);
/// Whether it was asked for and is not done.
bool is_to_be_matched(Database& db, const std::string& connection);

/// A connection in hand. `asked`: how often it was asked for until then.
struct Matching {
  std::string connection;
  std::int64_t asked = 0;
};
/// Takes the one that has waited longest, until a time: nobody else takes it before.
std::optional<Matching> lease_matching(Database& db, Instant now, Instant until);
/// Holds it for longer.
void renew_matching(Database& db, const Matching& matching, Instant until);
/// It is done; where it was asked for again meanwhile, it waits again, from now on.
void finish_matching(Database& db, const Matching& matching, Instant now);

}  // namespace rekey::store
