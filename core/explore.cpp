#include "core/explore.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <unordered_set>

#include "core/overloaded.hpp"

namespace rekey::explore {

namespace {

constexpr std::int64_t present_ms = 1'800'000'000'000;

Instant ahead() {
  return present() + Millis{1};
}

// A key for the set of states that have been seen: every field in order, without names
// -------------

void key(std::string& out, std::int64_t value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof bytes);
}
void key(std::string& out, bool value) {
  out += value ? '1' : '0';
}
void key(std::string& out, Instant value) {
  key(out, to_ms(value));
}
void key(std::string& out, const std::string& value) {
  key(out, static_cast<std::int64_t>(value.size()));
  out += value;
}
template <class T>
void key(std::string& out, const T& value);
template <class T>
void key(std::string& out, const std::optional<T>& value) {
  key(out, value.has_value());
  if (value) key(out, *value);
}
template <class T>
void key(std::string& out, const std::vector<T>& value) {
  key(out, static_cast<std::int64_t>(value.size()));
  for (const auto& each : value) key(out, each);
}
template <class... T>
void key(std::string& out, const std::variant<T...>& value) {
  out += static_cast<char>('a' + value.index());
  std::visit([&](const auto& each) { key(out, each); }, value);
}
template <class T>
void key(std::string& out, const T& value) {
  if constexpr (std::is_enum_v<T>) {
    out += static_cast<char>('a' + static_cast<int>(value));
  } else {
    std::apply([&](const auto&... each) { (key(out, value.*(each.member)), ...); }, T::fields());
  }
}

// The connect machine
// ------------------------------------------------------------------------------

template <class T>
concept UnderWay = requires(T phase) {
  phase.from;
};

void put_lifetimes(connect::Lifetimes& of, const Scope& scope) {
  of.access_expires = ahead();
  if (of.refresh_expires || !scope.lifetimes) of.refresh_expires = ahead();
  if (of.hard_expires || !scope.lifetimes) of.hard_expires = ahead();
}

/// The rules ask two things of a trouble: what is to be done about it, and does a renewal end
/// it. Troubles that agree in both become one.
void put_trouble(std::optional<connect::Trouble>& trouble, const Scope& scope) {
  if (!scope.trouble) trouble.reset();
  if (!trouble) return;
  for (const auto like : wire::all_of<connect::Hindrance>) {
    if (!need_the_same(like, trouble->reason) ||
        ends_with_renewal(like) != ends_with_renewal(trouble->reason))
      continue;
    trouble = connect::Trouble{like, {}};
    return;
  }
}

// Companies, times and reasons of a phase that stands by itself.

void put_standing(connect::Unlinked& phase, const Scope&) {
  if (phase.last) phase.last = connect::Company{"A", "A"};
  phase.since = phase.last ? std::optional(Instant{}) : std::nullopt;
}
void put_standing(connect::Legacy& phase, const Scope& scope) {
  phase.company = {"A", "A"};
  phase.since = {};
  if (phase.expires || !scope.lifetimes) phase.expires = ahead();
}
void put_standing(connect::Linked& phase, const Scope& scope) {
  phase.company = {"A", "A"};
  phase.since = {};
  connect::Lifetimes of{{}, phase.refresh_expires, phase.hard_expires};
  put_lifetimes(of, scope);
  phase.access_expires = of.access_expires;
  phase.refresh_expires = of.refresh_expires;
  phase.hard_expires = of.hard_expires;
  if (phase.risk)
    phase.risk =
        connect::Risk{scope.reasons ? phase.risk->reason : connect::Ended::refused, ahead()};
  put_trouble(phase.trouble, scope);
}
void put_standing(connect::Broken& phase, const Scope& scope) {
  phase.company = {"A", "A"};
  phase.since = {};
  if (!scope.reasons) phase.reason = connect::Ended::refused;
  if (!scope.trouble) phase.kept.reset();
  if (phase.kept) phase.kept->until = ahead();
}
void put_standing(connect::Disconnecting& phase, const Scope&) {
  phase.company = {"A", "A"};
  phase.deadline = ahead();
}

/// Calls `use` with every version a phase holds.
template <class P, class F>
void each_version(P& phase, F&& use) {
  if constexpr (requires { phase.version; }) use(phase.version);
  if constexpr (requires { phase.kept; })
    if (phase.kept) use(phase.kept->version);
  if constexpr (UnderWay<P>) std::visit([&](auto& from) { each_version(from, use); }, phase.from);
}

/// The newest of what is to be ended; of the company there is (A), of another (B), or of one that
/// is not known.
void put_revocations(connect::State& state, const Scope& scope) {
  auto& list = state.revocations;
  if (list.size() > scope.revocations)
    list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(scope.revocations));
  const auto* known = connect::known_company(state);
  for (auto& each : list) {
    const bool same = each.company && known && each.company->realm_id == known->realm_id;
    if (each.company) each.company = same ? connect::Company{"A", "A"} : connect::Company{"B", "B"};
    each.since = {};
    if (each.tell_at) each.tell_at = ahead();
    if (each.given_up) each.given_up = Instant{};
  }
}

/// Renames versions by rank: the n-th is 2n, so that there is one that is over below each. 0 stays.
void rank_versions(connect::State& state) {
  std::vector<std::int64_t> known;
  const auto collect = [&](std::int64_t& each) {
    if (each > 0) known.push_back(each);
  };
  collect(state.versions);
  for (auto& each : state.revocations) collect(each.version);
  std::visit([&](auto& phase) { each_version(phase, collect); }, state.phase);
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const auto rename = [&](std::int64_t& each) {
    const auto at = std::lower_bound(known.begin(), known.end(), each);
    if (each > 0) each = 2 * (1 + (at - known.begin()));
  };
  rename(state.versions);
  for (auto& each : state.revocations) rename(each.version);
  std::visit([&](auto& phase) { each_version(phase, rename); }, state.phase);
}

void put_connect(connect::State& state, const Scope& scope) {
  put_revocations(state, scope);  // before the companies have new names
  const std::string spent = state.spent;
  if (!state.spent.empty()) state.spent = "spent";
  std::visit(
      [&](auto& phase) {
        using P = std::decay_t<decltype(phase)>;
        if constexpr (UnderWay<P>) {
          std::visit([&](auto& from) { put_standing(from, scope); }, phase.from);
          if constexpr (requires { phase.attempt; })
            phase.attempt = phase.attempt == spent ? "spent" : "current";
          if constexpr (requires { phase.lifetimes; }) put_lifetimes(phase.lifetimes, scope);
          if constexpr (requires { phase.deadline; }) phase.deadline = ahead();
          if constexpr (requires { phase.expires; }) phase.expires = ahead();
          if constexpr (requires { phase.begins; })
            if (phase.begins) phase.begins = ahead();
          if constexpr (requires { phase.found; }) phase.found = connect::Company{"B", "B"};
        } else {
          put_standing(phase, scope);
        }
      },
      state.phase);
  rank_versions(state);
}

// The import and the save machine -----------------------------------------------------------------

void put_progress(std::vector<imports::Progress>& progress, const Scope& scope) {
  for (auto& each : progress) each.total.reset();
  // Of what is over, rules only ask whether anything was read. (That a single list was left out
  // matters to who wants it read again: that is reached where all of them were.)
  const bool nothing_read =
      std::all_of(progress.begin(), progress.end(),
                  [](const imports::Progress& each) { return !each.finished || each.left_out; });
  const auto* current = imports::next_entity(progress);
  auto index = current ? static_cast<std::size_t>(current - progress.data()) : progress.size();
  const std::int64_t done = current ? std::min<std::int64_t>(current->done, 1) : 0;
  // The last but one stands for all between: from there the last can be reached, as from each.
  if (!scope.entities && index > 0 && index + 2 < progress.size()) index = progress.size() - 2;
  for (std::size_t i = 0; i < progress.size(); ++i) {
    progress[i].finished = i < index;
    progress[i].done = i == index ? done : 0;
    progress[i].left_out = {};
    progress[i].set_aside = progress[i].mended = progress[i].read_again = 0;
    if (i < index && nothing_read) progress[i].left_out = imports::LeftOut::not_for_company;
  }
}

/// What is in use is brought back as it was, and not looked into: as applied, or not, it is also
/// reached by itself.
void put_in_use(std::optional<imports::InUse>& before, const Scope& scope) {
  if (!before) return;
  before->finished = {};
  before->applied = true;
  put_progress(before->progress, scope);
}

void put_import(imports::State& state, const Scope& scope) {
  if (state.run > 0) state.run = 2;
  std::visit(Overloaded{[](imports::None&) {},
                        [&](imports::Running& phase) {
                          put_progress(phase.progress, scope);
                          phase.started = {};
                          phase.deadline = ahead();
                          put_in_use(phase.before, scope);
                        },
                        [&](imports::Done& phase) {
                          put_progress(phase.progress, scope);
                          phase.finished = {};
                        },
                        [&](imports::Failed& phase) {
                          put_progress(phase.progress, scope);
                          phase.since = {};
                          put_in_use(phase.before, scope);
                          if (!scope.stops) phase.reason = imports::Stopped::unreachable;
                        }},
             state.phase);
}

void put_save(save::State& state) {
  if (state.revision > 0) state.revision = 2;
  if (auto* saving = std::get_if<save::Saving>(&state.phase)) saving->deadline = ahead();
  if (auto* saved = std::get_if<save::Saved>(&state.phase)) saved->at = {};
}

/// The same state with the connect machine's own deadline just reached. What it stands on is left
/// as it is: no rule looks at that before the authorization is over.
void reach_deadline(connect::State& state) {
  std::visit(Overloaded{[](connect::Unlinked&) {},
                        [](connect::Legacy& phase) {
                          if (phase.expires) phase.expires = present();
                        },
                        [](connect::Authorizing& phase) { phase.expires = present(); },
                        [](connect::Exchanging& phase) {
                          (phase.begins ? *phase.begins : phase.deadline) = present();
                        },
                        [](connect::Proving& phase) { phase.deadline = present(); },
                        [](connect::Confirming& phase) { phase.expires = present(); },
                        [](connect::Linked&) {},
                        [](connect::Broken& phase) {
                          if (phase.kept) phase.kept->until = present();
                        },
                        [](connect::Disconnecting& phase) { phase.deadline = present(); }},
             state.phase);
}

}  // namespace

Instant present() {
  return from_ms(present_ms);
}

State canonical(const State& state, const Scope& scope) {
  State out = state;
  put_connect(out.connect, scope);
  if (scope.import) {
    put_import(out.import, scope);
  } else {
    out.import = {};
  }
  if (scope.save) {
    put_save(out.save);
  } else {
    out.save = {};
  }
  return out;
}

std::vector<State> moments(const State& state) {
  std::vector<State> all = {state};
  const auto also = [&](bool waits, auto&& reach) {
    if (!waits) return;
    const auto count = all.size();
    for (std::size_t i = 0; i < count; ++i) {
      all.push_back(all[i]);
      reach(all.back());
    }
  };
  also(connect::due_of_phase(state.connect).has_value(),
       [](State& each) { reach_deadline(each.connect); });
  const auto& list = state.connect.revocations;
  also(std::any_of(list.begin(), list.end(), [](const auto& each) { return each.tell_at; }),
       [](State& each) {
         for (auto& one : each.connect.revocations)
           if (one.tell_at) one.tell_at = present();
       });
  also(imports::due(state.import).has_value(),
       [](State& each) { std::get<imports::Running>(each.import.phase).deadline = present(); });
  also(save::due(state.save).has_value(),
       [](State& each) { std::get<save::Saving>(each.save.phase).deadline = present(); });
  return all;
}

Numbers explore(const Scope& scope, const std::function<void(const Taken&)>& visit) {
  Numbers numbers;
  std::unordered_set<std::string> seen;
  std::deque<State> waiting;
  std::string text;
  const auto found = [&](const State& state) {
    State one = canonical(state, scope);
    text.clear();
    key(text, one);
    if (!seen.insert(text).second) return;
    waiting.push_back(std::move(one));
  };
  found(State{});
  while (!waiting.empty()) {
    const State state = std::move(waiting.front());
    waiting.pop_front();
    ++numbers.states;
    const auto events = events_for(state, scope);
    for (const auto& at : moments(state)) {
      for (const auto& event : events) {
        const Step taken = step(at, event, present());
        ++numbers.steps;
        if (taken.refused) ++numbers.refused;
        visit(Taken{at, event, present(), taken});
        if (!taken.refused) found(taken.next);
      }
    }
  }
  return numbers;
}

}  // namespace rekey::explore
