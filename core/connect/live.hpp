// Events of the live grant, which may stand alone or inside an authorization. An event of another
// version is refused as `stale_answer`.
#pragma once

#include "core/connect/event.hpp"
#include "core/move.hpp"

namespace rekey::connect {

/// Its tokens were renewed: what spoke against that is over.
Move<State> refreshed(const State& state, const GrantRefreshed& event);
/// Its company was read, which had only been named by what brought the grant in.
Move<State> read_again(const State& state, const CompanyProved& event);
/// The provider ended it.
Move<State> ended(const State& state, const GrantEnded& event, Instant now);
/// It is known to end: people are told.
Move<State> at_risk(const State& state, const GrantAtRisk& event);
/// It cannot be renewed or used for now: people are told once.
Move<State> in_trouble(const State& state, const GrantInTrouble& event);
/// It can be used again.
Move<State> restored(const State& state, const AccessRestored& event);
/// It ended, and the operator undid that.
Move<State> revived(const State& state, const GrantRevived& event, Instant now);

}  // namespace rekey::connect
