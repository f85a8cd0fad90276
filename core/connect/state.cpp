#include "core/connect/state.hpp"

#include <algorithm>

#include "core/overloaded.hpp"

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

std::optional<Instant> stated_end(const Linked& linked) {
  if (!linked.refresh_expires) return linked.hard_expires;
  if (!linked.hard_expires) return linked.refresh_expires;
  return std::min(*linked.refresh_expires, *linked.hard_expires);
}

const Linked* live_grant(const State& state) {
  return standing<Linked>(state);
}
const Exchanging* telling(const State& state) {
  const auto* exchanging = std::get_if<Exchanging>(&state.phase);
  return exchanging && exchanging->begins ? exchanging : nullptr;
}
std::int64_t next_version(const State& state) {
  return state.versions + 1;
}
const Legacy* live_legacy(const State& state) {
  return standing<Legacy>(state);
}

const Broken* broken(const State& state) {
  return standing<Broken>(state);
}

const Kept* kept_grant(const State& state) {
  const auto* broken = standing<Broken>(state);
  return broken && broken->kept ? &*broken->kept : nullptr;
}

const Company* known_company(const State& state) {
  if (const auto* linked = standing<Linked>(state)) return &linked->company;
  if (const auto* legacy = standing<Legacy>(state)) return &legacy->company;
  if (const auto* broken = standing<Broken>(state)) return &broken->company;
  if (const auto* ending = std::get_if<Disconnecting>(&state.phase)) return &ending->company;
  const auto* unlinked = standing<Unlinked>(state);
  return unlinked && unlinked->last ? &*unlinked->last : nullptr;
}

const Revocation* revocation(const State& state, std::int64_t version) {
  for (const auto& each : state.revocations)
    if (each.version == version) return &each;
  return nullptr;
}

const Revocation* unconfirmed(const State& state) {
  const Revocation* newest = nullptr;
  for (const auto& each : state.revocations)
    if (!each.tell_at && !each.given_up) newest = &each;
  return newest;
}

std::int64_t version_on_trial(const State& state) {
  using Version = std::int64_t;
  return std::visit(
      Overloaded{[](const Exchanging& phase) { return phase.version; },
                 [](const Proving& phase) { return phase.version; },
                 [](const Confirming& phase) { return phase.version; },
                 [](const Authorizing&) { return Version{0}; },
                 [](const Unlinked&) { return Version{0}; },
                 [](const Legacy&) { return Version{0}; }, [](const Linked&) { return Version{0}; },
                 [](const Broken&) { return Version{0}; },
                 [](const Disconnecting&) { return Version{0}; }},
      state.phase);
}

std::optional<Instant> due_of_phase(const State& state) {
  using Due = std::optional<Instant>;
  return std::visit(
      Overloaded{[](const Unlinked&) { return Due{}; },
                 [](const Legacy& phase) { return Due{phase.expires}; },
                 [](const Authorizing& phase) { return Due{phase.expires}; },
                 [](const Exchanging& phase) { return Due{phase.begins.value_or(phase.deadline)}; },
                 [](const Proving& phase) { return Due{phase.deadline}; },
                 [](const Confirming& phase) { return Due{phase.expires}; },
                 [](const Linked&) { return Due{}; },
                 [](const Broken& phase) { return phase.kept ? Due{phase.kept->until} : Due{}; },
                 [](const Disconnecting& phase) { return Due{phase.deadline}; }},
      state.phase);
}

std::optional<Instant> due(const State& state) {
  auto first = due_of_phase(state);
  for (const auto& each : state.revocations)
    if (each.tell_at && (!first || *each.tell_at < *first)) first = each.tell_at;
  return first;
}

}  // namespace rekey::connect
