// The refresh machine's state in the row of each grant. Nothing is decided here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/refresh/state.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// A grant, by its two names.
struct GrantKey {
  std::string connection;
  std::int64_t version = 0;
};

/// What the row of a grant says of its refreshing.
struct RefreshRow {
  refresh::State state;
  std::string client_id;  ///< the client it was given to; empty: not known
};
/// None: there is no such grant.
std::optional<RefreshRow> refresh_row(Database& db, const GrantKey& grant);

/// The state of a grant whose tokens are being stored for the first time.
void start_refreshing(Database& db, const GrantKey& grant, const refresh::State& state,
                      const std::string& client_id);
/// Compares and sets: stores the next state if the row still is what `seen` says. False: another
/// caller was first. The holder of a turn goes on showing life.
bool replace_refresh_state(Database& db, const GrantKey& grant, const refresh::State& seen,
                           const refresh::State& next);
/// The client whose refresh token it is, as a renewal has shown.
void set_refresh_client(Database& db, const GrantKey& grant, const std::string& client_id);
/// The client that a grant was given to; empty: not known.
std::string client_of(Database& db, const GrantKey& grant);
/// Nothing is due any more: its tokens are forgotten.
void stop_refreshing(Database& db, const GrantKey& grant);

/// Shows others that the owner of the turn lives. False: the turn is no longer its.
bool show_life(Database& db, const GrantKey& grant, const std::string& owner);
/// Whether the turn is taken at this moment.
bool is_refreshing(Database& db, const GrantKey& grant);

// The oldest of these first, at most so many; nothing else is looked at.

/// Grants to be renewed.
std::vector<GrantKey> due_refreshes(Database& db, Instant now, int most);
/// Grants whose certain end must be told to people.
std::vector<GrantKey> due_warnings(Database& db, Instant now, int most);
/// Grants that the accounting API refused, to be looked at.
std::vector<GrantKey> due_looks(Database& db, Instant now, int most);

/// How many other grants the provider has refused to renew since then; and, since whenever, those
/// that are still kept alive though it refuses them.
std::int64_t refused_since(Database& db, Instant then, const GrantKey& except);
/// How many live grants cannot be renewed or used, or are about to end, by the name of what is
/// against them (connect::Hindrance, connect::Ended).
std::map<std::string, std::int64_t> grants_at_risk(Database& db);
/// How many grants there are that are kept alive: not those that ended, were replaced or turned
/// off.
std::int64_t living_grants(Database& db);

}  // namespace rekey::store
