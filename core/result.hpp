// What a step that may fail gives back: a value, or an Error made for a person to read.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace rekey {

/// Why something could not be done. Each code has a stable text name (`code_name`), used in
/// problem documents, events and logs; refused, unreachable and unreadable are three things.
enum class Code {
  bad_input,      ///< what we were given is not what was asked for
  not_found,      ///< there is no such thing
  not_allowed,    ///< the caller may not do this
  conflict,       ///< something else happened first; read again
  not_possible,   ///< not an event for this state; nothing was changed
  refused,        ///< the other side answered, and said no
  unreachable,    ///< the other side could not be reached, or did not answer in time
  unreadable,     ///< the other side answered something we cannot read
  misconfigured,  ///< our own configuration is wrong; the customer can do nothing about it
  exhausted,      ///< too much at once; try again later
  internal,       ///< a fault of ours
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
