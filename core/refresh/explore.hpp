// Takes every step from every state that a grant can be in, so that tests can hold the rules to
// what must always be true, and documentation can be drawn from them.
//
// States that no rule can tell apart are put together: a point in time counts only as passed, near
// or far; revisions are renamed; of meanings and reasons there is one for each way that rules treat
// them. Each moment of a state is tried, also in orders that no clock would give: so what is
// explored is all that can happen, and a little more.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "core/explore_parts.hpp"
#include "core/refresh/step.hpp"

namespace rekey::refresh {

/// One step that was taken.
struct Explored {
  const State& state;
  const Event& event;
  Instant now;
  const Step& step;
};

using explore::Numbers;

/// Walks everything that can be reached, breadth first and always in the same order.
Numbers explore(const std::function<void(const Explored&)>& visit);

/// Every event worth trying in a state.
std::vector<Event> events_for(const State& state);

/// Graphviz of the machine: a node for each phase, an edge for each pair that an event leads from
/// and to.
std::string graphviz();
/// A table in Markdown: what each event does in each phase, and what must be done then.
std::string table();
/// Every number of the policy with its reason, in Markdown.
std::string policy_table();

}  // namespace rekey::refresh
