#include "core/refresh/explore.hpp"

#include <algorithm>
#include <deque>
#include <unordered_set>

#include "core/refresh/policy.hpp"
#include "core/wire/json.hpp"

namespace rekey::refresh {

namespace {

using Reason = connect::Ended;

// The owner of the turn that events speak of, and another one.
constexpr const char* ours = "me";
constexpr const char* others = "other";

Instant present() {
  return from_ms(1'800'000'000'000);
}
Instant ahead(Millis by) {
  return present() + by;
}

Meaning put_meaning(Meaning meaning) {
  if (meaning == Meaning::misconfigured || meaning == Meaning::grant_ended) return meaning;
  return Meaning::unavailable;
}

Reason put_reason(Reason reason) {
  return reason == Reason::expired || reason == Reason::reply_lost ? reason : Reason::refused;
}

void put(Fresh&) {}
void put(HeldBack& held) {
  held.meaning = put_meaning(held.meaning);
  held.since = present();
  held.retry_at = ahead(policy::first_pause);
  held.pause = policy::longest_pause;
  held.failures = std::min<std::int64_t>(held.failures, 1);
}
void put(Dying& dying) {
  dying.reason = put_reason(dying.reason);
  dying.since = present();
  dying.ends = ahead(Millis{1});
}
void put(refresh::Ended& ended) {
  ended.reason = put_reason(ended.reason);
  ended.since = present();
}
void put(Spending& turn) {
  turn.beat = 0;
  std::visit([](auto& from) { put(from); }, turn.from);
}

State canonical(State state) {
  std::visit([](auto& phase) { put(phase); }, state.phase);
  state.revision = 2;
  state.access_life = std::chrono::hours{1};
  state.access_expires = ahead(std::chrono::minutes{30});
  if (state.barred) {
    state.barred->meaning =
        state.barred->meaning == Meaning::rights_lost ? Meaning::rights_lost : Meaning::stale_token;
    state.barred->since = present();
    state.barred->look_at = ahead(policy::first_look);
    state.barred->looks = 0;
  }
  if (state.due) state.due = ahead(std::chrono::minutes{30});
  if (state.warn) state.warn = ahead(std::chrono::hours{24});
  return state;
}

/// The deadline of the phase has passed, also of the one that a turn began from.
bool reach_deadline(Phase& phase) {
  if (auto* turn = std::get_if<Spending>(&phase)) {
    auto* held = std::get_if<HeldBack>(&turn->from);
    if (held) held->since = present() - policy::trouble_told_after;
    return held != nullptr;
  }
  if (auto* held = std::get_if<HeldBack>(&phase)) {
    held->since = present() - policy::trouble_told_after;
    held->retry_at = present();
    return true;
  }
  auto* dying = std::get_if<Dying>(&phase);
  if (dying) dying->ends = present();
  return dying != nullptr;
}

/// The same state at other moments. No rule looks at more than two of its times at once: that of
/// the access token with that of the phase, or with one of the others.
std::vector<State> moments(const State& state) {
  std::vector<State> all = {state};
  if (State late = state; reach_deadline(late.phase)) all.push_back(std::move(late));
  if (State late = state; late.due) {
    late.due = present();
    all.push_back(late);
    if (reach_deadline(late.phase)) all.push_back(std::move(late));
  }
  if (State late = state; late.warn) {
    late.warn = present();
    all.push_back(std::move(late));
  }
  if (State late = state; late.barred) {
    late.barred->since = present() - policy::trouble_told_after;
    late.barred->look_at = present();
    all.push_back(std::move(late));
  }
  // Run out, or too short to be served while another caller renews it.
  for (std::size_t i = 0, count = all.size(); i < count; ++i)
    for (const Millis left : {Millis{0}, Millis{1}}) {
      all.push_back(all[i]);
      all.back().access_expires = ahead(left);
    }
  return all;
}

void add_answers(std::vector<Event>& out) {
  const connect::Lifetimes hour{ahead(std::chrono::hours{1}), ahead(std::chrono::hours{2400}), {}};
  const connect::Lifetimes with_end{
      ahead(std::chrono::hours{1}), {}, ahead(std::chrono::hours{2400})};
  for (const std::string owner : {ours, others}) {
    out.push_back(Renewed{owner, hour, false, 0});
    out.push_back(Renewed{owner, with_end, true, 0});
    out.push_back(TurnGivenUp{owner});
    out.push_back(NotRenewed{owner, Meaning::unavailable, false, false, {}, {}, true, 0});
  }
  for (const auto meaning : {Meaning::misconfigured, Meaning::throttled, Meaning::unreadable})
    for (const bool done : {false, true})
      out.push_back(NotRenewed{ours, meaning, done, done, {}, {}, true, 0});
  for (const bool previous : {false, true})
    for (const bool may_end : {false, true})
      for (const auto& rejected : {std::optional<std::int64_t>{}, std::optional<std::int64_t>{2}})
        for (const bool run_out : {false, true})
          out.push_back(NotRenewed{
              ours, Meaning::grant_ended, false, previous, rejected, {}, may_end, 0, run_out});
}

}  // namespace

std::vector<Event> events_for(const State& state) {
  std::vector<Event> out;
  const auto* turn = std::get_if<Spending>(&state.phase);
  const auto dead = turn ? holder_of(*turn) : std::string();
  for (const auto& who : {std::string(), dead})
    for (const bool known : {true, false}) {
      for (const std::optional<std::int64_t> rejected :
           {std::optional<std::int64_t>{}, std::optional<std::int64_t>{2}})
        for (const Millis patience : {Millis{0}, policy::longest_pause})
          out.push_back(
              Asked{ours, policy::good_for, rejected, {}, false, known, patience, who, 0});
      out.push_back(DueReached{ours, known, who, false, 0});
    }
  out.push_back(Asked{ours, policy::good_for, {}, 1, true, true, Millis{0}, {}, 0});
  out.push_back(Asked{others, policy::good_for, {}, {}, false, true, Millis{0}, {}, 0});
  out.push_back(DueReached{ours, true, {}, true, 0});
  add_answers(out);
  for (const auto meaning : wire::all_of<Meaning>)
    out.push_back(AccessAnswered{meaning, 2, false, 0});
  out.push_back(AccessAnswered{Meaning::stale_token, 1, false, 0});
  out.push_back(AccessAnswered{Meaning::stale_token, 2, true, 0});
  out.push_back(Used{0});
  out.push_back(WarnReached{{}, false});
  out.push_back(WarnReached{{}, true});
  out.push_back(WarnReached{ahead(std::chrono::hours{1}), false});
  out.push_back(WarnReached{present(), false});
  out.push_back(Revived{});
  return out;
}

Numbers explore(const std::function<void(const Explored&)>& visit) {
  Numbers numbers;
  std::unordered_set<std::string> seen;
  std::deque<State> waiting;
  const auto found = [&](const State& state) {
    auto one = canonical(state);
    if (seen.insert(wire::dump(wire::write(one))).second) waiting.push_back(std::move(one));
  };
  for (const bool renewable : {true, false})
    found(begin({ahead(std::chrono::hours{1}), {}, ahead(std::chrono::hours{2400})}, renewable, 0,
                present()));
  while (!waiting.empty()) {
    const State state = std::move(waiting.front());
    waiting.pop_front();
    ++numbers.states;
    for (const auto& at : moments(state))
      for (const auto& event : events_for(at)) {
        const auto taken = step(at, event, present());
        ++numbers.steps;
        if (taken.refused) ++numbers.refused;
        visit({at, event, present(), taken});
        if (!taken.refused && taken.next != at) found(taken.next);
      }
  }
  return numbers;
}

}  // namespace rekey::refresh
