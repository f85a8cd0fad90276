// Who may do what: sessions of the page, authorization attempts, grants.
#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

// Everything a caller presents is kept as its SHA-256 only.

/// A one-time token that signs a tenant's customer in to the page.
void put_page_token(Database& db, const std::string& hash, const std::string& tenant,
                    Instant expires);
/// Uses a page token up; gives its tenant. None: unknown, used or expired.
std::optional<std::string> use_page_token(Database& db, const std::string& hash, Instant now);

void put_page_session(Database& db, const std::string& hash, const std::string& tenant,
                      Instant expires);
/// The tenant of a session that has not expired.
std::optional<std::string> page_session(Database& db, const std::string& hash, Instant now);

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
std::optional<Attempt> attempt_by_id(Database& db, const std::string& id);

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

}  // namespace rekey::store
