// Events of the refresh machine: requests of callers, answers of the provider, and times that have
// come.
#pragma once

#include "core/refresh/state.hpp"

namespace rekey::refresh {

/// A caller wants an access token. Repeated until the action is an answer.
struct Asked {
  std::string me;                          ///< names the turn that may begin
  Millis good_for{0};                      ///< how long the token is to last
  std::optional<std::int64_t> rejected{};  ///< the revision of a token that was refused
  std::optional<std::int64_t> seen{};      ///< the revision this caller has found wanting
  bool renewing_here = false;              ///< another caller of this process renews it
  bool client_known = true;  ///< the configured client id is the one the grant was given to
  Millis patience{0};        ///< how long the caller may be kept waiting for a next try
  std::string dead{};        ///< `holder_of` a turn whose owner is known to have died
  std::int64_t dice = 0;     ///< from 0 to 9999, by chance
  static constexpr std::string_view type = "asked";
  bool operator==(const Asked&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("me", &Asked::me),
                      field("good_for", &Asked::good_for),
                      field("rejected", &Asked::rejected),
                      field("seen", &Asked::seen),
                      field("renewing_here", &Asked::renewing_here),
                      field("client_known", &Asked::client_known),
                      field("patience", &Asked::patience),
                      field("dead", &Asked::dead),
                      field("dice", &Asked::dice)};
  }
};

/// Its time to be renewed has come, though no caller asks.
struct DueReached {
  std::string me;
  bool client_known = true;
  std::string dead;
  bool gives_way = false;  ///< another process has the turn and lives: leave it to that
  std::int64_t dice = 0;
  static constexpr std::string_view type = "due_reached";
  bool operator==(const DueReached&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("me", &DueReached::me),
                      field("client_known", &DueReached::client_known),
                      field("dead", &DueReached::dead), field("gives_way", &DueReached::gives_way),
                      field("dice", &DueReached::dice)};
  }
};

/// The token endpoint answered with tokens.
struct Renewed {
  std::string me;
  connect::Lifetimes lifetimes;
  bool rotated = false;  ///< with a new refresh token
  std::int64_t dice = 0;
  static constexpr std::string_view type = "renewed";
  bool operator==(const Renewed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("me", &Renewed::me), field("lifetimes", &Renewed::lifetimes),
                      field("rotated", &Renewed::rotated), field("dice", &Renewed::dice)};
  }
};

/// It answered without, or not at all.
struct NotRenewed {
  std::string me;
  Meaning meaning = Meaning::unavailable;
  bool maybe_done = false;                 ///< the refresh token may have been spent all the same
  bool of_previous = false;                ///< what was sent was the refresh token before
  std::optional<std::int64_t> rejected{};  ///< the revision of a token that was refused
  std::optional<Millis> retry_after{};
  bool may_end = true;  ///< no more grants end at this time than is plausible
  std::int64_t dice = 0;
  bool run_out = false;  ///< the end that the provider had stated for the grant has passed
  static constexpr std::string_view type = "not_renewed";
  bool operator==(const NotRenewed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("me", &NotRenewed::me),
                      field("meaning", &NotRenewed::meaning),
                      field("maybe_done", &NotRenewed::maybe_done),
                      field("of_previous", &NotRenewed::of_previous),
                      field("rejected", &NotRenewed::rejected),
                      field("retry_after", &NotRenewed::retry_after),
                      field("may_end", &NotRenewed::may_end),
                      field("dice", &NotRenewed::dice),
                      rare_field("run_out", &NotRenewed::run_out)};
  }
};

/// The turn is over without the provider having been asked.
struct TurnGivenUp {
  std::string me;
  static constexpr std::string_view type = "turn_given_up";
  bool operator==(const TurnGivenUp&) const = default;
  static constexpr auto fields() { return std::tuple{field("me", &TurnGivenUp::me)}; }
};

/// The accounting API answered a call that was made with the token of this revision.
struct AccessAnswered {
  Meaning meaning = Meaning::alive;
  std::int64_t revision = 0;
  bool repeated = false;  ///< with a token that was made because the one before was refused
  std::int64_t dice = 0;
  static constexpr std::string_view type = "access_answered";
  bool operator==(const AccessAnswered&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        field("meaning", &AccessAnswered::meaning), field("revision", &AccessAnswered::revision),
        field("repeated", &AccessAnswered::repeated), field("dice", &AccessAnswered::dice)};
  }
};

/// Callers use the grant.
struct Used {
  std::int64_t dice = 0;
  static constexpr std::string_view type = "used";
  bool operator==(const Used&) const = default;
  static constexpr auto fields() { return std::tuple{field("dice", &Used::dice)}; }
};

/// It is time to tell people of its certain end.
struct WarnReached {
  std::optional<Instant> hard_expires;  ///< none: it is not the live grant
  bool proving = false;                 ///< it is still being proved
  static constexpr std::string_view type = "warn_reached";
  bool operator==(const WarnReached&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("hard_expires", &WarnReached::hard_expires),
                      field("proving", &WarnReached::proving)};
  }
};

/// The operator undoes an end.
struct Revived {
  static constexpr std::string_view type = "revived";
  bool operator==(const Revived&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

using Event = std::variant<Asked, DueReached, Renewed, NotRenewed, TurnGivenUp, AccessAnswered,
                           Used, WarnReached, Revived>;

}  // namespace rekey::refresh
