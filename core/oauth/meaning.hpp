// The meaning of a provider's answer. Every answer of the token endpoint and of the accounting API
// is turned into one of these before any rule looks at it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "core/wire/fields.hpp"

namespace rekey::oauth {

/// Only `grant_ended` is the provider's word that a grant is over. Nothing else ends one.
enum class Meaning {
  alive,           ///< it did what was asked
  stale_token,     ///< it does not accept this access token: renew it
  grant_ended,     ///< it says to the client the grant was given to that the grant is over
  rights_lost,     ///< the person who connected may no longer use the company
  company_lapsed,  ///< the company is not open to this grant: lapsed, or of another environment
  misconfigured,   ///< our client id, secret or request: never the customer's fault
  throttled,       ///< asked too often: wait
  unavailable,     ///< down, in trouble or unreachable: later again
  unreadable,      ///< an answer that makes no sense: later again
  list_refused,    ///< this list, or this request, is not for this company; others are
};
constexpr std::array<std::string_view, 10> names_of(Meaning) {
  return {"alive",         "stale_token", "grant_ended", "rights_lost", "company_lapsed",
          "misconfigured", "throttled",   "unavailable", "unreadable",  "list_refused"};
}

/// Whether the same call may succeed later by itself.
constexpr bool passes(Meaning meaning) {
  return meaning == Meaning::throttled || meaning == Meaning::unavailable ||
         meaning == Meaning::unreadable || meaning == Meaning::stale_token;
}

/// An answer that is not `alive`.
struct Failure {
  Meaning meaning = Meaning::unavailable;
  /// The provider may have acted on the call all the same: a code or refresh token that was sent
  /// counts as spent.
  bool maybe_done = false;
  std::optional<Millis> retry_after{};  ///< how long it asks us to wait (RFC 9110 10.2.3)
  std::string debug{};                  ///< status, fault code and trace, for the log
};

/// A row of the table by which answers are judged: the first row that fits decides. docs/answers.md
/// is made from both tables.
struct AnswerRow {
  int from = 0, to = 0;   ///< statuses
  std::string_view code;  ///< `error` of the token endpoint, code of a fault; empty: any
  std::string_view text;  ///< in the description or the fault, in any case; empty: any
  Meaning meaning = Meaning::unreadable;
  std::string_view source;  ///< where the rule comes from
};

/// What a row is compared with.
struct Answer {
  int status = 0;
  std::string code;  ///< empty: none
  std::string text;
};

/// The first row that fits an answer; null: none.
const AnswerRow* row_for(const Answer& answer, const AnswerRow* rows, std::size_t count);

}  // namespace rekey::oauth
