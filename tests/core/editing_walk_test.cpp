#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>

#include "core/editing/step.hpp"
#include "tests/support/approve.hpp"
#include "tests/support/print.hpp"

// Every step from every state of the editing machine, held to what must always be true. States that
// no rule can tell apart are put together: change numbers are renamed by their rank, the newest
// request is number 1, and what is shown is revision 1 of import 1.

namespace rekey::test::editing_walk_test {

namespace {

using namespace editing;
// The connection has these, too.
using editing::Event;
using editing::State;
using editing::step;
using editing::Step;

void rename_changes(State& state) {
  std::vector<std::int64_t*> numbers{&state.made, &state.kept, &state.refused, &state.told};
  if (auto* keeping = std::get_if<Keeping>(&state.phase)) numbers.push_back(&keeping->upto);
  if (auto* saving = std::get_if<Saving>(&state.phase)) numbers.push_back(&saving->upto);
  std::set<std::int64_t> values{0};
  for (const auto* each : numbers) values.insert(*each);
  // Twice the rank: between two of them there is a number for what is confirmed in part.
  for (auto* each : numbers) *each = 2 * std::distance(values.begin(), values.find(*each));
}

State canonical(State state) {
  rename_changes(state);
  state.asked = 1;
  if (auto* fetching = std::get_if<Fetching>(&state.phase))
    fetching->run = state.shown && fetching->run == state.shown->run ? 1 : 2;
  if (state.shown) state.shown = Shown{1, 1};
  return state;
}

std::vector<Facts> all_facts() {
  std::vector<Facts> out{{false, false, 1, 1}, {false, true, 1, 1}};
  for (const bool editable : {false, true})
    for (const std::int64_t run : {1, 2})
      for (const std::int64_t revision : {1, 2}) out.push_back({true, editable, run, revision});
  return out;
}

/// Every answer to a request of this number.
void add_answers(std::vector<Event>& out, std::int64_t asked) {
  out.push_back(Waited{asked});
  out.push_back(FetchFailed{asked});
  for (const std::int64_t revision : {1, 2}) {
    for (const std::int64_t restored : {0, 2})
      out.push_back(Fetched{asked, revision, restored, false});
    out.push_back(Fetched{asked, revision, 0, true});
  }
  out.push_back(Kept{asked, 2});
  out.push_back(Saved{asked, 2});
  for (const auto why : {NotTaken::changed_elsewhere, NotTaken::refused, NotTaken::unknown}) {
    out.push_back(KeepFailed{asked, why});
    out.push_back(SaveFailed{asked, why});
  }
}

std::vector<Event> all_events(const State& state) {
  std::vector<Event> out{
      Changed{state.made + 1}, Changed{state.made}, SavePressed{}, SignOutPressed{},
      TryAgainPressed{},       Stepped{},           Left{}};
  add_answers(out, state.asked);
  out.push_back(Kept{state.asked, 2, state.kept + 1});
  const auto old = state.asked - 1;
  out.insert(out.end(), {Waited{old}, Fetched{old, 1, 0, false}, Kept{old, 2}, Saved{old, 2}});
  return out;
}

std::string type_of(const auto& value) {
  return std::visit(
      [](const auto& each) { return std::string(std::decay_t<decltype(each)>::type); }, value);
}

template <class A>
int count(const Actions& actions) {
  return static_cast<int>(std::count_if(actions.begin(), actions.end(), [](const Action& each) {
    return std::holds_alternative<A>(each);
  }));
}

bool tells(const Actions& actions, std::initializer_list<News> news) {
  return std::any_of(actions.begin(), actions.end(), [&](const Action& each) {
    const auto* tell = std::get_if<Tell>(&each);
    return tell && std::find(news.begin(), news.end(), tell->news) != news.end();
  });
}

/// The number of the request that an action makes; 0: it makes none.
std::int64_t request_of(const Action& action) {
  return std::visit(
      [](const auto& each) -> std::int64_t {
        if constexpr (requires { each.asked; })
          return each.asked;
        else
          return 0;
      },
      action);
}

std::int64_t upto_of(const State& state) {
  if (const auto* keeping = std::get_if<Keeping>(&state.phase)) return keeping->upto;
  if (const auto* saving = std::get_if<Saving>(&state.phase)) return saving->upto;
  return 0;
}

/// One step that was taken.
struct Taken {
  const State& state;
  const Event& event;
  const Step& step;

  template <class E>
  bool is() const {
    return std::holds_alternative<E>(event);
  }
};

// The rules. Each gives what is wrong, or nothing.
// -------------------------------------------------

std::string refusal_changes_nothing(const Taken& taken) {
  if (!taken.step.refused) return {};
  return taken.step.next == taken.state && taken.step.actions.empty() ? ""
                                                                      : "a refusal did something";
}

std::string one_request_at_a_time(const Taken& taken) {
  int requests = 0;
  std::int64_t asked = taken.state.asked;
  for (const auto& each : taken.step.actions)
    if (const auto request = request_of(each)) {
      ++requests;
      asked = request;
    }
  const auto& next = taken.step.next;
  if (requests > 1) return "two requests at once";
  if (asked != next.asked) return "a request without the next number";
  if (requests == 1 && !is_running(next)) return "a request that nothing waits for";
  const bool goes_on = is_running(next) && next.phase.index() == taken.state.phase.index();
  if (is_running(next) && !goes_on && requests == 0) return "a wait for nothing";
  return {};
}

std::string no_change_is_lost(const Taken& taken) {
  const auto& [state, event, step] = taken;
  const auto* fetched = std::get_if<Fetched>(&event);
  if (step.next.made < state.made && !(fetched && fetched->other_company))
    return "a change was forgotten";
  if (taken.is<Changed>() && !step.refused && count<Remember>(step.actions) == 0)
    return "a change is not written down in the tab";
  if (has_unsent(step.next) && !step.next.shown) return "changes of nothing";
  if (step.next.kept > state.kept) {
    const bool answered = taken.is<Kept>() || taken.is<Saved>();
    const auto* kept = std::get_if<Kept>(&event);
    const bool in_part = kept && kept->upto != 0 && step.next.kept == kept->upto;
    if (!answered || (step.next.kept != upto_of(state) && !in_part))
      return "confirmed without an answer";
    if (in_part && kept->upto < upto_of(state) && count<Keep>(step.actions) == 0)
      return "the rest is not sent";
  }
  for (const auto& each : step.actions)
    if (const auto* confirm = std::get_if<Confirm>(&each))
      if (confirm->upto != step.next.kept) return "more is forgotten in the tab than was confirmed";
  if (count<SignOut>(step.actions) > 0 && has_unsent(step.next) && state.told < state.made)
    return "signed out over a change, and the person was not told";
  return {};
}

std::string what_stops_is_told(const Taken& taken) {
  const auto& [state, event, step] = taken;
  const auto bad = {News::not_kept, News::not_saved, News::not_editable};
  if ((step.next.refused > state.refused || step.next.told > state.told) &&
      !tells(step.actions, bad))
    return "changes were put aside in silence";
  const bool ended = is_saving(state) && !is_saving(step.next);
  const bool answered = count<ShowSaved>(step.actions) > 0 || taken.is<Left>() ||
                        tells(step.actions, {News::changed_while_saving, News::not_saved});
  return ended && !answered ? "Save was pressed and not answered" : "";
}

std::string nothing_is_saved_that_is_not_kept(const Taken& taken) {
  const bool saves = count<Save>(taken.step.actions) > 0;
  return saves && has_unsent(taken.step.next) ? "saved without the newest changes" : "";
}

std::string sign_out_is_answered(const Taken& taken) {
  const auto& [state, event, step] = taken;
  const int answers = count<SignOut>(step.actions) + count<Stay>(step.actions);
  const bool pressed = taken.is<SignOutPressed>() && !step.refused;
  if (step.next.leaving && !is_running(step.next)) return "leaving, and nothing is waited for";
  if (state.leaving || pressed)
    return answers == (step.next.leaving ? 0 : 1) ? "" : "Sign out was not answered once";
  return answers == 0 ? "" : "an answer to nothing";
}

std::string stale_answers_are_refused(const Taken& taken) {
  const bool stale = std::visit(
      [&](const auto& each) {
        if constexpr (requires { each.asked; })
          return each.asked != taken.state.asked || !is_running(taken.state);
        else
          return false;
      },
      taken.event);
  return stale && taken.step.refused != Refusal::stale_answer ? "a stale answer was taken" : "";
}

std::string leaving_the_page_keeps_all(const Taken& taken) {
  if (!taken.is<Left>()) return {};
  auto expected = taken.state;
  expected.phase = Away{};
  expected.leaving = false;
  return taken.step.next == expected ? "" : "leaving the page changed something";
}

using Rule = std::string (*)(const Taken&);
constexpr Rule all_rules[] = {refusal_changes_nothing,    one_request_at_a_time,
                              no_change_is_lost,          what_stops_is_told,
                              sign_out_is_answered,       stale_answers_are_refused,
                              leaving_the_page_keeps_all, nothing_is_saved_that_is_not_kept};

// The walk ----------------------------------------------------------------------------------------

struct Ways {
  std::map<std::string, std::set<std::string>> next;  ///< with the actions that may come of it
  std::set<std::string> refused;
};

struct Walked {
  std::vector<State> states;
  std::size_t steps = 0, refused = 0;
  std::set<std::string> faults;
  std::map<std::string, std::map<std::string, Ways>> table;
};

void note(Walked& out, const Taken& taken) {
  ++out.steps;
  auto& ways = out.table[type_of(taken.state.phase)][type_of(taken.event)];
  if (taken.step.refused) {
    ++out.refused;
    ways.refused.insert(std::string(wire::name_of(*taken.step.refused)));
  } else {
    auto& actions = ways.next[type_of(taken.step.next.phase)];
    for (const auto& each : taken.step.actions) {
      const auto* tell = std::get_if<Tell>(&each);
      actions.insert(tell ? "tell " + std::string(wire::name_of(tell->news)) : type_of(each));
    }
  }
  for (const auto rule : all_rules)
    if (const auto fault = rule(taken); !fault.empty() && out.faults.size() < 20)
      out.faults.insert(fault + "\n  state " + line(taken.state) + "\n  event " +
                        line(taken.event) + "\n  next  " + line(taken.step.next));
}

/// Everything that is in a canonical state.
std::array<std::int64_t, 10> key_of(const State& state) {
  const auto* fetching = std::get_if<Fetching>(&state.phase);
  return {static_cast<std::int64_t>(state.phase.index()),
          fetching ? fetching->run : 0,
          upto_of(state),
          is_saving(state),
          state.shown.has_value(),
          state.made,
          state.kept,
          state.refused,
          state.told,
          state.leaving * 2 + state.saved_here};
}

Walked walk() {
  Walked out;
  std::set<std::array<std::int64_t, 10>> seen;
  const auto add = [&](const State& state) {
    if (seen.insert(key_of(state)).second) out.states.push_back(state);
  };
  const auto facts = all_facts();
  add(canonical(State{}));
  for (std::size_t i = 0; i < out.states.size(); ++i) {
    const auto state = out.states[i];
    for (const auto& event : all_events(state))
      for (const auto& each : facts) {
        const auto taken = step(state, event, each);
        note(out, {state, event, taken});
        if (!taken.refused) add(canonical(taken.next));
      }
  }
  std::printf("editing: %zu states, %zu steps, %zu of them refused\n", out.states.size(), out.steps,
              out.refused);
  return out;
}

const Walked& walked() {
  static const auto the = walk();
  return the;
}

/// What the backend answers to what is under way, when it takes everything, or fails at everything.
Event answer(const State& state, bool takes, NotTaken why) {
  const auto asked = state.asked;
  const auto revision = state.shown ? state.shown->revision : 1;
  if (std::holds_alternative<Fetching>(state.phase))
    return takes ? Event{Fetched{asked, revision, 0, false}} : Event{FetchFailed{asked}};
  if (std::holds_alternative<Keeping>(state.phase))
    return takes ? Event{Kept{asked, revision}} : Event{KeepFailed{asked, why}};
  if (std::holds_alternative<Saving>(state.phase))
    return takes ? Event{Saved{asked, revision}} : Event{SaveFailed{asked, why}};
  return Waited{asked};
}

/// Answers until nothing is under way; gives how many answers that took, or -1: it went on and on.
int run(State& state, const Facts& facts, bool takes, NotTaken why = NotTaken::unknown) {
  for (int answers = 0; answers < 12; ++answers) {
    if (!is_running(state)) return answers;
    const auto taken = step(state, answer(state, takes, why), facts);
    if (taken.refused) return -1;
    state = taken.next;
  }
  return -1;
}

std::string joined(const std::set<std::string>& texts) {
  std::string out;
  for (const auto& each : texts) out += (out.empty() ? "" : ", ") + each;
  return out;
}

std::string row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const auto& each : cells) out += " " + each + " |";
  return out + "\n";
}

}  // namespace

TEST_CASE("editing: every step from every state keeps to every rule") {
  CHECK(walked().states.size() > 100);
  for (const auto& fault : walked().faults) FAIL_CHECK(fault);
}

TEST_CASE("editing: each request under way ends, also where all of them fail") {
  for (const auto& each : walked().states)
    for (const auto& facts : all_facts())
      for (const auto why : {NotTaken::refused, NotTaken::unknown}) {
        auto state = each;
        INFO("state " << line(each) << " facts " << line(facts));
        REQUIRE(run(state, facts, false, why) >= 0);
      }
}

TEST_CASE("editing: where the backend takes everything, it gets every change or the person knows") {
  const Facts facts{true, true, 1, 1};
  for (const auto& each : walked().states) {
    auto state = each;
    INFO("state " << line(each));
    REQUIRE(run(state, facts, true) >= 0);
    const bool unread = std::holds_alternative<Unread>(state.phase);
    state = step(state, unread ? Event{TryAgainPressed{}} : Event{Stepped{}}, facts).next;
    REQUIRE(run(state, facts, true) >= 0);
    CHECK(state.shown.has_value());
    CHECK((!has_unsent(state) || state.told >= state.made));
  }
}

TEST_CASE("editing: every state reads back from its JSON as it was") {
  for (const auto& each : walked().states) {
    const auto json = wire::parse(line(each), "The state");
    REQUIRE(json);
    const auto back = wire::read_as<State>(*json, "The state");
    REQUIRE(back);
    REQUIRE(*back == each);
  }
}

TEST_CASE("editing: the table of what follows from what is the approved one") {
  std::string text = row({"In", "event", "becomes", "with, sometimes or always", "refused as"});
  for (const auto& [phase, events] : walked().table)
    for (const auto& [event, ways] : events) {
      const auto why = joined(ways.refused);
      if (ways.next.empty()) text += row({phase, event, "-", "-", why});
      for (const auto& [next, actions] : ways.next)
        text += row({phase, event, next, joined(actions), why});
    }
  check_approved("tests/core/approved/editing.txt", text);
}

}  // namespace rekey::test::editing_walk_test
