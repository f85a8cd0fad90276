#include "core/connection.hpp"

#include <algorithm>

#include "core/overloaded.hpp"

// What one machine tells another is in `follow`, and what one must ask of another in `gate`;
// everything else is in the machines' own step.cpp.

namespace rekey {

namespace {

template <class E, class Variant>
struct is_one_of;
template <class E, class... T>
struct is_one_of<E, std::variant<T...>> : std::disjunction<std::is_same<E, T>...> {};
template <class E, class Variant>
constexpr bool one_of = is_one_of<E, Variant>::value;

/// Puts a machine's move into the whole state.
template <class Part>
Step put(const State& state, Part State::*part, Move<Part> move) {
  if (move.refused) return refuse(state, *move.refused);
  Step out{state, std::move(move.effects), {}};
  out.next.*part = std::move(move.next);
  return out;
}

void append(Effects& to, Effects from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// Choices are made for a connected company whose settings have been read.
std::optional<Refusal> gate_choices(const State& state) {
  if (!connect::live_grant(state.connect)) return Refusal::not_connected;
  // While settings are read anew, those before stay in use.
  if (imports::in_use(state.import)) return {};
  if (std::holds_alternative<imports::Running>(state.import.phase)) return Refusal::import_running;
  return Refusal::import_first;
}

/// An import is begun for a connected company.
std::optional<Refusal> gate_import(const State& state) {
  if (!connect::live_grant(state.connect)) return Refusal::not_connected;
  return {};
}

// What an event of the import and the save machine asks of the connect machine before it is taken.

std::optional<Refusal> gate(const State& state, const imports::ImportPressed&) {
  return gate_import(state);
}
std::optional<Refusal> gate(const State& state, const imports::ResumePressed&) {
  return gate_import(state);
}
std::optional<Refusal> gate(const State& state, const imports::RetryListPressed&) {
  return gate_import(state);
}
std::optional<Refusal> gate(const State&, const imports::PausePressed&) {
  return {};
}
std::optional<Refusal> gate(const State&, const imports::CancelImportPressed&) {
  return {};
}
std::optional<Refusal> gate(const State&, const imports::SkipListPressed&) {
  return {};
}
std::optional<Refusal> gate(const State&, const imports::PageImported&) {
  return {};
}
std::optional<Refusal> gate(const State&, const imports::ListRefused&) {
  return {};
}
std::optional<Refusal> gate(const State&, const imports::ImportFailed&) {
  return {};
}
std::optional<Refusal> gate(const State&, const imports::ApplyPressed&) {
  return {};
}

std::optional<Refusal> gate(const State& state, const save::Edited&) {
  return gate_choices(state);
}
std::optional<Refusal> gate(const State& state, const save::SavePressed&) {
  return gate_choices(state);
}
std::optional<Refusal> gate(const State&, const save::ConfigurationStored&) {
  return {};
}
std::optional<Refusal> gate(const State&, const save::StoreFailed&) {
  return {};
}

/// The plan of the import that an event begins.
template <class Event>
imports::Plan plan_in([[maybe_unused]] const Event& event) {
  if constexpr (requires { event.plan; }) return event.plan;
  return {};
}

/// Whether an event that links a grant says that the settings in use stay so.
template <class Event>
bool keeps_in([[maybe_unused]] const Event& event) {
  if constexpr (requires { event.keeps; }) return event.keeps;
  return false;
}

/// What the connect machine's move means for the other two; `event`: what moved it.
template <class Event>
void follow(const State& before, Step& step, const Event& event, Instant now) {
  constexpr bool turned_off = std::is_same_v<Event, connect::DisconnectPressed>;
  // Grants that are brought in come by the thousand; their settings are read on request. Those of
  // one that is back have been read.
  constexpr bool reads_settings = !std::is_same_v<Event, connect::GrantImported> &&
                                  !std::is_same_v<Event, connect::GrantRevived>;
  const auto* knew = connect::known_company(before.connect);
  const auto* knows = connect::known_company(step.next.connect);
  const bool other_company = knew && knows && knew->realm_id != knows->realm_id;
  const auto* had = connect::live_grant(before.connect);
  const auto* has = connect::live_grant(step.next.connect);
  if (has && (!had || had->version != has->version)) {
    if (!reads_settings) return;
    const bool keeps = keeps_in(event) && knew && !other_company;
    auto started = imports::start(step.next.import, plan_in(event), has->version, now, keeps);
    step.next.import = std::move(started.next);
    append(step.effects, std::move(started.effects));
  } else if (had && !has) {
    const bool broken =
        std::any_of(step.effects.begin(), step.effects.end(), [](const Effect& effect) {
          const auto* notify = std::get_if<Notify>(&effect);
          return notify && notify->note == Note::grant_ended;
        });
    step.next.import =
        imports::stop(step.next.import,
                      broken ? imports::Stopped::grant_ended : imports::Stopped::disconnected, now);
  }

  // The configuration is kept: a snapshot comes before everything else.
  if ((other_company || turned_off) && before.save.revision > 0)
    step.effects.insert(step.effects.begin(), TakeSnapshot{before.save.revision});
  if (other_company) step.next.save = save::start_over(step.next.save);
}

/// One after another, the machines whose time has come.
Step tick(const State& state, const TimeReached& event, Instant now) {
  Step out{state, {}, {}};
  bool any = false;
  const auto take = [&](auto State::*part, auto move) {
    if (move.refused) return;
    any = true;
    out.next.*part = std::move(move.next);
    append(out.effects, std::move(move.effects));
  };
  take(&State::save, save::tick(state.save, now));
  take(&State::import, imports::tick(state.import, now));
  auto connect = connect::tick(state.connect, event.spares_grants, now);
  if (!connect.refused) {
    Step of_connect{out.next, std::move(connect.effects), {}};
    of_connect.next.connect = std::move(connect.next);
    follow(out.next, of_connect, event, now);
    any = true;
    out.next = std::move(of_connect.next);
    append(out.effects, std::move(of_connect.effects));
  }
  return any ? out : refuse(state, Refusal::nothing_due);
}

/// This grant is not in use, and was not given up. Whether the list has it does not matter: what
/// earlier versions queued is on no list, and for what was forgotten there is no token to send.
bool may_be_ended(const connect::State& state, std::int64_t version) {
  if (const auto* known = connect::revocation(state, version); known && known->given_up)
    return false;
  if (version == 0) return !connect::live_legacy(state);
  const auto* live = connect::live_grant(state);
  const auto* proving = std::get_if<connect::Proving>(&state.phase);
  const auto* asking = std::get_if<connect::Confirming>(&state.phase);
  return !(live && live->version == version) && !(proving && proving->version == version) &&
         !(asking && asking->version == version);
}

template <class E>
requires one_of<E, connect::Event> Step take(const State& state, const E& event, Instant now) {
  Step out = put(state, &State::connect, connect::step(state.connect, event, now));
  if (!out.refused) follow(state, out, event, now);
  return out;
}

template <class E>
requires one_of<E, imports::Event> Step take(const State& state, const E& event, Instant now) {
  if (const auto why = gate(state, event)) return refuse(state, *why);
  const auto* live = connect::live_grant(state.connect);
  return put(state, &State::import,
             imports::step(state.import, event, live ? live->version : 0, now));
}

template <class E>
requires one_of<E, save::Event> Step take(const State& state, const E& event, Instant now) {
  if (const auto why = gate(state, event)) return refuse(state, *why);
  return put(state, &State::save, save::step(state.save, event, now));
}

Step take(const State& state, const TimeReached& event, Instant now) {
  return tick(state, event, now);
}

}  // namespace

Step step(const State& state, const Event& event, Instant now) {
  return std::visit([&](const auto& each) { return take(state, each, now); }, event);
}

std::optional<Instant> due(const State& state) {
  std::optional<Instant> first;
  for (const auto& each :
       {connect::due(state.connect), imports::due(state.import), save::due(state.save)})
    if (each && (!first || *each < *first)) first = each;
  return first;
}

bool wanted(const State& state, const Effect& effect) {
  const auto& phase = state.connect.phase;
  return std::visit(
      Overloaded{[&](const Redirect& each) {
                   const auto* at = std::get_if<connect::Authorizing>(&phase);
                   return at && at->attempt == each.attempt;
                 },
                 [&](const ExchangeCode& each) {
                   const auto* at = std::get_if<connect::Exchanging>(&phase);
                   return at && at->version == each.version && !at->begins;
                 },
                 [&](const ProveCompany& each) {
                   const auto* at = std::get_if<connect::Proving>(&phase);
                   return at && at->version == each.version;
                 },
                 [&](const RunImport& each) {
                   return connect::live_grant(state.connect) && state.import.run == each.run &&
                          std::holds_alternative<imports::Running>(state.import.phase);
                 },
                 [&](const StoreConfiguration& each) {
                   return state.save.revision == each.revision &&
                          std::holds_alternative<save::Saving>(state.save.phase);
                 },
                 [&](const Revoke& each) { return may_be_ended(state.connect, each.version); },
                 [&](const RetireLegacy&) { return may_be_ended(state.connect, 0); },
                 // Done in the step's own transaction: nothing can come between.
                 [](const Forget&) { return true; }, [](const TakeSnapshot&) { return true; },
                 [](const Notify&) { return true; }},
      effect);
}

bool held_back(const State& state, const Effect& effect) {
  return std::holds_alternative<Revoke>(effect) &&
         std::visit(
             [](const auto& phase) { return connect::UnderWay<std::decay_t<decltype(phase)>>; },
             state.connect.phase);
}

}  // namespace rekey
