#include "core/import/step.hpp"

#include <algorithm>

namespace rekey::imports {

namespace {

using Moved = Move<State>;

/// The plan that an event brings, or the one that events had before they brought any.
Plan known(const Plan& brought) {
  return brought.empty() ? plan_of_2026() : brought;
}

/// The same entities, none begun.
std::vector<Progress> anew(std::vector<Progress> progress) {
  for (auto& each : progress) each = Progress{each.entity, 0, {}, false};
  return progress;
}

bool nothing_read(const std::vector<Progress>& progress) {
  return std::all_of(progress.begin(), progress.end(),
                     [](const Progress& each) { return each.left_out.has_value(); });
}

Moved run(const State& state, std::vector<Progress> progress, std::int64_t version, Instant now,
          std::optional<InUse> before = {}) {
  const auto number = state.run + 1;
  return {State{Running{now, now + silence, std::move(progress), std::move(before)}, number},
          {RunImport{number, version}, Notify{Note::import_started, ""}},
          {}};
}

/// What stays in use when another import begins.
std::optional<InUse> used(const State& state) {
  return std::visit(
      [](const auto& phase) -> std::optional<InUse> {
        if constexpr (requires { phase.applied; })
          return InUse{phase.finished, phase.applied, phase.progress};
        else if constexpr (requires { phase.before; })
          return phase.before;
        else
          return {};
      },
      state.phase);
}

Moved stopped(const State& state, const std::vector<Progress>& progress, Stopped reason,
              Instant now) {
  return {State{Failed{reason, now, progress, used(state)}, state.run},
          {Notify{Note::import_stopped, std::string(wire::name_of(reason))}},
          {}};
}

/// The running import after one of its entities moved: it goes on, or is over.
Moved moved(const State& state, const Running& phase, std::vector<Progress> progress,
            Effects effects, Instant now) {
  if (next_entity(progress))
    return {
        State{Running{phase.started, now + silence, std::move(progress), phase.before}, state.run},
        std::move(effects),
        {}};
  if (nothing_read(progress)) {
    auto out = stopped(state, progress, Stopped::refused, now);
    out.effects.insert(out.effects.begin(), effects.begin(), effects.end());
    return out;
  }
  effects.push_back(Notify{Note::import_finished, ""});
  return {State{Done{now, false, std::move(progress)}, state.run}, std::move(effects), {}};
}

/// The entity that is being read, if it is this one; null: the event is of another one.
Progress* current(std::vector<Progress>& progress, Entity entity) {
  const auto at = std::find_if(progress.begin(), progress.end(),
                               [](const Progress& each) { return !each.finished; });
  return at != progress.end() && at->entity == entity ? &*at : nullptr;
}

template <class P>
Moved on(const State& state, const P&, const ImportPressed& event, std::int64_t version,
         Instant now) {
  return run(state, plan(known(event.plan)), version, now,
             event.keeps ? used(state) : std::nullopt);
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
  if (next_entity(phase.progress)) return run(state, phase.progress, version, now, phase.before);
  // Every list was refused, so there is none to go on with: all are asked for again.
  return run(state, anew(phase.progress), version, now, phase.before);
}

template <class P>
Moved on(const State& state, const P&, const PausePressed&, std::int64_t, Instant) {
  return refuse(state, Refusal::no_import);
}
Moved on(const State& state, const Running& phase, const PausePressed&, std::int64_t, Instant now) {
  return stopped(state, phase.progress, Stopped::paused, now);
}

/// As it was before the import that is given up.
Moved given_up(const State& state) {
  const auto before = used(state);
  if (!before) return {State{None{}, state.run}, {}, {}};
  return {State{Done{before->finished, before->applied, before->progress}, state.run}, {}, {}};
}

template <class P>
Moved on(const State& state, const P&, const CancelImportPressed&, std::int64_t, Instant) {
  return refuse(state, Refusal::no_import);
}
Moved on(const State& state, const Running&, const CancelImportPressed&, std::int64_t, Instant) {
  return given_up(state);
}
Moved on(const State& state, const Failed&, const CancelImportPressed&, std::int64_t, Instant) {
  return given_up(state);
}

/// The same progress with a list to be read that was left out; null: it was not.
std::optional<std::vector<Progress>> with_list(std::vector<Progress> progress, Entity entity) {
  const auto at = std::find_if(progress.begin(), progress.end(), [&](const Progress& each) {
    return each.entity == entity && each.left_out;
  });
  if (at == progress.end()) return {};
  *at = Progress{entity, 0, {}, false};
  return progress;
}

template <class P>
Moved on(const State& state, const P& phase, const RetryListPressed& event, std::int64_t version,
         Instant now) {
  if constexpr (requires { phase.progress; }) {
    if (auto progress = with_list(phase.progress, event.entity))
      return run(state, std::move(*progress), version, now, used(state));
  }
  return refuse(state, Refusal::list_not_left_out);
}
Moved on(const State& state, const Running&, const RetryListPressed&, std::int64_t, Instant) {
  return refuse(state, Refusal::import_running);
}

template <class P>
Moved on(const State& state, const P&, const SkipListPressed&, std::int64_t, Instant) {
  return refuse(state, Refusal::no_import);
}
Moved on(const State& state, const Running& phase, const SkipListPressed& event, std::int64_t,
         Instant now) {
  auto progress = phase.progress;
  const auto at = std::find_if(progress.begin(), progress.end(), [&](const Progress& each) {
    return each.entity == event.entity && !each.finished;
  });
  if (at == progress.end()) return refuse(state, Refusal::list_read);
  at->finished = true;
  at->left_out = LeftOut::skipped;
  return moved(state, phase, std::move(progress), {}, now);
}

template <class P>
Moved on(const State& state, const P&, const PageImported&, std::int64_t, Instant) {
  return refuse(state, Refusal::stale_answer);
}
/// Entities come one after another, each counting upwards, but for signs of life: anything else is
/// a late or repeated page.
Moved on(const State& state, const Running& phase, const PageImported& event, std::int64_t,
         Instant now) {
  if (event.run != state.run) return refuse(state, Refusal::stale_answer);
  auto progress = phase.progress;
  auto* at = current(progress, event.entity);
  const bool goes_on = at && (event.done > at->done || event.finished ||
                              event.read_again > at->read_again || event.alive);
  if (!goes_on || event.done < at->done) return refuse(state, Refusal::out_of_order);
  *at = Progress{event.entity, event.done,      event.total,  event.finished,
                 {},           event.set_aside, event.mended, event.read_again};
  return moved(state, phase, std::move(progress), {}, now);
}

template <class P>
Moved on(const State& state, const P&, const ListRefused&, std::int64_t, Instant) {
  return refuse(state, Refusal::stale_answer);
}
/// What is in use of the list stays.
Moved on(const State& state, const Running& phase, const ListRefused& event, std::int64_t,
         Instant now) {
  if (event.run != state.run) return refuse(state, Refusal::stale_answer);
  auto progress = phase.progress;
  auto* at = current(progress, event.entity);
  if (!at) return refuse(state, Refusal::out_of_order);
  at->finished = true;
  at->left_out = event.reason;
  const auto note = event.reason == LeftOut::mapping_needs_it ? Note::needed_list_left_out
                    : event.reason == LeftOut::not_read       ? Note::list_not_read
                                                              : Note::list_left_out;
  return moved(state, phase, std::move(progress),
               {Notify{note, std::string(wire::name_of(event.entity))}}, now);
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

Moved start(const State& state, const Plan& entities, std::int64_t version, Instant now,
            bool keeps) {
  return run(state, plan(known(entities)), version, now, keeps ? used(state) : std::nullopt);
}

State stop(const State& state, Stopped reason, Instant now) {
  const auto* running = std::get_if<Running>(&state.phase);
  if (!running) return state;
  return State{Failed{reason, now, running->progress, running->before}, state.run};
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

std::vector<Progress> plan(const Plan& entities) {
  std::vector<Progress> all;
  for (const auto each : entities) all.push_back(Progress{each, 0, {}, false});
  return all;
}

const Progress* next_entity(const std::vector<Progress>& progress) {
  for (const auto& each : progress)
    if (!each.finished) return &each;
  return nullptr;
}

bool in_use(const State& state) {
  return std::holds_alternative<Done>(state.phase) || used(state).has_value();
}

std::vector<Progress> lists_left_out(const State& state) {
  std::vector<Progress> out;
  std::visit(
      [&](const auto& phase) {
        if constexpr (requires { phase.progress; })
          for (const auto& each : phase.progress)
            if (each.left_out) out.push_back(each);
      },
      state.phase);
  return out;
}

LeftOut reason_to_leave_out(Entity entity, std::span<const mapping::Section> wanted) {
  return mapping_needs(entity, wanted) ? LeftOut::mapping_needs_it : LeftOut::not_for_company;
}

}  // namespace rekey::imports
