// The states of the link to a company; each holds exactly what is true in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/time.hpp"
#include "core/wire/fields.hpp"

namespace rekey::connect {

using wire::field;
using wire::rare_field;

/// A company of the provider. The name is known once the company has been read.
struct Company {
  std::string realm_id;
  std::string name;
  bool operator==(const Company&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("realm_id", &Company::realm_id), field("name", &Company::name)};
  }
};

/// Why a grant no longer works. Only the provider ends a grant; trouble on the way never does.
enum class Ended {
  refused,          ///< the provider says the grant is no longer valid (invalid_grant)
  expired,          ///< its refresh token ran out, or the time that the provider gives any grant
  revoked_outside,  ///< the same, while its access token was refused before its end: disconnected
                    ///< at the provider
  legacy_expired,   ///< an OAuth 1.0a connection past its end
  reply_lost,       ///< the provider renewed it, its answer never arrived, and it gives none twice
};
constexpr std::array<std::string_view, 5> names_of(Ended) {
  return {"refused", "expired", "revoked_outside", "legacy_expired", "reply_lost"};
}

/// No connection. `last`: the company it was linked to before, which everything mapped belongs to.
struct Unlinked {
  std::optional<Company> last;
  std::optional<Instant> since;
  static constexpr std::string_view type = "unlinked";
  bool operator==(const Unlinked&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("last", &Unlinked::last), field("since", &Unlinked::since)};
  }
};

/// A working OAuth 1.0a connection, which has to be moved.
struct Legacy {
  Company company;
  Instant since{};
  std::optional<Instant> expires;
  static constexpr std::string_view type = "legacy";
  bool operator==(const Legacy&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("company", &Legacy::company), field("since", &Legacy::since),
                      field("expires", &Legacy::expires)};
  }
};

/// What a grant that still works is known to end of, and when, unless the customer signs in again.
struct Risk {
  Ended reason = Ended::expired;
  Instant ends{};
  bool operator==(const Risk&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("reason", &Risk::reason), field("ends", &Risk::ends)};
  }
};

/// Why a grant that lives cannot be renewed or used for now. None of it ends the grant.
enum class Hindrance {
  misconfigured,   ///< the provider refuses our own credentials; the operator can mend it
  unavailable,     ///< the provider does not answer, or is in trouble
  unreadable,      ///< the provider's answers make no sense
  access_refused,  ///< the accounting API refuses tokens that the token endpoint has just made
  rights_lost,     ///< the person who connected may no longer use the company
  company_lapsed,  ///< the company's subscription lapsed, or it is of another environment
  ending_stopped,  ///< more grants ended at once than is plausible, so that none is ended for now
};
constexpr std::array<std::string_view, 7> names_of(Hindrance) {
  return {"misconfigured", "unavailable",    "unreadable",    "access_refused",
          "rights_lost",   "company_lapsed", "ending_stopped"};
}

/// Who can mend it.
enum class Mender { operator_, provider, customer };
constexpr Mender mender_of(Hindrance reason) {
  switch (reason) {
    case Hindrance::misconfigured:
    case Hindrance::ending_stopped:
      return Mender::operator_;
    case Hindrance::rights_lost:
    case Hindrance::company_lapsed:
      return Mender::customer;
    case Hindrance::unavailable:
    case Hindrance::unreadable:
    case Hindrance::access_refused:
      break;
  }
  return Mender::provider;
}
/// Whether two need the same of the same person, so that who knows of one need not hear of the
/// other. What the provider has to mend, people only wait for.
constexpr bool need_the_same(Hindrance one, Hindrance other) {
  return one == other ||
         (mender_of(one) == Mender::provider && mender_of(other) == Mender::provider);
}
/// Whether a renewal shows that it is over. The others are over when the accounting API says so.
constexpr bool ends_with_renewal(Hindrance reason) {
  return reason == Hindrance::misconfigured || reason == Hindrance::unavailable ||
         reason == Hindrance::unreadable || reason == Hindrance::ending_stopped;
}

/// What keeps a live grant from being renewed or used, and since when; customer and host have been
/// told.
struct Trouble {
  Hindrance reason = Hindrance::unavailable;
  Instant since{};
  bool operator==(const Trouble&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("reason", &Trouble::reason), field("since", &Trouble::since)};
  }
};

/// A working OAuth 2.0 connection. `version` is the version of its grant.
struct Linked {
  Company company;
  std::int64_t version = 0;
  Instant since{};
  Instant access_expires{};
  std::optional<Instant> refresh_expires;  ///< rolling: each renewal puts it off
  std::optional<Instant> hard_expires;     ///< not put off by renewals
  std::optional<Risk> risk{};
  std::optional<Trouble> trouble{};
  static constexpr std::string_view type = "linked";
  bool operator==(const Linked&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("company", &Linked::company),
                      field("version", &Linked::version),
                      field("since", &Linked::since),
                      field("access_expires", &Linked::access_expires),
                      field("refresh_expires", &Linked::refresh_expires),
                      field("hard_expires", &Linked::hard_expires),
                      field("risk", &Linked::risk),
                      rare_field("trouble", &Linked::trouble)};
  }
};

/// A grant that the provider ended and whose tokens are kept, so that an end that was wrong can be
/// undone.
struct Kept {
  std::int64_t version = 0;
  Instant until{};
  bool operator==(const Kept&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &Kept::version), field("until", &Kept::until)};
  }
};

/// The grant has ended and only the customer can give a new one; or the operator, if the end was
/// wrong and its tokens are kept.
struct Broken {
  Company company;
  Ended reason = Ended::refused;
  Instant since{};
  std::optional<Kept> kept{};
  static constexpr std::string_view type = "broken";
  bool operator==(const Broken&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("company", &Broken::company), field("reason", &Broken::reason),
                      field("since", &Broken::since), rare_field("kept", &Broken::kept)};
  }
};

/// Where an authorization began, and where it goes back to when it comes to nothing: whatever
/// worked before still works while the customer is at the provider (make before break).
using Origin = std::variant<Unlinked, Legacy, Linked, Broken>;

/// The customer was sent to the provider and has until `expires` to come back.
struct Authorizing {
  std::string attempt;
  Instant expires{};
  Origin from;
  static constexpr std::string_view type = "authorizing";
  bool operator==(const Authorizing&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("attempt", &Authorizing::attempt),
                      field("expires", &Authorizing::expires), field("from", &Authorizing::from)};
  }
};

/// The customer came back with a code, which is being exchanged for a grant; with `begins`, from
/// then on: until then the customer is told that another tenant has connected the company, and may
/// stop it.
struct Exchanging {
  std::string attempt;
  std::int64_t version = 0;  ///< of the grant that will come of it
  Instant deadline{};
  Origin from;
  std::optional<Instant> begins{};
  static constexpr std::string_view type = "exchanging";
  bool operator==(const Exchanging&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("attempt", &Exchanging::attempt),
                      field("version", &Exchanging::version),
                      field("deadline", &Exchanging::deadline), field("from", &Exchanging::from),
                      rare_field("begins", &Exchanging::begins)};
  }
};

/// The lifetimes a provider stated for a grant.
struct Lifetimes {
  Instant access_expires{};
  std::optional<Instant> refresh_expires;
  std::optional<Instant> hard_expires;
  bool operator==(const Lifetimes&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("access_expires", &Lifetimes::access_expires),
                      field("refresh_expires", &Lifetimes::refresh_expires),
                      field("hard_expires", &Lifetimes::hard_expires)};
  }
};

/// The grant is there and is being proved by a read of its company.
struct Proving {
  std::int64_t version = 0;
  Lifetimes lifetimes;
  Instant deadline{};
  Origin from;
  static constexpr std::string_view type = "proving";
  bool operator==(const Proving&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &Proving::version), field("lifetimes", &Proving::lifetimes),
                      field("deadline", &Proving::deadline), field("from", &Proving::from)};
  }
};

/// The grant works, but for another company than before: the customer decides (company guard).
struct Confirming {
  std::int64_t version = 0;
  Company found;
  Lifetimes lifetimes;
  Instant expires{};
  Origin from;
  static constexpr std::string_view type = "confirming";
  bool operator==(const Confirming&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &Confirming::version), field("found", &Confirming::found),
                      field("lifetimes", &Confirming::lifetimes),
                      field("expires", &Confirming::expires), field("from", &Confirming::from)};
  }
};

/// The customer turned the connection off; the provider is being told. No token is used any more
/// but to revoke it. `version` 0: an OAuth 1.0a connection.
struct Disconnecting {
  Company company;
  std::int64_t version = 0;
  Instant deadline{};
  static constexpr std::string_view type = "disconnecting";
  bool operator==(const Disconnecting&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("company", &Disconnecting::company),
                      field("version", &Disconnecting::version),
                      field("deadline", &Disconnecting::deadline)};
  }
};

using Phase = std::variant<Unlinked, Legacy, Authorizing, Exchanging, Proving, Confirming, Linked,
                           Broken, Disconnecting>;

/// A phase that an authorization can begin from.
template <class T>
concept Standing = std::is_same_v<T, Unlinked> || std::is_same_v<T, Legacy> ||
    std::is_same_v<T, Linked> || std::is_same_v<T, Broken>;
/// A phase of an authorization, which holds what it began from.
template <class T>
concept UnderWay = std::is_same_v<T, Authorizing> || std::is_same_v<T, Exchanging> ||
    std::is_same_v<T, Proving> || std::is_same_v<T, Confirming>;

/// A grant (version 0: the OAuth 1.0a connection) to be ended at the provider, which has
/// not confirmed it. Its tokens are kept for that and for nothing else.
struct Revocation {
  std::int64_t version = 0;
  std::optional<Company> company;  ///< if it is known
  Instant since{};
  std::optional<Instant> tell_at;   ///< when people are told, unless it is over before; none: told
  std::optional<Instant> given_up;  ///< the tries are used up and the tokens forgotten, since then
  bool operator==(const Revocation&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &Revocation::version),
                      field("company", &Revocation::company), field("since", &Revocation::since),
                      field("tell_at", &Revocation::tell_at),
                      field("given_up", &Revocation::given_up)};
  }
};

/// The connect machine: its phase, the highest grant version ever given out (which never goes
/// down), the last authorization attempt that was spent, and what is still to be ended at the
/// provider, oldest first. What a `Disconnecting` waits for is not among these while it waits.
struct State {
  Phase phase;
  std::int64_t versions = 0;
  std::string spent;
  std::vector<Revocation> revocations{};
  bool operator==(const State&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("phase", &State::phase), field("versions", &State::versions),
                      field("spent", &State::spent),
                      rare_field("revocations", &State::revocations)};
  }
};

/// The grant that works and is handed out now, also while a new one is being asked for; or null.
const Linked* live_grant(const State& state);
/// The broken phase a state is in, or that its sign-in began from: it is broken until that ends; or
/// null.
const Broken* broken(const State& state);
/// The version of the grant that a sign-in under way brings, which is not live yet; 0: none.
std::int64_t version_on_trial(const State& state);
/// The grant that ended and whose tokens are kept; or null.
const Kept* kept_grant(const State& state);
/// The exchange that has not begun, because the customer is being told that another tenant has
/// connected the company; or null.
const Exchanging* telling(const State& state);
/// The version that the next grant will have.
std::int64_t next_version(const State& state);
/// The OAuth 1.0a connection that works now; or null.
const Legacy* live_legacy(const State& state);
/// The end that the provider has stated for a grant: its refresh token's, or the hard limit. It is
/// no end yet: only the provider's word is (docs/decisions/0014).
std::optional<Instant> stated_end(const Linked& linked);
/// When time itself is the next event: the end of an OAuth 1.0a connection or of kept tokens, or of
/// what is waited for.
std::optional<Instant> due(const State& state);
/// The same without what is told of revocations.
std::optional<Instant> due_of_phase(const State& state);
/// The company everything mapped belongs to, if there has been one.
const Company* known_company(const State& state);
/// The entry of this version, also where it was given up; or null.
const Revocation* revocation(const State& state, std::int64_t version);
/// The newest one that the provider should have confirmed by now and has not; or null.
const Revocation* unconfirmed(const State& state);

}  // namespace rekey::connect
