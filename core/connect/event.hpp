// Events of the connect machine: actions of people, and answers of the provider.
#pragma once

#include "core/connect/state.hpp"
#include "core/import/entity.hpp"

namespace rekey::connect {

/// The operator loaded an OAuth 1.0a connection.
struct LegacyLoaded {
  Company company;
  Instant since{};
  std::optional<Instant> expires;
  static constexpr std::string_view type = "legacy_loaded";
  bool operator==(const LegacyLoaded&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("company", &LegacyLoaded::company),
                      field("since", &LegacyLoaded::since),
                      field("expires", &LegacyLoaded::expires)};
  }
};

/// The customer pressed Connect. `attempt` names the attempt; it is random and comes from outside.
struct ConnectPressed {
  std::string attempt;
  Instant expires{};
  static constexpr std::string_view type = "connect_pressed";
  bool operator==(const ConnectPressed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("attempt", &ConnectPressed::attempt),
                      field("expires", &ConnectPressed::expires)};
  }
};

/// The customer gave up the sign-in.
struct CancelPressed {
  static constexpr std::string_view type = "cancel_pressed";
  bool operator==(const CancelPressed&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The browser came back with a code for this attempt; the callback has been validated.
struct CallbackArrived {
  std::string attempt;
  /// Another tenant has connected the company: the customer is told, and may stop it until then
  /// (`telling_time`); none: the code is exchanged at once.
  std::optional<Instant> begins{};
  static constexpr std::string_view type = "callback_arrived";
  bool operator==(const CallbackArrived&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("attempt", &CallbackArrived::attempt),
                      rare_field("begins", &CallbackArrived::begins)};
  }
};

/// Why a sign-in came to nothing, at whichever step.
enum class Failed {
  access_denied,      ///< the customer said no (RFC 6749 4.1.2.1)
  invalid_scope,      ///< the provider refuses what we ask for: our configuration
  missing_company,    ///< the callback named no company
  wrong_issuer,       ///< the callback is of another authorization server (RFC 9207)
  provider_error,     ///< any other error in the callback
  code_expired,       ///< the code was too old, or had been used (invalid_grant)
  misconfigured,      ///< invalid_client and the like: nothing the customer can mend
  unreachable,        ///< no answer from the provider
  unreadable,         ///< an answer that makes no sense
  interrupted,        ///< it is not known whether the code was used; it is never sent twice
  company_refused,    ///< the grant may not read its company
  timed_out,          ///< no step forward within its time
  company_elsewhere,  ///< another tenant has connected this company, and the host forbids a second
};
constexpr std::array<std::string_view, 13> names_of(Failed) {
  return {"access_denied",   "invalid_scope", "missing_company",  "wrong_issuer", "provider_error",
          "code_expired",    "misconfigured", "unreachable",      "unreadable",   "interrupted",
          "company_refused", "timed_out",     "company_elsewhere"};
}

/// Whether only operator or host can mend it: a customer who tries again gets the same.
constexpr bool is_ours(Failed reason) {
  return reason == Failed::invalid_scope || reason == Failed::misconfigured ||
         reason == Failed::unreadable;
}

/// The browser came back with an error for this attempt, or with an answer that may not be used.
struct CallbackRefused {
  std::string attempt;
  Failed reason = Failed::provider_error;
  static constexpr std::string_view type = "callback_refused";
  bool operator==(const CallbackRefused&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("attempt", &CallbackRefused::attempt),
                      field("reason", &CallbackRefused::reason)};
  }
};

/// The code was exchanged; the tokens are in the vault under this version.
struct GrantReceived {
  std::int64_t version = 0;
  Lifetimes lifetimes;
  std::string realm_id{};  ///< the company that the callback named; empty: not known
  static constexpr std::string_view type = "grant_received";
  bool operator==(const GrantReceived&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &GrantReceived::version),
                      field("lifetimes", &GrantReceived::lifetimes),
                      rare_field("realm_id", &GrantReceived::realm_id)};
  }
};

/// The exchange of the code came to nothing.
struct ExchangeFailed {
  std::int64_t version = 0;
  Failed reason = Failed::unreachable;
  static constexpr std::string_view type = "exchange_failed";
  bool operator==(const ExchangeFailed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &ExchangeFailed::version),
                      field("reason", &ExchangeFailed::reason)};
  }
};

/// The new grant read its company. If that makes it the live one, its settings are imported by
/// `plan`.
struct CompanyProved {
  std::int64_t version = 0;
  Company company;
  imports::Plan plan = imports::current_plan();  ///< empty: `plan_of_2026`
  /// What was imported of the same company before stays in use until that is done. Early events did
  /// not say so.
  bool keeps = true;
  static constexpr std::string_view type = "company_proved";
  bool operator==(const CompanyProved&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        field("version", &CompanyProved::version), field("company", &CompanyProved::company),
        rare_field("plan", &CompanyProved::plan), rare_field("keeps", &CompanyProved::keeps)};
  }
};

/// The new grant could not read its company.
struct ProofFailed {
  std::int64_t version = 0;
  Failed reason = Failed::unreachable;
  std::string realm_id{};  ///< the company that the callback named; empty: not known
  static constexpr std::string_view type = "proof_failed";
  bool operator==(const ProofFailed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &ProofFailed::version),
                      field("reason", &ProofFailed::reason),
                      rare_field("realm_id", &ProofFailed::realm_id)};
  }
};

/// The customer confirmed that this is the company they want from now on: another one than before,
/// whose settings are imported by `plan`, or one that another tenant has connected, whose code is
/// exchanged without waiting any longer.
struct CompanyConfirmed {
  std::int64_t version = 0;
  imports::Plan plan = imports::current_plan();  ///< empty: `plan_of_2026`
  static constexpr std::string_view type = "company_confirmed";
  bool operator==(const CompanyConfirmed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &CompanyConfirmed::version),
                      rare_field("plan", &CompanyConfirmed::plan)};
  }
};

/// The customer wants to stay with the company there was.
struct CompanyDeclined {
  std::int64_t version = 0;
  static constexpr std::string_view type = "company_declined";
  bool operator==(const CompanyDeclined&) const = default;
  static constexpr auto fields() { return std::tuple{field("version", &CompanyDeclined::version)}; }
};

/// The customer turned the connection off.
struct DisconnectPressed {
  static constexpr std::string_view type = "disconnect_pressed";
  bool operator==(const DisconnectPressed&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The provider confirmed that the grant is ended, and nothing of it is left with us.
struct Disconnected {
  std::int64_t version = 0;  ///< 0: the OAuth 1.0a connection
  static constexpr std::string_view type = "disconnected";
  bool operator==(const Disconnected&) const = default;
  static constexpr auto fields() { return std::tuple{field("version", &Disconnected::version)}; }
};

/// The provider did not confirm within a day that the grant is ended, however often it was told
/// (core/connect/revocation.hpp). It is not told again.
struct RevocationGivenUp {
  std::int64_t version = 0;  ///< 0: the OAuth 1.0a connection
  static constexpr std::string_view type = "revocation_given_up";
  bool operator==(const RevocationGivenUp&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &RevocationGivenUp::version)};
  }
};

/// The tokens of the live grant were renewed.
struct GrantRefreshed {
  std::int64_t version = 0;
  Lifetimes lifetimes;
  static constexpr std::string_view type = "grant_refreshed";
  bool operator==(const GrantRefreshed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &GrantRefreshed::version),
                      field("lifetimes", &GrantRefreshed::lifetimes)};
  }
};

/// A grant that was obtained elsewhere was brought in by the host; its tokens are in the vault
/// under the next version. Nothing has proved it yet but the host's word.
struct GrantImported {
  Company company;
  Lifetimes lifetimes;
  static constexpr std::string_view type = "grant_imported";
  bool operator==(const GrantImported&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("company", &GrantImported::company),
                      field("lifetimes", &GrantImported::lifetimes)};
  }
};

/// The provider ended the live grant.
struct GrantEnded {
  std::int64_t version = 0;
  Ended reason = Ended::refused;
  std::optional<Instant> keep_until{};  ///< how long its tokens are kept; none: not at all
  static constexpr std::string_view type = "grant_ended";
  bool operator==(const GrantEnded&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &GrantEnded::version), field("reason", &GrantEnded::reason),
                      rare_field("keep_until", &GrantEnded::keep_until)};
  }
};

/// The operator undid the end of a grant whose tokens are kept.
struct GrantRevived {
  std::int64_t version = 0;
  Lifetimes lifetimes;
  static constexpr std::string_view type = "grant_revived";
  bool operator==(const GrantRevived&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &GrantRevived::version),
                      field("lifetimes", &GrantRevived::lifetimes)};
  }
};

/// The accounting API takes the tokens of the live grant again.
struct AccessRestored {
  std::int64_t version = 0;
  static constexpr std::string_view type = "access_restored";
  bool operator==(const AccessRestored&) const = default;
  static constexpr auto fields() { return std::tuple{field("version", &AccessRestored::version)}; }
};

/// The live grant still works, and is known to end for this reason: the customer is told in good
/// time. It may be said again as the end comes nearer.
struct GrantAtRisk {
  std::int64_t version = 0;
  Ended reason = Ended::expired;
  Instant ends{};
  static constexpr std::string_view type = "grant_at_risk";
  bool operator==(const GrantAtRisk&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &GrantAtRisk::version),
                      field("reason", &GrantAtRisk::reason), field("ends", &GrantAtRisk::ends)};
  }
};

/// The live grant cannot be renewed or used, which is not its end. It is over with the next
/// GrantRefreshed, or with AccessRestored (`ends_with_renewal`).
struct GrantInTrouble {
  std::int64_t version = 0;
  Hindrance reason = Hindrance::unavailable;
  Instant since{};
  static constexpr std::string_view type = "grant_in_trouble";
  bool operator==(const GrantInTrouble&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("version", &GrantInTrouble::version),
                      field("reason", &GrantInTrouble::reason),
                      field("since", &GrantInTrouble::since)};
  }
};

}  // namespace rekey::connect
