#include "core/connect/state.hpp"

namespace rekey::connect {

namespace {

/// The phase a state stands on: itself, or what its authorization began from.
template <class T>
const T* standing(const State& state) {
  return std::visit(
      [](const auto& phase) -> const T* {
        using P = std::decay_t<decltype(phase)>;
        if constexpr (std::is_same_v<P, T>) return &phase;
        if constexpr (UnderWay<P>) return std::get_if<T>(&phase.from);
        return nullptr;
      },
      state.phase);
}

}  // namespace

const Linked* live_grant(const State& state) {
  return standing<Linked>(state);
}
const Legacy* live_legacy(const State& state) {
  return standing<Legacy>(state);
}

const Company* known_company(const State& state) {
  if (const auto* linked = standing<Linked>(state)) return &linked->company;
  if (const auto* legacy = standing<Legacy>(state)) return &legacy->company;
  if (const auto* broken = standing<Broken>(state)) return &broken->company;
  if (const auto* ending = std::get_if<Disconnecting>(&state.phase)) return &ending->company;
  const auto* unlinked = standing<Unlinked>(state);
  return unlinked && unlinked->last ? &*unlinked->last : nullptr;
}

}  // namespace rekey::connect
