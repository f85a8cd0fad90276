// The rules that keep one grant alive, as one pure function:
//  - a token that is still good is always served;
//  - over all processes, one turn at a time sends the refresh token; before it is sent, the turn is
//    stored, and before a caller gets the answer, the answer is stored;
//  - only `grant_ended`, the provider's word about this grant, ends it; after every other answer it
//    is tried again, with growing pauses;
//  - after that word the previous refresh token is tried once, because an answer may have been
//    lost, and the access token is served to its end.
#pragma once

#include "core/refresh/action.hpp"
#include "core/refusal.hpp"

namespace rekey::refresh {

/// `refused` is set exactly when the event was not possible; then `next` is the state as it was and
/// there are no actions.
struct Step {
  State next;
  Actions actions;
  std::optional<Refusal> refused;
  static constexpr auto fields() {
    return std::tuple{field("next", &Step::next), field("actions", &Step::actions),
                      field("refused", &Step::refused)};
  }
};

/// What follows from an event. The caller reads a grant's state, steps, and stores the next state
/// only if nothing changed in between; then it carries out the actions.
Step step(const State& state, const Event& event, Instant now);

/// How long to wait after a number of failures in a row, without what is added by chance.
Millis pause_after(std::int64_t failures);

/// The grant that a replay begins with, received now: its tokens last as long as Intuit's do, an
/// hour and about a hundred days.
State received(Instant now);

/// Steps through a list of events, a line of JSON each: {"at": <ms since 1970>, "event": {…}}, from
/// a grant `received` at the first line's time. Gives a line of JSON for each step, the same to
/// the byte natively and in WebAssembly; a line that does not read ends it with {"error": …}.
std::string replay(std::string_view text);

}  // namespace rekey::refresh
