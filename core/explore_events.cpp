#include <algorithm>

#include "core/explore.hpp"

// The events that an exploration tries in each state.

namespace rekey::explore {

namespace {

using Numbers64 = std::vector<std::int64_t>;

void add_version(Numbers64& out, std::int64_t version) {
  for (const auto each : {version - 1, version, version + 1})
    if (each >= 0) out.push_back(each);
}

/// Every version a state holds, its neighbours (which are over, or were never given out), and 0.
Numbers64 versions_near(const connect::State& state) {
  Numbers64 out;
  add_version(out, 0);
  add_version(out, state.versions);
  if (const auto* live = connect::live_grant(state)) add_version(out, live->version);
  if (const auto* kept = connect::kept_grant(state)) add_version(out, kept->version);
  for (const auto& each : state.revocations) add_version(out, each.version);
  std::visit(
      [&](const auto& phase) {
        if constexpr (requires { phase.version; }) add_version(out, phase.version);
      },
      state.phase);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Numbers64 numbers_near(std::int64_t number) {
  Numbers64 out = {number, number + 1};
  if (number > 0) out.push_back(number - 1);
  return out;
}

/// Each enumerator, or the first one only.
template <class E>
std::vector<E> each_of(bool all) {
  const auto& each = wire::all_of<E>;
  return {each.begin(), all ? each.end() : each.begin() + 1};
}

std::vector<connect::Lifetimes> lifetimes_for(const Scope& scope) {
  const Instant later = present() + Millis{1};
  if (!scope.lifetimes) return {{later, later, later}};
  return {{later, later, later}, {later, later, {}}, {later, {}, later}, {later, {}, {}}};
}

void add_sign_in(std::vector<Event>& out, const Scope& scope) {
  const Instant now = present();
  const connect::Company a{"A", "A"}, b{"B", "B"};
  out.push_back(connect::LegacyLoaded{a, {}, now + Millis{1}});
  out.push_back(connect::LegacyLoaded{b, {}, {}});
  out.push_back(connect::LegacyLoaded{a, {}, now});
  out.push_back(connect::LegacyLoaded{{}, {}, {}});
  out.push_back(connect::CancelPressed{});
  out.push_back(connect::DisconnectPressed{});
  for (const std::string attempt : {"current", "spent", "fresh", ""}) {
    out.push_back(connect::ConnectPressed{attempt, now + Millis{1}});
    out.push_back(connect::ConnectPressed{attempt, now});
    out.push_back(connect::CallbackArrived{attempt});
    out.push_back(connect::CallbackArrived{attempt, now + Millis{1}});
    for (const auto reason : each_of<connect::Failed>(scope.reasons))
      out.push_back(connect::CallbackRefused{attempt, reason});
  }
}

void add_trouble(std::vector<Event>& out, std::int64_t version, const Scope& scope) {
  using connect::Hindrance;
  const Instant later = present() + Millis{1};
  for (const auto reason :
       {Hindrance::misconfigured, Hindrance::unavailable, Hindrance::access_refused,
        Hindrance::rights_lost, Hindrance::company_lapsed, Hindrance::ending_stopped})
    out.push_back(connect::GrantInTrouble{version, reason, present()});
  out.push_back(connect::AccessRestored{version});
  for (const auto& lifetimes : lifetimes_for(scope))
    out.push_back(connect::GrantRevived{version, lifetimes});
  if (scope.trouble) out.push_back(connect::GrantEnded{version, connect::Ended::refused, later});
}

void add_grant(std::vector<Event>& out, const State& state, const Scope& scope) {
  for (const auto& lifetimes : lifetimes_for(scope)) {
    out.push_back(connect::GrantImported{{"A", "A"}, lifetimes});
    out.push_back(connect::GrantImported{{"B", "B"}, lifetimes});
  }
  out.push_back(connect::GrantImported{});
  for (const auto version : versions_near(state.connect)) {
    for (const auto& lifetimes : lifetimes_for(scope)) {
      out.push_back(connect::GrantReceived{version, lifetimes});
      out.push_back(connect::GrantRefreshed{version, lifetimes});
    }
    for (const auto reason : each_of<connect::Failed>(scope.reasons)) {
      out.push_back(connect::ExchangeFailed{version, reason});
      out.push_back(connect::ProofFailed{version, reason});
    }
    for (const std::string realm_id : {"A", "B"}) {
      out.push_back(connect::ProofFailed{version, connect::Failed{}, realm_id});
      out.push_back(connect::GrantReceived{version, lifetimes_for(scope).front(), realm_id});
    }
    for (const auto reason : each_of<connect::Ended>(scope.reasons)) {
      out.push_back(connect::GrantEnded{version, reason});
      out.push_back(connect::GrantAtRisk{version, reason, present() + Millis{1}});
    }
    out.push_back(connect::CompanyProved{version, {"A", "A"}});
    out.push_back(connect::CompanyProved{version, {"B", "B"}});
    out.push_back(connect::CompanyConfirmed{version});
    out.push_back(connect::CompanyDeclined{version});
    out.push_back(connect::Disconnected{version});
    out.push_back(connect::RevocationGivenUp{version});
    add_trouble(out, version, scope);
  }
}

/// The entity that is being read, the one before it and the one after.
std::vector<imports::Entity> entities_near(const imports::State& state) {
  const auto* running = std::get_if<imports::Running>(&state.phase);
  const auto progress = running ? running->progress : imports::plan();
  const auto* next = imports::next_entity(progress);
  const auto at = next ? static_cast<std::size_t>(next - progress.data()) : 0;
  std::vector<imports::Entity> out = {progress[at].entity};
  if (at > 0) out.push_back(progress[at - 1].entity);
  if (at + 1 < progress.size()) out.push_back(progress[at + 1].entity);
  return out;
}

void add_import(std::vector<Event>& out, const State& state, const Scope& scope) {
  out.push_back(imports::ImportPressed{});
  out.push_back(imports::import_anew());
  out.push_back(imports::ResumePressed{});
  out.push_back(imports::PausePressed{});
  out.push_back(imports::CancelImportPressed{});
  for (const auto entity : entities_near(state.import)) {
    out.push_back(imports::RetryListPressed{entity});
    out.push_back(imports::SkipListPressed{entity});
  }
  for (const auto run : numbers_near(state.import.run)) {
    out.push_back(imports::ApplyPressed{run});
    for (const auto reason : each_of<imports::Stopped>(scope.stops))
      out.push_back(imports::ImportFailed{run, reason});
    for (const auto entity : entities_near(state.import)) {
      out.push_back(imports::ListRefused{run, entity, imports::reason_to_leave_out(entity)});
      out.push_back(imports::ListRefused{run, entity, imports::LeftOut::not_read});
      for (const std::int64_t done : {0, 1, 2})
        for (const bool finished : {false, true})
          out.push_back(imports::PageImported{run, entity, done, {}, finished});
    }
  }
}

void add_save(std::vector<Event>& out, const State& state) {
  for (const auto revision : numbers_near(state.save.revision)) {
    out.push_back(save::Edited{revision});
    out.push_back(save::SavePressed{revision});
    out.push_back(save::ConfigurationStored{revision});
    out.push_back(save::StoreFailed{revision});
  }
}

}  // namespace

std::vector<Event> events_for(const State& state, const Scope& scope) {
  std::vector<Event> out;
  add_sign_in(out, scope);
  add_grant(out, state, scope);
  if (scope.import) add_import(out, state, scope);
  if (scope.save) add_save(out, state);
  out.push_back(TimeReached{});
  return out;
}

}  // namespace rekey::explore
