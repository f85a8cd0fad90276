// All transitions of the import machine.
#pragma once

#include <optional>

#include "core/import/event.hpp"
#include "core/move.hpp"

namespace rekey::imports {

using Event =
    std::variant<ImportPressed, ResumePressed, PausePressed, CancelImportPressed, RetryListPressed,
                 SkipListPressed, PageImported, ListRefused, ImportFailed, ApplyPressed>;

/// How long an import may be silent before it counts as stopped.
constexpr Millis silence = std::chrono::minutes{5};

/// Moves the machine by one event; `version` is the grant to read with. Pure.
Move<State> step(const State& state, const Event& event, std::int64_t version, Instant now);
/// A new grant was linked: a run that is under way is replaced, and everything is read anew, in
/// this order (empty: `plan_of_2026`). `keeps`: what is in use stays so until then.
Move<State> start(const State& state, const Plan& entities, std::int64_t version, Instant now,
                  bool keeps = false);
/// The grant is gone: what ran is stopped, and can be resumed with another grant.
State stop(const State& state, Stopped reason, Instant now);
/// Moves the machine by the passing of time; refused (`nothing_due`) when nothing has run out.
Move<State> tick(const State& state, Instant now);
/// When `tick` has something to do next.
std::optional<Instant> due(const State& state);

}  // namespace rekey::imports
