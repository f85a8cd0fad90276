#include "core/refresh/explore.hpp"

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

/// Passed, or ahead: the only difference that rules see.
Instant put_time(Instant at, Millis if_ahead) {
  return at > present() ? ahead(if_ahead) : present();
}
std::optional<Instant> put_time(const std::optional<Instant>& at, Millis if_ahead) {
  if (!at) return {};
  return put_time(*at, if_ahead);
}

/// Since a moment ago, or for so long that people are told.
Instant put_since(Instant since) {
  return present() - since >= policy::trouble_told_after ? present() - policy::trouble_told_after
                                                         : present();
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
  held.since = put_since(held.since);
  held.retry_at = put_time(held.retry_at, policy::first_pause);
  held.pause = policy::longest_pause;
  held.failures = 1;
}
void put(Dying& dying) {
  dying.reason = put_reason(dying.reason);
  dying.since = present();
  dying.ends = put_time(dying.ends, Millis{1});
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
  const auto left = state.access_expires - present();
  // Run out; too short to be served while another caller renews it; or good.
  state.access_expires = left <= Millis{0}           ? present()
                         : left <= policy::meanwhile ? ahead(Millis{1})
                                                     : ahead(std::chrono::minutes{30});
  if (state.barred) {
    state.barred->meaning =
        state.barred->meaning == Meaning::rights_lost ? Meaning::rights_lost : Meaning::stale_token;
    state.barred->since = put_since(state.barred->since);
    state.barred->look_at = put_time(state.barred->look_at, policy::first_look);
    state.barred->looks = 0;
  }
  state.due = put_time(state.due, std::chrono::minutes{30});
  state.warn = put_time(state.warn, std::chrono::hours{24});
  return state;
}

/// The same state at other moments: each of its times passed or not.
std::vector<State> moments(const State& state) {
  std::vector<State> all = {state};
  const auto fork = [&](auto&& change) {
    const auto count = all.size();
    for (std::size_t i = 0; i < count; ++i) {
      State later = all[i];
      if (change(later)) all.push_back(std::move(later));
    }
  };
  fork([](State& each) {
    each.access_expires = ahead(Millis{1});
    return true;
  });
  fork([](State& each) {
    if (each.access_expires == present()) return false;
    each.access_expires = present();
    return true;
  });
  fork([](State& each) {
    auto* held = std::get_if<HeldBack>(&each.phase);
    if (auto* turn = std::get_if<Spending>(&each.phase)) held = std::get_if<HeldBack>(&turn->from);
    if (!held) return false;
    held->since = present() - policy::trouble_told_after;
    held->retry_at = present();
    return true;
  });
  fork([](State& each) {
    auto* dying = std::get_if<Dying>(&each.phase);
    if (!dying) return false;
    dying->ends = present();
    return true;
  });
  fork([](State& each) {
    if (!each.due) return false;
    each.due = present();
    return true;
  });
  fork([](State& each) {
    if (!each.warn) return false;
    each.warn = present();
    return true;
  });
  fork([](State& each) {
    if (!each.barred) return false;
    each.barred->since = present() - policy::trouble_told_after;
    each.barred->look_at = present();
    return true;
  });
  return all;
}

void add_answers(std::vector<Event>& out) {
  const connect::Lifetimes hour{ahead(std::chrono::hours{1}), ahead(std::chrono::hours{2400}), {}};
  const connect::Lifetimes with_end{
      ahead(std::chrono::hours{1}), {}, ahead(std::chrono::hours{2400})};
  for (const std::string owner : {ours, others}) {
    for (const bool rotated : {false, true}) out.push_back(Renewed{owner, hour, rotated, 0});
    out.push_back(Renewed{owner, with_end, true, 0});
    out.push_back(TurnGivenUp{owner});
    for (const auto meaning : {Meaning::grant_ended, Meaning::misconfigured, Meaning::throttled,
                               Meaning::unavailable, Meaning::unreadable})
      for (const bool done : {false, true})
        for (const bool previous : {false, true})
          for (const bool may_end : {false, true})
            for (const std::optional<std::int64_t> rejected :
                 {std::optional<std::int64_t>{}, std::optional<std::int64_t>{2}})
              out.push_back(NotRenewed{owner, meaning, done, previous, rejected, {}, may_end, 0});
  }
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
        for (const Millis patience : {Millis{0}, Millis(policy::longest_pause)})
          out.push_back(
              Asked{ours, policy::good_for, rejected, {}, false, known, patience, who, 0});
      out.push_back(DueReached{ours, known, who, false, 0});
    }
  out.push_back(Asked{ours, policy::good_for, {}, 1, true, true, Millis{0}, {}, 0});
  out.push_back(Asked{others, policy::good_for, {}, {}, false, true, Millis{0}, {}, 0});
  out.push_back(DueReached{ours, true, {}, true, 0});
  add_answers(out);
  for (std::size_t i = 0; i < names_of(Meaning{}).size(); ++i)
    for (const std::int64_t revision : {1, 2})
      for (const bool repeated : {false, true})
        out.push_back(AccessAnswered{static_cast<Meaning>(i), revision, repeated, 0});
  out.push_back(Used{0});
  out.push_back(WarnReached{{}, false});
  out.push_back(WarnReached{{}, true});
  out.push_back(WarnReached{ahead(std::chrono::hours{1}), false});
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
        if (!taken.refused) found(taken.next);
      }
  }
  return numbers;
}

}  // namespace rekey::refresh
