// Refreshing a grant, as the store keeps it: whose turn it is, what is being spent, what went
// wrong, and when it is due again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// Whether a process may ask the provider now.
struct Turn {
  enum class Is {
    ours,       ///< the lease is ours, and what we are about to spend is written down
    renewed,    ///< another process was first: there are new tokens
    held_back,  ///< the last try failed a short while ago; no other before `retry_at`
    busy,       ///< another process is at it
    gone,       ///< there is no such grant
  };
  Is is = Is::gone;
  /// ours: an earlier spending of this refresh token never got an answer that was stored.
  bool unsettled = false;
  std::string holder;  ///< busy: changes whenever the other process shows that it lives
  Instant retry_at{};  ///< held_back
  std::string fault;   ///< held_back: why
};

/// Takes the turn to refresh a grant whose revision is still `revision`, and writes down in the
/// same transaction that its refresh token is about to be spent. `stood_still`: a holder that was
/// watched not to change for as long as a lease lasts; it is dead, and its turn is ours. Clocks of
/// different machines are never compared for that.
Turn begin_refresh(Database& db, const std::string& connection, std::int64_t version,
                   std::int64_t revision, const std::string& owner, const std::string& stood_still,
                   Instant now);
/// Shows others that the owner of the turn lives. False: the turn is no longer its.
bool keep_turn(Database& db, const std::string& connection, std::int64_t version,
               const std::string& owner);
/// Whether the turn is taken at this moment.
bool is_refreshing(Database& db, const std::string& connection, std::int64_t version);

/// A refresh that gave no tokens.
struct Setback {
  std::string fault;     ///< its name
  bool settled = false;  ///< the refresh token was certainly not spent
  Instant retry_at{};
};
/// Ends the owner's turn without tokens.
void end_refresh(Database& db, const std::string& connection, std::int64_t version,
                 const std::string& owner, const Setback& setback, Instant now);
/// Ends the owner's turn without a word: nothing was tried.
void give_up_turn(Database& db, const std::string& connection, std::int64_t version,
                  const std::string& owner);

/// New tokens, and when to renew them.
struct Renewal {
  Instant access_expires{};
  Millis access_life{};  ///< as the provider gave it
  Instant due{};
  std::optional<Instant> warn;  ///< when the customer is first told of the end; kept once set
};
/// New tokens are being stored: the revision grows, if it is still the one they came of, and the
/// turn is over. False: another was first, and these tokens must not be stored.
bool renew_grant(Database& db, const std::string& connection, std::int64_t version,
                 std::int64_t revision, const Renewal& renewal);

/// What is known of a grant's refreshing.
struct Refreshing {
  std::int64_t failures = 0;  ///< since the last that was good
  std::string fault;          ///< of the last failure; empty: none
  std::optional<Instant> since;
  std::optional<Instant> retry_at;
};
std::optional<Refreshing> refreshing(Database& db, const std::string& connection,
                                     std::int64_t version);

/// A grant, by its two names.
struct GrantKey {
  std::string connection;
  std::int64_t version = 0;
};
/// Grants whose time to be refreshed has come, oldest first.
std::vector<GrantKey> due_refreshes(Database& db, Instant now, int most);
/// Whether that is so of this one.
bool is_refresh_due(Database& db, const GrantKey& grant, Instant now);
/// When a grant is to be looked at next; none: never again.
void set_refresh_due(Database& db, const GrantKey& grant, std::optional<Instant> due);
/// The grant is in use: it is refreshed `ahead` of its access token's end, or when a quarter of a
/// shorter life is left.
void mark_used(Database& db, const GrantKey& grant, Millis ahead);
/// Grants of which the customer is to be told that the end is near.
std::vector<GrantKey> due_warnings(Database& db, Instant now, int most);
/// When to tell next; none: never. False: it was not due any more, because another process told.
bool set_warning_due(Database& db, const GrantKey& grant, Instant now, std::optional<Instant> due);

}  // namespace rekey::store
