// The changes of a tab that the backend does not have yet: those that wait, and the request under
// way.
//
// Changes are numbered from 1 in the order in which they are made. The machine knows the numbers
// only; the choices themselves are kept beside it, in the tab. At most one request is under way at
// a time.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "core/wire/fields.hpp"

namespace rekey::editing {

using wire::field;

/// How things stand is not known: the page starts, or its session has ended. Nothing is sent by
/// itself; changes wait.
struct Away {
  static constexpr std::string_view type = "away";
  bool operator==(const Away&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Nothing is under way. Changes that wait, wait for a step of the connection, or, where the
/// backend refused them, for another change.
struct Idle {
  static constexpr std::string_view type = "idle";
  bool operator==(const Idle&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Changes wait a moment for more of them, so that going through rows quickly is one request.
struct Collecting {
  static constexpr std::string_view type = "collecting";
  bool operator==(const Collecting&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The configuration is being read from the backend.
struct Fetching {
  std::int64_t run = 0;  ///< the import it was asked for after
  bool save = false;     ///< Save Configuration was pressed: saved if nothing newer arrives
  static constexpr std::string_view type = "fetching";
  bool operator==(const Fetching&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("run", &Fetching::run), field("save", &Fetching::save)};
  }
};

/// The configuration could not be read. The person was told, and has a button to try again.
struct Unread {
  static constexpr std::string_view type = "unread";
  bool operator==(const Unread&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The choices, up to a change, are on their way to the backend as a draft.
struct Keeping {
  std::int64_t upto = 0;
  bool save = false;  ///< Save Configuration was pressed: saved once they are there
  static constexpr std::string_view type = "keeping";
  bool operator==(const Keeping&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("upto", &Keeping::upto), field("save", &Keeping::save)};
  }
};

/// No answer came to a draft, so it is not known whether the backend has it: after a moment, what
/// the backend has is read first.
struct Retrying {
  static constexpr std::string_view type = "retrying";
  bool operator==(const Retrying&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The configuration, with the choices up to a change, is on its way to be saved for the host.
struct Saving {
  std::int64_t upto = 0;
  static constexpr std::string_view type = "saving";
  bool operator==(const Saving&) const = default;
  static constexpr auto fields() { return std::tuple{field("upto", &Saving::upto)}; }
};

using Phase = std::variant<Away, Idle, Collecting, Fetching, Unread, Keeping, Retrying, Saving>;

/// Which configuration of the backend the tab shows, under the choices made here.
struct Shown {
  std::int64_t run = 0;       ///< of the import it was read after
  std::int64_t revision = 0;  ///< of its choices; the next draft or save names it as seen
  bool operator==(const Shown&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("run", &Shown::run), field("revision", &Shown::revision)};
  }
};

/// The editing machine of one tab, for one connection.
struct State {
  Phase phase;
  std::int64_t asked = 0;      ///< number of the newest request; an answer to an older one is stale
  std::optional<Shown> shown;  ///< none: nothing was read yet, and nothing can be chosen
  std::int64_t made = 0;       ///< the newest change
  std::int64_t kept = 0;       ///< the newest change that the backend has confirmed
  std::int64_t refused =
      0;                    ///< up to here the backend refused: not sent again without a new change
  std::int64_t told = 0;    ///< up to here the person was told that changes are not kept
  bool leaving = false;     ///< Sign out was pressed, and waits for what is under way
  bool saved_here = false;  ///< saved during this visit, and nothing was changed since
  bool operator==(const State&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("phase", &State::phase),
                      field("asked", &State::asked),
                      field("shown", &State::shown),
                      field("made", &State::made),
                      field("kept", &State::kept),
                      field("refused", &State::refused),
                      field("told", &State::told),
                      field("leaving", &State::leaving),
                      field("saved_here", &State::saved_here)};
  }
};

/// What the page knows of the connection, read off at every event.
struct Facts {
  bool configurable = false;  ///< there is a configuration: connected, imported and applied
  bool editable = false;      ///< the save machine would take a change now
  std::int64_t run = 0;       ///< the newest import
  std::int64_t revision = 0;  ///< the newest revision of the choices
  static constexpr auto fields() {
    return std::tuple{field("configurable", &Facts::configurable),
                      field("editable", &Facts::editable), field("run", &Facts::run),
                      field("revision", &Facts::revision)};
  }
};

/// Whether there are changes that the backend has not confirmed.
inline bool has_unsent(const State& state) {
  return state.made > state.kept;
}

/// Whether Save Configuration was pressed and is not answered yet.
inline bool is_saving(const State& state) {
  if (const auto* fetching = std::get_if<Fetching>(&state.phase)) return fetching->save;
  if (const auto* keeping = std::get_if<Keeping>(&state.phase)) return keeping->save;
  return std::holds_alternative<Saving>(state.phase);
}

/// Whether something is waited for that ends by itself: an answer, or a moment.
inline bool is_running(const State& state) {
  return !std::holds_alternative<Away>(state.phase) && !std::holds_alternative<Idle>(state.phase) &&
         !std::holds_alternative<Unread>(state.phase);
}

/// Whether the answer to this request is still waited for.
inline bool awaits(const State& state, std::int64_t asked) {
  return asked == state.asked && is_running(state);
}

}  // namespace rekey::editing
