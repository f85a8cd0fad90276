// The health of a connection, for people and programs: whether it works, until when that is
// certain, and what to do.
#pragma once

#include <optional>
#include <string>

#include "native/work/tokens.hpp"

namespace rekey::work {

/// How a connection is.
enum class Standing {
  none,     ///< nothing is connected, or a sign-in is under way
  legacy,   ///< works with OAuth 1.0a, and must be upgraded
  linked,   ///< works, and nothing speaks against its going on
  at_risk,  ///< works, and ends (or stops working for a while) unless something is done
  broken,   ///< does not work; only the customer can mend it
};
constexpr std::array<std::string_view, 5> names_of(Standing) {
  return {"none", "legacy", "linked", "at_risk", "broken"};
}

/// What is wrong with one that works, or was.
struct Health {
  Standing standing = Standing::none;
  /// Whether there is a credential that works at this moment: an OAuth 1.0a connection that has not
  /// run out, or a grant with an access token that is good or can be renewed.
  bool usable = false;
  /// at_risk: the name of a connect::Hindrance or of a connect::Ended; broken: the latter; none:
  /// what is still open of the connection there was, `revocation_pending` or `revocation_given_up`.
  std::string reason;
  std::optional<Instant> since;     ///< at_risk, broken: since when
  std::optional<Instant> until;     ///< at_risk: how long it works for certain
  std::optional<Instant> retry_at;  ///< at_risk: when it is tried next
  std::string what_to_do;           ///< a sentence; empty: nothing
};

/// The state as time alone makes it: what has run out has, though no step has said so yet.
State as_of(State state, Instant now);

/// Why a state has no grant that works: the name of a connect::Ended, `legacy`, `unconfirmed` (of
/// another company than before, and the customer has not said yes), `sign_in_under_way`,
/// `disconnecting` or `not_connected`.
std::string why_no_grant(const State& state);

/// An access whose end the provider has not confirmed in good time.
struct Unended {
  std::int64_t grant = 0;  ///< 0: the OAuth 1.0a connection
  std::string company;     ///< empty: not known
  Instant since{};
  bool given_up = false;  ///< the provider is not told any more
  std::string what_to_do;
};
/// Those of a connection. What was given up is named for 30 days.
std::vector<Unended> unended_of(const State& state, Instant now);

/// From what is stored; the provider is not asked.
Health health_of(store::Database& db, const store::StoredConnection& connection, Instant now);

/// What a call to the provider showed.
struct Probe {
  bool works = false;
  std::string reason;  ///< when not: the name of an oauth::Meaning, or `access_refused`
  connect::Company company;
  std::optional<Millis> retry_after{};  ///< how long the provider asks us to wait
};
/// Really reads the company with the connection's token, renewing that if it must. It ends nothing
/// but what the token endpoint says has ended, and where another client is configured than the
/// grant was given to it only says so. None: there is no live grant.
/// Driver and clients must outlive it.
async::Task<std::optional<Probe>> probe(Driver& driver, const ProviderClients& clients,
                                        std::string connection);

}  // namespace rekey::work
