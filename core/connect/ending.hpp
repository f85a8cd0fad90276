// The list of grants to be ended at the provider, and how its answers and time change the list. An
// entry leaves it only when the provider confirms the end, when the tries are used up and people
// have been told, or when a new grant of the same company lives.
#pragma once

#include <optional>
#include <string>

#include "core/connect/event.hpp"
#include "core/move.hpp"

namespace rekey::connect {

/// What people know a company by; empty: it is not known.
std::string name_of(const std::optional<Company>& company);

/// Puts a grant (0: the OAuth 1.0a connection) on the list, and gives the effect that ends it.
Effect let_go(State& next, std::int64_t version, std::optional<Company> company, Instant now);
/// A grant of this company lives: what could be of the same consent is only forgotten.
void spare(State& next, const Company& company, Effects& effects);

/// The provider confirmed the end of one on the list.
Move<State> confirmed(const State& state, std::int64_t version);
/// The tries for one on the list are used up.
Move<State> given_up(const State& state, std::int64_t version, Instant now);
/// Tells people of what the provider has not confirmed in good time.
void tell_unconfirmed(Move<State>& moved, Instant now);

}  // namespace rekey::connect
