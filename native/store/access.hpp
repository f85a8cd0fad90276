// Authorization attempts, and grants.
#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

// Everything a caller presents is kept as its SHA-256 only.

/// One authorization attempt.
struct Attempt {
  std::string id;
  std::string connection;
  std::string session;  ///< hash of the page session that began it
  std::string redirect_uri;
  Instant expires{};
};
void put_attempt(Database& db, const Attempt& attempt, const std::string& state_hash);
std::optional<Attempt> attempt_by_state(Database& db, const std::string& state_hash);
/// A connection's attempts that one session began are another's from here on: the same browser has
/// signed in anew, as it has shown by the cookie of the first.
void hand_over_attempts(Database& db, const std::string& connection, const std::string& from,
                        const std::string& to);

/// What is known of a grant beside its tokens. `revision` grows with every refresh.
struct Grant {
  std::string realm_id;
  std::string redirect_uri;
  Instant access_expires{};
  std::int64_t revision = 0;
  Millis access_life{};  ///< of its access token, as the provider gave it
};
void put_grant(Database& db, const std::string& connection, std::int64_t version,
               const Grant& grant);
std::optional<Grant> grant(Database& db, const std::string& connection, std::int64_t version);
/// The scope a grant was given; empty: as it was asked for.
std::string grant_scope(Database& db, const std::string& connection, std::int64_t version);
void set_grant_scope(Database& db, const std::string& connection, std::int64_t version,
                     const std::string& scope);
/// Names the company of a grant, when only its proof told it.
void set_grant_company(Database& db, const std::string& connection, std::int64_t version,
                       const std::string& realm_id);
/// The SHA-256 of a grant's refresh token; empty: it has none any more.
void set_refresh_hash(Database& db, const std::string& connection, std::int64_t version,
                      const std::string& hash);
/// The same of the refresh token before that.
void set_previous_hash(Database& db, const std::string& connection, std::int64_t version,
                       const std::string& hash);
/// Whether another tenant's connection holds the refresh token with this hash, as its newest or as
/// the one before.
bool is_refresh_token_elsewhere(Database& db, const std::string& tenant, const std::string& hash);

}  // namespace rekey::store
