// Takes every step from every reachable state of a connection, so that tests can hold the rules to
// what must always be true, and documentation can be drawn from the rules themselves.
//
// There are endlessly many states, because times, counts and ids are in them. States that no rule
// can tell apart are therefore put together (`canonical`):
//  - Points in time are dropped. What a rule sees of time is only whether a deadline has passed, so
//    each step is taken once for every choice of which machines' deadlines have (`moments`): just
//    reached, or one millisecond ahead. That includes orders which no clock would give.
//  - Versions, runs and revisions are renamed by their rank, with room for one that is over between
//    any two, whether or not there was one. Rules only compare them.
//  - The company there is is called A, and another one B. An attempt is the current one, the one
//    spent last, or one never heard of.
//  - Names, totals and how many rows were read (beyond none or some) are dropped. Of the lists that
//    are over, what counts is whether all of them were left out.
//  - Of the grants to be revoked only the newest are kept in mind, or none (`Scope`): a rule
//    looks at each by itself.
//  - Unless `Scope` asks for it: the reason of an ended grant, that of a stopped import, which list
//    between the first and the last is being read, and whether lifetimes are known. No rule reads
//    a reason and a list together.
// So what is explored is all that can happen, and a little more.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/connection.hpp"
#include "core/explore_parts.hpp"

namespace rekey::explore {

/// How closely to look. Everything at once would be millions of states that differ in nothing.
struct Scope {
  bool reasons = false;    ///< why a sign-in failed or a grant ended makes states and events
  bool stops = false;      ///< why an import stopped makes states and events
  bool entities = false;   ///< every entity of an import makes a state
  bool lifetimes = false;  ///< known, partly known and unknown lifetimes make states
  bool import = true;      ///< false: the import machine is held at its beginning
  bool save = true;        ///< false: the save machine is held at its beginning
  /// How many grants on the list of revocations make states: the newest. Each is only looked at by
  /// itself.
  std::size_t revocations = 0;
  /// What hinders a live grant, and the tokens kept of one that ended, make states.
  bool trouble = false;
};

/// One step that was taken; `state` is as it was before, with the deadlines of this moment.
struct Taken {
  const State& state;
  const Event& event;
  Instant now;
  const Step& step;
};

/// Walks everything that can be reached from a new connection, breadth first and always in the same
/// order, and shows each step to `visit`.
Numbers explore(const Scope& scope, const std::function<void(const Taken&)>& visit);

/// The one state that stands for all states which no rule can tell from this one.
State canonical(const State& state, const Scope& scope);

/// The time at which every step of an exploration is taken.
Instant present();
/// A canonical state as it can be at `present`: one for each choice of deadlines that have passed.
std::vector<State> moments(const State& state);
/// Every event worth trying in a canonical state: each type, with values that match it, values that
/// are over, and values that were never given out.
std::vector<Event> events_for(const State& state, const Scope& scope);

}  // namespace rekey::explore
