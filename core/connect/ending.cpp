#include "core/connect/ending.hpp"

#include <algorithm>

#include "core/connect/step.hpp"

namespace rekey::connect {

std::string name_of(const std::optional<Company>& company) {
  if (!company) return {};
  return company->name.empty() ? company->realm_id : company->name;
}

Effect let_go(State& next, std::int64_t version, std::optional<Company> company, Instant now) {
  next.revocations.push_back({version, std::move(company), now, now + confirmation_time, {}});
  if (version == 0) return RetireLegacy{};
  return Revoke{version};
}

// An OAuth 1.0a connection shares nothing with a grant; only what people were told of it is over.
void spare(State& next, const Company& company, Effects& effects) {
  auto& list = next.revocations;
  const auto shares = [&](const Revocation& each) {
    return (!each.company || each.company->realm_id == company.realm_id) &&
           (each.version != 0 || each.given_up);
  };
  for (const auto& each : list)
    if (shares(each) && !each.given_up) effects.push_back(Forget{each.version});
  list.erase(std::remove_if(list.begin(), list.end(), shares), list.end());
}

// People are told when they were told before that it was not confirmed.
Move<State> confirmed(const State& state, std::int64_t version) {
  const auto* known = revocation(state, version);
  if (!known) return refuse(state, Refusal::stale_answer);
  Effects effects;
  if (!known->tell_at)
    effects.push_back(Notify{Note::revocation_confirmed, name_of(known->company)});
  State next = state;
  next.revocations.erase(next.revocations.begin() + (known - state.revocations.data()));
  return {std::move(next), std::move(effects), {}};
}

namespace {

/// Where the company is connected anew, ending the access inside the provider's own pages would end
/// the new one; and the old credential is dead anyhow without us.
bool is_replaced(const State& state, const Revocation& known) {
  const Linked* live = live_grant(state);
  return known.version == 0 && live && known.company &&
         live->company.realm_id == known.company->realm_id;
}

}  // namespace

// It stays on the list, so that people can be told to end it inside the provider's own pages.
Move<State> given_up(const State& state, std::int64_t version, Instant now) {
  const auto* known = revocation(state, version);
  if (!known || known->given_up) return refuse(state, Refusal::stale_answer);
  const auto name = name_of(known->company);
  State next = state;
  auto& list = next.revocations;
  const auto at = list.begin() + (known - state.revocations.data());
  if (is_replaced(state, *known)) {
    list.erase(at);
    return {std::move(next), {Forget{0}, Notify{Note::legacy_given_up, name}}, {}};
  }
  at->given_up = now;
  at->tell_at.reset();
  const auto is_given_up = [](const Revocation& each) { return each.given_up.has_value(); };
  if (std::count_if(list.begin(), list.end(), is_given_up) > std::ptrdiff_t{most_given_up})
    list.erase(std::find_if(list.begin(), list.end(), is_given_up));
  return {std::move(next), {Forget{version}, Notify{Note::revocation_given_up, name}}, {}};
}

void tell_unconfirmed(Move<State>& moved, Instant now) {
  for (auto& each : moved.next.revocations) {
    if (!each.tell_at || now < *each.tell_at) continue;
    each.tell_at.reset();
    moved.effects.push_back(Notify{Note::revocation_pending, name_of(each.company)});
  }
}

}  // namespace rekey::connect
