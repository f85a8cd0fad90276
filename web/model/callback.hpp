// The way back from the provider: what the address held, judged before anything is sent on.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/oauth/callback.hpp"
#include "core/wire/page.hpp"

namespace rekey::web {

/// The sign-in that this tab began, kept in the tab while the person is at the provider.
struct Attempt {
  std::string state;  ///< what the callback must bring back
  Instant began{};
  bool spent = false;           ///< a callback of it has been sent on
  bool answered = false;        ///< and what came of that is known
  std::string connection = {};  ///< whose page began it; the way back is to that page
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("state", &Attempt::state), field("began", &Attempt::began),
                      field("spent", &Attempt::spent), field("answered", &Attempt::answered),
                      field("connection", &Attempt::connection)};
  }
};

/// The attempts of this tab, the newest of each connection. A tab may show one firm's page after
/// another, and the person may come back from the provider to each of them.
class Attempts {
 public:
  /// What was kept; none when it cannot be read.
  static Attempts read(std::string_view stored);
  std::string write() const;

  /// Takes the place of the connection's earlier one; the oldest give way beyond eight.
  void put(Attempt attempt);
  void forget(std::string_view connection);
  const Attempt* of_state(std::string_view state) const;
  const Attempt* of_connection(std::string_view connection) const;

 private:
  std::vector<Attempt> all_;  ///< newest last
};

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
