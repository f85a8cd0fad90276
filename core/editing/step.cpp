#include "core/editing/step.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace rekey::editing {

namespace {

Step refuse(const State& state, Refusal why) {
  return {state, {}, why};
}
Step begin(const State& state) {
  return {state, {}, {}};
}

template <class P, class... Of>
constexpr bool one_of = (std::is_same_v<P, Of> || ...);

bool can_keep(const Facts& facts) {
  return facts.configurable && facts.editable;
}

/// Whether the backend has a configuration that the tab does not show.
bool is_newer(const State& state, const Facts& facts) {
  if (!facts.configurable) return false;
  return !state.shown || state.shown->run != facts.run || state.shown->revision < facts.revision;
}

// What a step may start --------------------------------------------------------------------------

void fetch(Step& out, const Facts& facts) {
  out.next.phase = Fetching{facts.run, false};
  out.actions.push_back(Fetch{++out.next.asked});
}
void keep(Step& out, bool then_save = false) {
  out.next.phase = Keeping{out.next.made, then_save};
  out.actions.push_back(Keep{++out.next.asked});
}
/// What is saved is what the backend has: changes go there first.
void save(Step& out) {
  out.next.refused = 0;
  if (has_unsent(out.next)) return keep(out, true);
  out.next.phase = Saving{out.next.made};
  out.actions.push_back(Save{++out.next.asked});
}
void collect(Step& out) {
  out.next.phase = Collecting{};
  out.actions.push_back(Wait{++out.next.asked, collect_ms});
}
void retry(Step& out) {
  out.next.phase = Retrying{};
  out.actions.push_back(Wait{++out.next.asked, retry_ms});
}

void tell(Step& out, News news) {
  out.actions.push_back(Tell{news});
}
/// Neither what is chosen here nor what came from elsewhere is lost: what is chosen here is laid
/// over what is read next.
void tell_changed(Step& out, bool while_saving) {
  out.next.saved_here = false;
  tell(out, while_saving ? News::changed_while_saving : News::changed_elsewhere);
}
void tell_not_kept(Step& out, News news, std::int64_t upto) {
  out.next.told = std::max(out.next.told, upto);
  tell(out, news);
}

void stay(Step& out) {
  if (std::exchange(out.next.leaving, false)) out.actions.push_back(Stay{});
}
void sign_out(Step& out) {
  out.next.leaving = false;
  out.next.phase = Idle{};
  out.actions.push_back(SignOut{});
}

/// Sign out was pressed, and nothing is under way: what is chosen goes to the backend first. What
/// cannot be kept is told once; pressed again, the person has decided.
void leave(Step& out, const Facts& facts) {
  out.next.leaving = true;
  if (!has_unsent(out.next)) return sign_out(out);
  if (can_keep(facts)) return keep(out);
  if (out.next.told >= out.next.made) return sign_out(out);
  out.next.phase = Idle{};
  tell_not_kept(out, News::not_editable, out.next.made);
  stay(out);
}

/// Nothing is under way: what comes next by itself.
void settle(Step& out, const Facts& facts) {
  if (out.next.leaving) return leave(out, facts);
  if (is_newer(out.next, facts)) {
    if (has_unsent(out.next)) tell_changed(out, false);
    return fetch(out, facts);
  }
  out.next.phase = Idle{};
  const bool waiting = has_unsent(out.next) && out.next.made > out.next.refused;
  if (waiting && can_keep(facts)) collect(out);
}

/// The backend has everything up to this change.
void confirm(Step& out, std::int64_t upto, std::int64_t revision) {
  out.next.kept = upto;
  out.next.shown->revision = revision;
  out.actions.push_back(Confirm{upto});
}

/// A draft or a save was not taken: told, and not sent again by itself.
void put_aside(Step& out, News news, std::int64_t upto, const Facts& facts) {
  out.next.refused = std::max(out.next.refused, upto);
  tell_not_kept(out, news, upto);
  stay(out);
  settle(out, facts);
}

// One overload an event; P is the phase. Answers to older requests do not come here. -------------

template <class P>
Step on(const State& state, const P&, const Changed& event, const Facts& facts) {
  if (!state.shown || event.number <= state.made) return refuse(state, Refusal::out_of_order);
  auto out = begin(state);
  out.next.made = event.number;
  out.next.saved_here = false;
  out.actions.push_back(Remember{});
  if (one_of<P, Idle, Unread> && can_keep(facts)) collect(out);
  return out;
}

template <class P>
Step on(const State& state, const P&, const SavePressed&, const Facts&) {
  if (!state.shown) return refuse(state, Refusal::import_first);
  auto out = begin(state);
  save(out);
  return out;
}
Step on(const State& state, const Saving&, const SavePressed&, const Facts&) {
  return refuse(state, Refusal::save_under_way);
}
Step on(const State& state, const Keeping& phase, const SavePressed&, const Facts&) {
  if (phase.save) return refuse(state, Refusal::save_under_way);
  auto out = begin(state);
  out.next.phase = Keeping{phase.upto, true};
  return out;
}
Step on(const State& state, const Fetching& phase, const SavePressed&, const Facts&) {
  if (!state.shown) return refuse(state, Refusal::import_first);
  if (phase.save) return refuse(state, Refusal::save_under_way);
  auto out = begin(state);
  out.next.phase = Fetching{phase.run, true};
  return out;
}

template <class P>
Step on(const State& state, const P&, const SignOutPressed&, const Facts& facts) {
  if (state.leaving) return refuse(state, Refusal::nothing_due);
  auto out = begin(state);
  const bool wants_fetched = one_of<P, Fetching> && (has_unsent(state) || is_saving(state));
  if (one_of<P, Keeping, Saving> || wants_fetched)
    out.next.leaving = true;
  else
    leave(out, facts);
  return out;
}

template <class P>
Step on(const State& state, const P&, const TryAgainPressed&, const Facts& facts) {
  if (!facts.configurable || one_of<P, Away, Fetching, Keeping, Saving>)
    return refuse(state, Refusal::nothing_due);
  auto out = begin(state);
  fetch(out, facts);
  return out;
}

template <class P>
Step on(const State& state, const P&, const Stepped&, const Facts& facts) {
  auto out = begin(state);
  if (one_of<P, Away, Idle>) settle(out, facts);
  return out;
}
Step on(const State& state, const Collecting&, const Stepped&, const Facts& facts) {
  if (can_keep(facts) && !is_newer(state, facts)) return begin(state);
  auto out = begin(state);
  settle(out, facts);
  return out;
}
/// What is newer may well be the draft whose answer was lost: read at once, and nothing is said.
Step on(const State& state, const Retrying&, const Stepped&, const Facts& facts) {
  if (facts.configurable && !is_newer(state, facts)) return begin(state);
  auto out = begin(state);
  if (facts.configurable)
    fetch(out, facts);
  else
    settle(out, facts);
  return out;
}
Step on(const State& state, const Unread&, const Stepped&, const Facts& facts) {
  auto out = begin(state);
  if (!facts.configurable) settle(out, facts);
  return out;
}

template <class P>
Step on(const State& state, const P&, const Left&, const Facts&) {
  auto out = begin(state);
  stay(out);
  out.next.phase = Away{};
  return out;
}

/// An answer to something else than what is under way.
template <class P, class Answer>
requires one_of<Answer, Waited, Fetched, FetchFailed, Kept, KeepFailed, Saved, SaveFailed> Step
on(const State& state, const P&, const Answer&, const Facts&) {
  return refuse(state, Refusal::stale_answer);
}

Step on(const State& state, const Collecting&, const Waited&, const Facts& facts) {
  auto out = begin(state);
  if (can_keep(facts))
    keep(out);
  else
    settle(out, facts);
  return out;
}
Step on(const State& state, const Retrying&, const Waited&, const Facts& facts) {
  auto out = begin(state);
  if (facts.configurable)
    fetch(out, facts);
  else
    settle(out, facts);
  return out;
}

Step on(const State& state, const Fetching& phase, const Fetched& event, const Facts& facts) {
  auto out = begin(state);
  const Shown shown{phase.run, event.revision};
  const bool as_seen = state.shown == shown && !event.other_company;
  if (!state.shown) out.next.made = event.restored;
  out.next.shown = shown;
  out.actions.push_back(Show{});
  if (event.other_company) {
    // The changes name records of the company that was shown before: they mean nothing here.
    out.next.made = out.next.kept = out.next.refused = out.next.told = 0;
    out.actions.push_back(Remember{});
  }
  if (phase.save && as_seen) {
    save(out);
    return out;
  }
  // Nothing is saved that the person has not seen.
  if (phase.save) tell_changed(out, true);
  settle(out, facts);
  return out;
}
Step on(const State& state, const Fetching& phase, const FetchFailed&, const Facts& facts) {
  auto out = begin(state);
  out.next.phase = Idle{};
  if (facts.configurable) {
    out.next.phase = Unread{};
    tell(out, News::not_read);
  }
  if (state.leaving && !phase.save && state.told >= state.made) {
    sign_out(out);
    return out;
  }
  if (phase.save || state.leaving)
    tell_not_kept(out, phase.save ? News::not_saved : News::not_kept, state.made);
  stay(out);
  return out;
}

Step on(const State& state, const Keeping& phase, const Kept& event, const Facts& facts) {
  auto out = begin(state);
  const bool in_part = event.upto > state.kept && event.upto < phase.upto;
  confirm(out, in_part ? event.upto : phase.upto, event.revision);
  if (in_part) {
    // The rest of them goes next: the requests keep the order in which the changes were made.
    out.actions.push_back(Keep{++out.next.asked});
    return out;
  }
  if (phase.save)
    save(out);
  else
    settle(out, facts);
  return out;
}
Step on(const State& state, const Keeping& phase, const KeepFailed& event, const Facts& facts) {
  auto out = begin(state);
  if (event.why == NotTaken::changed_elsewhere) {
    tell_changed(out, phase.save);
    fetch(out, facts);
  } else if (phase.save) {
    put_aside(out, News::not_saved, phase.upto, facts);
  } else if (state.leaving && state.told >= state.made) {
    sign_out(out);
  } else if (event.why == NotTaken::refused) {
    put_aside(out, News::not_kept, phase.upto, facts);
  } else {
    // Nothing is lost: the choices stay here and go again. It is not known whether these arrived.
    if (state.leaving) tell_not_kept(out, News::not_kept, state.made);
    stay(out);
    retry(out);
  }
  return out;
}

Step on(const State& state, const Saving& phase, const Saved& event, const Facts& facts) {
  auto out = begin(state);
  confirm(out, phase.upto, event.revision);
  out.next.saved_here = true;
  out.actions.push_back(ShowSaved{});
  settle(out, facts);
  return out;
}
Step on(const State& state, const Saving& phase, const SaveFailed& event, const Facts& facts) {
  auto out = begin(state);
  if (event.why == NotTaken::changed_elsewhere) {
    tell_changed(out, true);
    fetch(out, facts);
  } else {
    put_aside(out, News::not_saved, phase.upto, facts);
  }
  return out;
}

}  // namespace

Step step(const State& state, const Event& event, const Facts& facts) {
  return std::visit(
      [&](const auto& phase, const auto& each) -> Step {
        if constexpr (requires { each.asked; })
          if (each.asked != state.asked) return refuse(state, Refusal::stale_answer);
        return on(state, phase, each, facts);
      },
      state.phase, event);
}

State start_over(const State& state) {
  State out;
  out.asked = state.asked;
  return out;
}

}  // namespace rekey::editing
