// All transitions of the save machine.
#pragma once

#include <optional>

#include "core/move.hpp"
#include "core/save/event.hpp"

namespace rekey::save {

using Event = std::variant<Edited, SavePressed, ConfigurationStored, StoreFailed>;

/// How long storing a configuration may take before the choices count as a draft again.
constexpr Millis store_time = std::chrono::minutes{1};

/// Moves the machine by one event. Pure.
Move<State> step(const State& state, const Event& event, Instant now);
/// Another company: nothing is chosen for it yet. What was chosen for the other one is kept
/// outside.
State start_over(const State& state);
/// Moves the machine by the passing of time; refused (`nothing_due`) when nothing has run out.
Move<State> tick(const State& state, Instant now);
/// When `tick` has something to do next.
std::optional<Instant> due(const State& state);

}  // namespace rekey::save
