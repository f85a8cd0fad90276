// Reads and judges the callback, the provider's answer through the browser (RFC 6749 4.1.2, RFC
// 9207).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/connect/event.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "core/wire/fields.hpp"

namespace rekey::oauth {

/// A callback as it stood in the address. Values longer than their limits (a code: 4096
/// characters) and parameters given twice are not taken (RFC 6749 3.1: once each).
struct Callback {
  std::optional<std::string> state, code, realm_id, iss, error;
  bool repeated = false;  ///< a parameter was there more than once, or was longer than it may be
  /// Whether the address holds a callback at all.
  bool present() const { return state || code || error; }
};

/// Reads a query string, with or without its '?'.
Callback read_callback(std::string_view query);

/// What the callback is judged by.
struct Expectation {
  std::string state;             ///< of the attempt; empty: none was begun here
  std::string issuer;            ///< of the provider; empty: not known
  bool issuer_required = false;  ///< the provider sends `iss` always
  bool company_required = true;  ///< the provider names the company in the callback
};

/// What is wrong with a callback. The words are in the catalogue under "callback.<name>".
enum class Flaw {
  malformed,        ///< no state, no code and no error, a parameter twice, or longer than it may be
  no_attempt,       ///< no sign-in was begun here
  foreign_state,    ///< the state is of another sign-in, or of another browser (RFC 6749 10.12)
  wrong_issuer,     ///< `iss` is another authorization server's, or missing (RFC 9207 2.4)
  refused,          ///< the provider says no: see `reason`
  missing_company,  ///< there is a code, but no company
};
constexpr std::array<std::string_view, 6> names_of(Flaw) {
  return {"malformed", "no_attempt", "foreign_state", "wrong_issuer", "refused", "missing_company"};
}

/// A callback that may be exchanged. Only `validate_callback` makes one.
class ValidCallback {
 public:
  const Secret& code() const { return code_; }
  const std::string& realm_id() const { return realm_id_; }

 private:
  friend struct Judge;
  Secret code_;
  std::string realm_id_;
};

/// The judgement on a callback that may not be exchanged. `reason` is what the attempt failed of,
/// set when the callback does belong to the attempt, which then is over (`refused`,
/// `missing_company`, `wrong_issuer`); otherwise the attempt goes on and nothing was changed.
struct Rejected {
  Flaw flaw = Flaw::malformed;
  std::optional<connect::Failed> reason;
  bool operator==(const Rejected&) const = default;
};

/// Judges a callback, in this order: its form, its state, its issuer, its error, its company. So an
/// error text of a stranger never ends a customer's attempt.
tl::expected<ValidCallback, Rejected> validate_callback(const Callback& callback,
                                                        const Expectation& expected);

}  // namespace rekey::oauth
