// One step of one machine: the next state and its effects, or the reason why the event was refused.
#pragma once

#include <optional>
#include <utility>

#include "core/effect.hpp"
#include "core/refusal.hpp"

namespace rekey {

/// `refused` is set exactly when the event was not possible; then `next` is the state as it was and
/// there are no effects.
template <class State>
struct Move {
  State next;
  Effects effects;
  std::optional<Refusal> refused;
};

template <class State>
Move<State> refuse(const State& state, Refusal why) {
  return {state, {}, why};
}

}  // namespace rekey
