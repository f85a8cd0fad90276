#include "core/save/step.hpp"

namespace rekey::save {

namespace {

using Moved = Move<State>;

// A revision is what makes two tabs safe: a change made to something older than what is stored is
// refused, and nothing of either is lost.
template <class P>
Moved on(const State& state, const P&, const Edited& event, Instant) {
  if (std::is_same_v<P, Saving>) return refuse(state, Refusal::save_under_way);
  if (event.seen != state.revision) return refuse(state, Refusal::changed_elsewhere);
  return {State{Draft{}, state.revision + 1}, {}, {}};
}

template <class P>
Moved on(const State& state, const P&, const SavePressed& event, Instant now) {
  if (std::is_same_v<P, Saving>) return refuse(state, Refusal::save_under_way);
  if (event.seen != state.revision) return refuse(state, Refusal::changed_elsewhere);
  const auto revision = state.revision + 1;
  return {State{Saving{now + store_time}, revision}, {StoreConfiguration{revision}}, {}};
}

template <class P>
Moved on(const State& state, const P&, const ConfigurationStored&, Instant) {
  return refuse(state, Refusal::stale_answer);
}
Moved on(const State& state, const Saving&, const ConfigurationStored& event, Instant now) {
  if (event.revision != state.revision) return refuse(state, Refusal::stale_answer);
  return {State{Saved{now}, state.revision}, {Notify{Note::configuration_saved, ""}}, {}};
}

Moved failed(const State& state) {
  return {State{Draft{}, state.revision}, {Notify{Note::save_failed, ""}}, {}};
}

template <class P>
Moved on(const State& state, const P&, const StoreFailed&, Instant) {
  return refuse(state, Refusal::stale_answer);
}
Moved on(const State& state, const Saving&, const StoreFailed& event, Instant) {
  if (event.revision != state.revision) return refuse(state, Refusal::stale_answer);
  return failed(state);
}

}  // namespace

Moved step(const State& state, const Event& event, Instant now) {
  return std::visit(
      [&](const auto& phase, const auto& each) { return on(state, phase, each, now); }, state.phase,
      event);
}

State start_over(const State& state) {
  return State{Empty{}, state.revision};
}

Moved tick(const State& state, Instant now) {
  const auto* saving = std::get_if<Saving>(&state.phase);
  if (!saving || now < saving->deadline) return refuse(state, Refusal::nothing_due);
  return failed(state);
}

std::optional<Instant> due(const State& state) {
  const auto* saving = std::get_if<Saving>(&state.phase);
  if (!saving) return {};
  return saving->deadline;
}

}  // namespace rekey::save
