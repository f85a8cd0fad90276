// All transitions of the editing machine: drafts, saves, conflicts, and leaving with changes.
#pragma once

#include "core/editing/action.hpp"
#include "core/editing/event.hpp"
#include "core/refusal.hpp"

namespace rekey::editing {

/// How long changes wait for more, in milliseconds: long enough that going through rows quickly is
/// one request, short enough to be safe.
constexpr std::int64_t collect_ms = 800;
/// How long after a draft without an answer the backend is asked again, in milliseconds.
constexpr std::int64_t retry_ms = 3000;

/// `refused` is set exactly when the event was not possible; then `next` is the state as it was and
/// there are no actions.
struct Step {
  State next;
  Actions actions;
  std::optional<Refusal> refused;
};

/// Moves the machine by one event. Pure. The actions are performed in their order.
Step step(const State& state, const Event& event, const Facts& facts);

/// The machine of another connection in the same tab: nothing of it is known, and requests go on
/// being numbered, so that late answers about the one before are recognised.
State start_over(const State& state);

}  // namespace rekey::editing
