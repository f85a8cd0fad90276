// What the page asks of a backend, whichever it is: one over HTTP, or a pretended one in the page.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/wire/page.hpp"

namespace rekey::web {

/// Why there is no answer that can be used.
struct Trouble {
  enum class Kind {
    unreachable,    ///< no answer, or not in time
    session_ended,  ///< the cookie of this connection is missing, unknown or too old
    refused,        ///< the backend understood and said no; `problem` says why, for a person
    fault,          ///< the backend is in trouble itself
    absent,         ///< the answer is not from our backend: a plain static server
  };
  Kind kind = Kind::fault;
  wire::Problem problem = {};
  wire::WayOn way = {};  ///< what the backend says besides: the question, the way back
};

template <class T>
struct Reply {
  std::optional<T> value;
  Trouble trouble;  ///< of meaning only without a value
};

template <class T>
using Then = std::function<void(Reply<T>)>;

/// What arrives by itself.
struct Watcher {
  std::function<void(wire::Stepped)> stepped;
  std::function<void()> open;                        ///< the stream is there (again)
  std::function<void(int status, bool ended)> lost;  ///< as of net::StreamEvents
};

/// An answer with nothing in it.
struct Nothing {};

/// Every call answers exactly once, later, never from within the call.
class Backend {
 public:
  virtual ~Backend() = default;
  /// Every later call is about this connection, and about no other.
  virtual void use(const std::string& connection) = 0;
  /// Exchanges the one-time token of the address for a session.
  virtual void sign_in(const wire::SignIn& sign_in, Then<wire::SignedIn> then) = 0;
  /// Whose pages this browser may open.
  virtual void sessions(Then<wire::Sessions> then) = 0;
  /// Ends the session of this connection.
  virtual void sign_out(Then<Nothing> then) = 0;
  virtual void page(Then<wire::Page> then) = 0;
  virtual void command(const wire::Command& command, Then<wire::Outcome> then) = 0;
  virtual void callback(const wire::Callback& callback, Then<wire::Outcome> then) = 0;
  virtual void configuration(Then<wire::ConfigurationPage> then) = 0;
  /// Keeps choices as a draft.
  virtual void keep(const wire::Choices& choices, Then<wire::Outcome> then) = 0;
  /// Saves choices for the host.
  virtual void save(const wire::Choices& choices, Then<wire::Outcome> then) = 0;
  /// Tells of every step after `seq` until `unwatch`. A second call replaces the first.
  virtual void watch(std::int64_t seq, Watcher watcher) = 0;
  virtual void unwatch() = 0;
};

}  // namespace rekey::web
