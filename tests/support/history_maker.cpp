#include "tests/support/history_maker.hpp"

#include <algorithm>

#include "core/overloaded.hpp"
#include "core/wire/machine.hpp"
#include "tests/support/spans.hpp"

namespace rekey::test {

// splitmix64: tiny, and the same everywhere.
std::uint64_t Dice::next() {
  std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::int64_t Dice::below(std::int64_t limit) {
  return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(limit));
}

template <class E>
E HistoryMaker::some() {
  const auto& all = wire::all_of<E>;
  return all[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(all.size())))];
}

std::string HistoryMaker::new_attempt() {
  return "attempt-" + std::to_string(++attempts_);
}

std::string HistoryMaker::some_attempt(const State& state) {
  if (const auto* waiting = std::get_if<connect::Authorizing>(&state.connect.phase))
    if (!dice_.one_in(3)) return waiting->attempt;
  if (dice_.one_in(2)) return state.connect.spent;
  return "attempt-" + std::to_string(dice_.below(attempts_ + 2));
}

std::int64_t HistoryMaker::some_version(const State& state) {
  return dice_.below(state.connect.versions + 2);
}

connect::Company HistoryMaker::some_company() {
  static const connect::Company companies[] = {{"9130340001", "Quillbrook Trading"},
                                               {"9130340002", "Ångström & Töchter"},
                                               {"9130340003", "北辰商事"}};
  return companies[dice_.one_in(4) ? dice_.below(3) : 0];
}

connect::Lifetimes HistoryMaker::some_lifetimes() {
  connect::Lifetimes out{now_ + std::chrono::hours{1}, now_ + 100 * one_day,
                         now_ + 5 * 365 * one_day};
  if (dice_.one_in(6)) out.refresh_expires.reset();
  if (dice_.one_in(4)) out.hard_expires.reset();
  if (dice_.one_in(20)) out.refresh_expires = now_ - one_second;
  return out;
}

Event HistoryMaker::likely_link(const connect::State& state) {
  const auto connect = [&]() -> Event {
    return connect::ConnectPressed{new_attempt(), now_ + std::chrono::minutes{10}};
  };
  const auto out_or_connect = [&]() -> Event {
    if (dice_.one_in(5)) return connect::DisconnectPressed{};
    return connect();
  };
  return std::visit(
      Overloaded{
          [&](const connect::Unlinked&) -> Event {
            if (!dice_.one_in(2)) return connect();
            return connect::LegacyLoaded{some_company(), now_ - 400 * one_day,
                                         now_ + 180 * one_day};
          },
          [&](const connect::Authorizing& phase) -> Event {
            if (dice_.one_in(6))
              return connect::CallbackRefused{phase.attempt, some<connect::Failed>()};
            if (dice_.one_in(8)) return connect();
            if (dice_.one_in(5))
              return connect::CallbackArrived{phase.attempt, now_ + connect::telling_time};
            return connect::CallbackArrived{phase.attempt};
          },
          [&](const connect::Exchanging& phase) -> Event {
            if (phase.begins && dice_.one_in(3)) return connect::CancelPressed{};
            if (phase.begins) return connect::CompanyConfirmed{phase.version};
            if (dice_.one_in(5))
              return connect::ExchangeFailed{phase.version, some<connect::Failed>()};
            return connect::GrantReceived{phase.version, some_lifetimes()};
          },
          [&](const connect::Proving& phase) -> Event {
            if (dice_.one_in(5))
              return connect::ProofFailed{phase.version, some<connect::Failed>()};
            return connect::CompanyProved{phase.version, some_company(), some_plan()};
          },
          [&](const connect::Confirming& phase) -> Event {
            if (dice_.one_in(2)) return connect::CompanyDeclined{phase.version};
            return connect::CompanyConfirmed{phase.version};
          },
          [&](const connect::Linked& phase) -> Event {
            if (dice_.one_in(3)) return connect();
            if (dice_.one_in(4)) return connect::GrantEnded{phase.version, some<connect::Ended>()};
            if (dice_.one_in(3)) return connect::DisconnectPressed{};
            if (dice_.one_in(4))
              return connect::GrantInTrouble{phase.version, some<connect::Hindrance>(), now_};
            return connect::GrantRefreshed{phase.version, some_lifetimes()};
          },
          [&](const connect::Disconnecting& phase) -> Event {
            return connect::Disconnected{phase.version};
          },
          [&](const connect::Legacy&) { return out_or_connect(); },
          [&](const connect::Broken&) { return out_or_connect(); }},
      state.phase);
}

Event HistoryMaker::likely_import(const imports::State& state) {
  if (const auto* running = std::get_if<imports::Running>(&state.phase)) {
    if (dice_.one_in(25)) return imports::ImportFailed{state.run, some<imports::Stopped>()};
    const auto& next = *imports::next_entity(running->progress);
    if (dice_.one_in(12))
      return imports::ListRefused{state.run, next.entity,
                                  imports::reason_to_leave_out(next.entity)};
    const std::int64_t done = next.done + dice_.below(400);
    return imports::PageImported{state.run, next.entity, done, done + 10, !dice_.one_in(4)};
  }
  if (std::holds_alternative<imports::Failed>(state.phase)) return imports::ResumePressed{};
  if (dice_.one_in(6)) return imports::ImportPressed{some_plan()};
  return imports::ApplyPressed{state.run};
}

/// Today's, none (as in old histories), or a short one.
imports::Plan HistoryMaker::some_plan() {
  if (!dice_.one_in(3)) return imports::current_plan();
  imports::Plan out;
  for (auto i = dice_.below(4); i > 0; --i) out.push_back(some<imports::Entity>());
  return out;
}

Event HistoryMaker::answer_of(const connect::Revocation& revocation) {
  if (dice_.one_in(3)) return connect::RevocationGivenUp{revocation.version};
  return connect::Disconnected{revocation.version};
}

Event HistoryMaker::likely(const State& state) {
  const auto& to_end = state.connect.revocations;
  if (!to_end.empty() && dice_.one_in(4))
    return answer_of(
        to_end[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(to_end.size())))]);
  const bool importing = std::holds_alternative<imports::Running>(state.import.phase);
  if (importing && !dice_.one_in(8)) return likely_import(state.import);
  if (std::holds_alternative<save::Saving>(state.save.phase) && dice_.one_in(2)) {
    if (dice_.one_in(4)) return save::StoreFailed{state.save.revision};
    return save::ConfigurationStored{state.save.revision};
  }
  switch (dice_.below(6)) {
    case 0:
      return likely_import(state.import);
    case 1:
      return save::Edited{state.save.revision};
    case 2:
      return save::SavePressed{state.save.revision};
    default:
      return likely_link(state.connect);
  }
}

Event HistoryMaker::anything(const State& state) {
  const auto run = dice_.below(state.import.run + 2);
  const auto revision = dice_.below(state.save.revision + 2);
  switch (dice_.below(24)) {
    case 0:
      return connect::LegacyLoaded{some_company(), now_, now_ - one_second};
    case 1:
      return connect::ConnectPressed{new_attempt(), now_ + dice_.below(3) * one_second};
    case 2:
      return connect::CancelPressed{};
    case 3:
      return connect::CallbackArrived{some_attempt(state)};
    case 4:
      return connect::CallbackRefused{some_attempt(state), some<connect::Failed>()};
    case 5:
      return connect::GrantReceived{some_version(state), some_lifetimes()};
    case 6:
      return connect::ExchangeFailed{some_version(state), some<connect::Failed>()};
    case 7:
      return connect::CompanyProved{some_version(state), some_company()};
    case 8:
      return connect::ProofFailed{some_version(state), some<connect::Failed>()};
    case 9:
      return connect::CompanyConfirmed{some_version(state)};
    case 10:
      return connect::CompanyDeclined{some_version(state)};
    case 11:
      return connect::DisconnectPressed{};
    case 12:
      return connect::Disconnected{some_version(state)};
    case 13:
      return connect::GrantRefreshed{some_version(state), some_lifetimes()};
    case 14:
      if (dice_.one_in(4))
        return connect::GrantAtRisk{some_version(state), some<connect::Ended>(), {}};
      return connect::GrantEnded{some_version(state), some<connect::Ended>()};
    case 15:
      return imports::ImportPressed{some_plan()};
    case 16:
      return imports::PageImported{
          run, some<imports::Entity>(), dice_.below(3), {}, dice_.one_in(2)};
    case 17:
      return imports::ImportFailed{run, some<imports::Stopped>()};
    case 18:
      return imports::ApplyPressed{run};
    case 19:
      return save::Edited{revision};
    case 20:
      return connect::RevocationGivenUp{some_version(state)};
    case 21:
      return connect::GrantInTrouble{some_version(state), some<connect::Hindrance>(), now_};
    case 22:
      return imports::ListRefused{run, some<imports::Entity>(), some<imports::LeftOut>()};
    default:
      return save::ConfigurationStored{revision};
  }
}

Happening HistoryMaker::next(const State& state) {
  const auto when = due(state);
  if (when && *when > now_ && dice_.one_in(12)) {
    now_ = *when + dice_.below(2) * one_second;
    if (!dice_.one_in(4)) return {now_, TimeReached{}};
  } else if (when && *when <= now_ && !dice_.one_in(3)) {
    return {now_, TimeReached{}};
  } else {
    now_ += dice_.below(20) * one_second;
    if (dice_.one_in(30)) now_ += dice_.below(40) * one_day;
  }
  if (dice_.one_in(40)) return {now_, TimeReached{}};
  return {now_, dice_.one_in(5) ? anything(state) : likely(state)};
}

std::string history_line(std::int64_t seq, const Happening& happening) {
  return wire::dump(
             {{"seq", seq}, {"at", to_ms(happening.at)}, {"event", wire::write(happening.event)}}) +
         "\n";
}

std::string make_history(std::uint64_t seed, int events) {
  HistoryMaker maker(seed);
  State state;
  std::string out;
  for (int i = 1; i <= events; ++i) {
    const auto happening = maker.next(state);
    out += history_line(i, happening);
    state = step(state, happening.event, happening.at).next;
  }
  return out;
}

}  // namespace rekey::test
