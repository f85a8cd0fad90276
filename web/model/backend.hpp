// What the page asks of a backend, whichever it is: one over HTTP, or a pretended one in the page.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/wire/configuration.hpp"

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

/// Which lines of a section are wanted.
struct LinesQuery {
  mapping::Section section = mapping::Section::accounts;
  std::string search = {};  ///< each of its words is somewhere in the record
  std::optional<mapping::LineFilter> filter = {};
  bool backwards = false;   ///< by name, from the last
  std::string cursor = {};  ///< the `next` of the page before; empty: from the beginning
};

/// Which records of the accounting system are wanted that can be chosen in a section.
struct RecordsQuery {
  mapping::Section section = mapping::Section::accounts;
  std::string search = {};
  std::string cursor = {};
};

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

  // The configuration (core/wire/configuration.hpp). A cursor is the `next` of the answer before,
  // or empty.
  virtual void summary(Then<wire::ConfigurationSummary> then) = 0;
  virtual void lines(const LinesQuery& query, Then<wire::LinesPage> then) = 0;
  virtual void records(const RecordsQuery& query, Then<wire::RecordsPage> then) = 0;
  virtual void change(const wire::ConfigurationPatch& patch, Then<wire::EditAnswer> then) = 0;
  virtual void accept(const wire::AcceptSuggestions& what, Then<wire::EditAnswer> then) = 0;
  virtual void go_back(const wire::GoBack& where, Then<wire::EditAnswer> then) = 0;
  virtual void save(const wire::SaveChoices& save, Then<wire::SaveAnswer> then) = 0;
  virtual void versions(const std::string& cursor, Then<wire::ConfigurationVersions> then) = 0;
  /// What differs between two revisions; `to` 0: as it is now.
  virtual void compare(std::int64_t from, std::int64_t to, const std::string& cursor,
                       Then<wire::ChangedChoices> then) = 0;
  virtual void set_aside(const std::string& cursor, Then<wire::SetAsidePage> then) = 0;
  /// All lines as a table for spreadsheets (CSV); and one that was filled in, of a configuration
  /// whose newest revision was seen.
  virtual void sheet(Then<std::string> then) = 0;
  virtual void put_sheet(const std::string& csv, std::int64_t seen,
                         Then<wire::SheetAnswer> then) = 0;

  /// Tells of every step after `seq` until `unwatch`. A second call replaces the first.
  virtual void watch(std::int64_t seq, Watcher watcher) = 0;
  virtual void unwatch() = 0;
};

}  // namespace rekey::web
