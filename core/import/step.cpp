#include "core/import/step.hpp"

#include <algorithm>

namespace rekey::imports {

namespace {

using Moved = Move<State>;

Moved run(const State& state, std::vector<Progress> progress, std::int64_t version, Instant now) {
  const auto number = state.run + 1;
  return {State{Running{now, now + silence, std::move(progress)}, number},
          {RunImport{number, version}, Notify{Note::import_started, ""}},
          {}};
}

Moved stopped(const State& state, const std::vector<Progress>& progress, Stopped reason,
              Instant now) {
  return {State{Failed{reason, now, progress}, state.run},
          {Notify{Note::import_stopped, std::string(wire::name_of(reason))}},
          {}};
}

template <class P>
Moved on(const State& state, const P&, const ImportPressed&, std::int64_t version, Instant now) {
  return run(state, plan(), version, now);
}
Moved on(const State& state, const Running&, const ImportPressed&, std::int64_t, Instant) {
  return refuse(state, Refusal::import_running);
}

template <class P>
Moved on(const State& state, const P&, const ResumePressed&, std::int64_t, Instant) {
  return refuse(state,
                std::is_same_v<P, Running> ? Refusal::import_running : Refusal::nothing_to_resume);
}
Moved on(const State& state, const Failed& phase, const ResumePressed&, std::int64_t version,
         Instant now) {
  return run(state, phase.progress, version, now);
}

template <class P>
Moved on(const State& state, const P&, const PageImported&, std::int64_t, Instant) {
  return refuse(state, Refusal::stale_answer);
}
/// Entities come one after another, each counting upwards: anything else is a late or repeated
/// page.
Moved on(const State& state, const Running& phase, const PageImported& event, std::int64_t,
         Instant now) {
  if (event.run != state.run) return refuse(state, Refusal::stale_answer);
  auto progress = phase.progress;
  const auto at = std::find_if(progress.begin(), progress.end(),
                               [](const Progress& each) { return !each.finished; });
  if (at == progress.end() || at->entity != event.entity || event.done < at->done ||
      (event.done == at->done && !event.finished))
    return refuse(state, Refusal::out_of_order);
  *at = Progress{event.entity, event.done, event.total, event.finished};
  if (!next_entity(progress))
    return {State{Done{now, false, std::move(progress)}, state.run},
            {Notify{Note::import_finished, ""}},
            {}};
  return {State{Running{phase.started, now + silence, std::move(progress)}, state.run}, {}, {}};
}

template <class P>
Moved on(const State& state, const P&, const ImportFailed&, std::int64_t, Instant) {
  return refuse(state, Refusal::stale_answer);
}
Moved on(const State& state, const Running& phase, const ImportFailed& event, std::int64_t,
         Instant now) {
  if (event.run != state.run) return refuse(state, Refusal::stale_answer);
  return stopped(state, phase.progress, event.reason, now);
}

template <class P>
Moved on(const State& state, const P&, const ApplyPressed&, std::int64_t, Instant) {
  return refuse(state, Refusal::nothing_to_apply);
}
Moved on(const State& state, const Done& phase, const ApplyPressed& event, std::int64_t, Instant) {
  if (event.run != state.run) return refuse(state, Refusal::nothing_to_apply);
  if (phase.applied) return refuse(state, Refusal::already_applied);
  return {State{Done{phase.finished, true, phase.progress}, state.run}, {}, {}};
}

}  // namespace

Moved step(const State& state, const Event& event, std::int64_t version, Instant now) {
  return std::visit(
      [&](const auto& phase, const auto& each) { return on(state, phase, each, version, now); },
      state.phase, event);
}

Moved start(const State& state, std::int64_t version, Instant now) {
  return run(state, plan(), version, now);
}

State stop(const State& state, Stopped reason, Instant now) {
  const auto* running = std::get_if<Running>(&state.phase);
  if (!running) return state;
  return State{Failed{reason, now, running->progress}, state.run};
}

Moved tick(const State& state, Instant now) {
  const auto* running = std::get_if<Running>(&state.phase);
  if (!running || now < running->deadline) return refuse(state, Refusal::nothing_due);
  return stopped(state, running->progress, Stopped::timed_out, now);
}

std::optional<Instant> due(const State& state) {
  const auto* running = std::get_if<Running>(&state.phase);
  if (!running) return {};
  return running->deadline;
}

std::vector<Progress> plan() {
  std::vector<Progress> all;
  for (std::size_t i = 0; i < entity_count; ++i)
    all.push_back(Progress{static_cast<Entity>(i), 0, {}, false});
  return all;
}

const Progress* next_entity(const std::vector<Progress>& progress) {
  for (const auto& each : progress)
    if (!each.finished) return &each;
  return nullptr;
}

}  // namespace rekey::imports
