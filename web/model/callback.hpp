// The way back from the provider: what the address held, judged before anything is sent on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/oauth/callback.hpp"
#include "core/wire/page.hpp"

namespace rekey::web {

/// The sign-in that this tab began, kept in the tab while the person is at the provider.
struct Attempt {
  std::string state;  ///< what the callback must bring back
  Instant began{};
  bool spent = false;     ///< a callback of it has been sent on
  bool answered = false;  ///< and what came of that is known
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("state", &Attempt::state), field("began", &Attempt::began),
                      field("spent", &Attempt::spent), field("answered", &Attempt::answered)};
  }
};

std::string write_attempt(const Attempt& attempt);
/// What was stored, or nothing when it cannot be read.
std::optional<Attempt> read_attempt(std::string_view stored);

/// What to do with what the address held.
struct Arrival {
  enum class Kind {
    none,     ///< the page was simply opened
    send_on,  ///< it answers our own sign-in: `callback` goes to the backend
    explain,  ///< it may not be used: `id` is the text that says why and what to do
  };
  Kind kind = Kind::none;
  wire::Callback callback = {};
  std::string id = {};
};

/// Judges the query of the address by the attempt of this tab. A callback that is not of this
/// tab's own sign-in is never sent on, so nobody can slip us a sign-in of theirs (RFC 6749 10.12).
/// One that is of it but brings an error is sent on, so that the attempt ends in the backend too.
Arrival judge_arrival(std::string_view query, const std::optional<Attempt>& attempt,
                      const wire::Page& page);

}  // namespace rekey::web
