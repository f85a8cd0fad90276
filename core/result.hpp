// The result of an operation that may fail: a value, or an Error with a sentence for a person.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace rekey {

/// Why something could not be done: one code for each meaning. Its text name, its HTTP status, what
/// it means and what to do are in one table, core/codes.hpp; docs/errors.md is made from it.
/// Unreachable and unreadable are two things.
enum class Code {
  // The request itself.
  bad_input,           ///< what we were given is not what was asked for
  unknown_member,      ///< the body has a member that this version does not know
  unknown_parameter,   ///< the query has a parameter that this address does not take
  malformed_request,   ///< not HTTP in a form this server understands
  unsupported_type,    ///< a content type or charset that this address does not take
  callback_unusable,   ///< what the provider sent back is no answer to a sign-in of this tab
  not_found,           ///< there is no such thing
  no_such_address,     ///< there is nothing at this path
  nothing_saved,       ///< the connection is there, a saved configuration is not
  not_imported,        ///< the connection is there, the list that was asked for is not
  method_not_allowed,  ///< the address does not take this method
  timed_out,           ///< the request did not arrive in time
  too_large,           ///< the body is larger than this server takes
  header_too_large,    ///< the header is
  expectation_failed,  ///< an Expect other than 100-continue
  // Who asks.
  key_missing,     ///< no API key was sent
  key_unknown,     ///< the API key is not known, or was revoked
  scope_missing,   ///< the API key may not do this
  session_ended,   ///< the page's session is over
  link_spent,      ///< the sign-in link was used, or is too old
  forged_request,  ///< the request did not come from the page itself
  not_signed,      ///< a delivery is not signed by the provider
  // What is the case.
  not_possible,        ///< not an event for this state; nothing was changed
  no_grant,            ///< there is no working grant; the customer has to connect
  sign_in_under_way,   ///< the customer is connecting just now
  removes_too_much,    ///< a directory would lose more than half of it
  limit_reached,       ///< there are as many of these as there may be
  version_changed,     ///< If-Match names another version than there is
  write_under_way,     ///< the same Idempotency-Key is being carried out
  idempotency_reused,  ///< the Idempotency-Key came with another request before
  other_page,          ///< this browser shows another connection than the tab
  confirm_link,        ///< a link for another firm than the one that is open: ask first
  company_elsewhere,   ///< the company is connected by another tenant: ask first
  // How often.
  exhausted,     ///< too often or too much at once; try again later
  just_renewed,  ///< the token was renewed a moment ago for the same reason
  // The other side, and us.
  unreachable,           ///< the other side could not be reached, or did not answer in time
  unreadable,            ///< the other side answered something we cannot read
  misconfigured,         ///< our own configuration is wrong; the customer can do nothing about it
  not_set_up,            ///< the operator has not set up what this needs
  starting,              ///< the service is starting
  database_unavailable,  ///< the database does not answer now
  overloaded,            ///< the service has too much to do
  coding_unknown,        ///< a transfer coding that this server does not know
  version_unknown,       ///< another version of HTTP
  internal,              ///< a fault of ours
};

/// The stable text name of a code, for example "not_possible".
std::string_view code_name(Code code);

/// A failure. `hint` may be shown to a person: what happened, what it means, what to do next.
/// `debug` goes to the log only. Neither may hold a token, a code or a secret.
struct Error {
  Code code = Code::internal;
  std::string hint;
  std::string debug;
  bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand for a failed Result: `return fail(Code::bad_input, "…");`
inline tl::unexpected<Error> fail(Code code, std::string hint, std::string debug = {}) {
  return tl::unexpected<Error>(Error{code, std::move(hint), std::move(debug)});
}

}  // namespace rekey
