// Declarations that the files of the refresh machine's step share.
#pragma once

#include "core/refresh/step.hpp"

namespace rekey::refresh {

Step refuse(const State& state, Refusal why);
/// The turn, if this owner has it; or null.
const Spending* own_turn(const State& state, const std::string& me);
/// A share of `most` by chance; `dice` from 0 to 9999.
Millis share_of(Millis most, std::int64_t dice);
/// When to renew a grant that is not used.
Instant idle_due(const connect::Lifetimes& lifetimes, std::int64_t dice, Instant now);
/// When people are first told of a certain end.
std::optional<Instant> first_warning(const connect::Lifetimes& lifetimes, Instant now);

Step asked(const State& state, const Asked& event, Instant now);
Step due_reached(const State& state, const DueReached& event, Instant now);
Step renewed(const State& state, const Renewed& event, Instant now);
Step not_renewed(const State& state, const NotRenewed& event, Instant now);
Step access_answered(const State& state, const AccessAnswered& event, Instant now);

/// What is still true after a failure at `now` that is no end: the next try is later.
void hold_back(State& next, Actions& actions, const NotRenewed& event, Instant now);

}  // namespace rekey::refresh
