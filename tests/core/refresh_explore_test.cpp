#include <catch2/catch_test_macros.hpp>
#include <cstdio>

#include "core/refresh/explore.hpp"
#include "core/refresh/policy.hpp"
#include "core/wire/json.hpp"
#include "tests/support/approve.hpp"

// Every step from every state that a grant can be in, held to every rule.

namespace rekey::refresh::refresh_explore_test {

namespace {

struct Rule {
  const char* name;
  std::string (*broken)(const Explored&);
};

template <class T>
const T* event_of(const Explored& taken) {
  return std::get_if<T>(&taken.event);
}
template <class T>
std::size_t count_of(const Step& step) {
  std::size_t out = 0;
  for (const auto& each : step.actions)
    if (std::holds_alternative<T>(each)) ++out;
  return out;
}
template <class T>
bool is(const State& state) {
  return std::holds_alternative<T>(state.phase);
}

std::string refusal_changes_nothing(const Explored& taken) {
  if (!taken.step.refused) return {};
  if (!taken.step.actions.empty()) return "refused, and yet there are actions";
  return taken.step.next == taken.state ? "" : "refused, and yet the state changed";
}

std::string same_step_again(const Explored& taken) {
  const auto again = step(taken.state, taken.event, taken.now);
  return again.next == taken.step.next && again.actions == taken.step.actions &&
                 again.refused == taken.step.refused
             ? ""
             : "the same state, event and time gave another step";
}

/// Only the provider's word ends a grant; or there is no refresh token, and the access token is
/// over.
std::string only_the_word_ends(const Explored& taken) {
  if (is<Ended>(taken.state) || !is<Ended>(taken.step.next)) return {};
  if (count_of<TellEnded>(taken.step) != 1) return "it ended and was not told once";
  const auto* answer = event_of<NotRenewed>(taken);
  if (answer && answer->meaning == Meaning::grant_ended && answer->may_end) return {};
  if (!taken.state.renewable && taken.now >= taken.state.access_expires) return {};
  return "it ended without the provider's word";
}

/// What lives is served to its end, but to a caller who says that it was refused.
std::string what_is_good_is_served(const Explored& taken) {
  const auto* asked = event_of<Asked>(taken);
  if (!asked || asked->rejected || is<Ended>(taken.state)) return {};
  const auto left = taken.state.access_expires - taken.now;
  if (left > policy::good_for && count_of<Serve>(taken.step) != 1)
    return "a good token is not served";
  if (left > Millis{0} && (count_of<Over>(taken.step) || count_of<Later>(taken.step)))
    return "a token that lives is kept from a caller";
  return {};
}

/// Whoever asks gets exactly one answer, or one thing to wait for.
std::string callers_get_one_answer(const Explored& taken) {
  if (!event_of<Asked>(taken)) return {};
  const auto answers = count_of<Serve>(taken.step) + count_of<Spend>(taken.step) +
                       count_of<Watch>(taken.step) + count_of<Wait>(taken.step) +
                       count_of<Later>(taken.step) + count_of<Over>(taken.step);
  return answers == 1 ? "" : "a caller gets no answer, or several";
}

/// The journal: before a refresh token is sent it is stored that it is, and by whom.
std::string spending_is_stored_first(const Explored& taken) {
  if (!count_of<Spend>(taken.step)) return {};
  const auto* turn = std::get_if<Spending>(&taken.step.next.phase);
  if (!turn || !taken.step.next.unsettled) return "a refresh token is sent that is not noted";
  if (taken.step.next.revision != taken.state.revision) return "the revision changed by asking";
  const auto* before = std::get_if<Spending>(&taken.state.phase);
  const auto* asked = event_of<Asked>(taken);
  const auto* due = event_of<DueReached>(taken);
  const auto dead = asked ? asked->dead : due ? due->dead : "";
  if (before && before->owner != turn->owner && dead != holder_of(*before))
    return "a turn was taken from an owner that lives";
  if ((asked && !asked->client_known) || (due && !due->client_known))
    return "another client's grant is spent";
  return {};
}

/// Only the owner of a turn ends it, or one who knows that it is dead.
std::string turns_are_not_stolen(const Explored& taken) {
  const auto* before = std::get_if<Spending>(&taken.state.phase);
  if (!before || taken.step.refused) return {};
  const auto owner = std::visit(
      [](const auto& event) -> std::string {
        if constexpr (requires { event.me; }) return event.me;
        return {};
      },
      taken.event);
  const auto* after = std::get_if<Spending>(&taken.step.next.phase);
  if (after && after->owner == before->owner) return {};
  const auto* asked = event_of<Asked>(taken);
  const auto* due = event_of<DueReached>(taken);
  const auto dead = asked ? asked->dead : due ? due->dead : "";
  if (owner == before->owner || dead == holder_of(*before)) return {};
  return "a turn ended by another's doing";
}

/// Tokens are stored once for a turn, and the revision grows by exactly one with them.
std::string revisions_count_renewals(const Explored& taken) {
  const auto stored = count_of<StoreTokens>(taken.step);
  const auto grown = taken.step.next.revision - taken.state.revision;
  if (grown != static_cast<std::int64_t>(stored)) return "the revision does not count renewals";
  if (stored && !event_of<Renewed>(taken))
    return "tokens are stored without an answer that gave them";
  if (stored && (!is<Fresh>(taken.step.next) || taken.step.next.unsettled))
    return "a renewal left something behind";
  return {};
}

/// Nothing waits forever: a failure has a time at which it is tried again, and that is not far.
std::string waits_end(const Explored& taken) {
  const auto* held = std::get_if<HeldBack>(&taken.step.next.phase);
  if (!held || taken.step.next == taken.state) return {};
  const auto wait = held->retry_at - taken.now;
  if (wait > policy::longest_wait + policy::longest_pause) return "it waits too long";
  const auto& barred = taken.step.next.barred;
  if (barred && barred->look_at - taken.now > policy::longest_look * 2) return "it looks too late";
  return {};
}

/// What keeps it from ending keeps its tokens: a grant that is held back is always asked again.
std::string what_failed_is_due_again(const Explored& taken) {
  const auto* held = std::get_if<HeldBack>(&taken.step.next.phase);
  const bool failed = event_of<NotRenewed>(taken) && !taken.step.refused && held;
  if (failed && taken.state.due && taken.step.next.due != held->retry_at)
    return "a failure is not tried again in time";
  return {};
}

/// The accounting API ends nothing and spends nothing.
std::string looks_harm_nothing(const Explored& taken) {
  if (!event_of<AccessAnswered>(taken)) return {};
  if (taken.step.next.phase != taken.state.phase || count_of<Spend>(taken.step) ||
      count_of<TellEnded>(taken.step))
    return "an answer of the accounting API moved the grant";
  return {};
}

std::string reads_back(const Explored& taken) {
  if (!event_of<Revived>(taken)) return {};
  const auto text = wire::dump(wire::write(taken.state));
  const auto json = wire::parse(text, "The state");
  const auto back = wire::read_as<State>(*json, "The state");
  return back && *back == taken.state ? "" : "a state does not read back";
}

constexpr Rule rules[] = {{"a refusal changes nothing", refusal_changes_nothing},
                          {"the same step again", same_step_again},
                          {"only the provider's word ends a grant", only_the_word_ends},
                          {"what is good is served", what_is_good_is_served},
                          {"callers get one answer", callers_get_one_answer},
                          {"spending is stored first", spending_is_stored_first},
                          {"turns are not stolen", turns_are_not_stolen},
                          {"revisions count renewals", revisions_count_renewals},
                          {"waits end", waits_end},
                          {"what failed is due again", what_failed_is_due_again},
                          {"looks harm nothing", looks_harm_nothing},
                          {"states read back", reads_back}};

std::string line_of(const Explored& taken) {
  return "\n  state: " + wire::dump(wire::write(taken.state)) +
         "\n  event: " + wire::dump(wire::write(taken.event)) +
         "\n  next:  " + wire::dump(wire::write(taken.step.next)) +
         "\n  actions: " + wire::dump(wire::write(taken.step.actions));
}

}  // namespace

TEST_CASE("refresh: every step from every state keeps every rule") {
  std::map<std::string, std::string> broken;
  std::set<std::size_t> phases, events;
  const auto numbers = explore([&](const Explored& taken) {
    phases.insert(taken.state.phase.index());
    if (!taken.step.refused) events.insert(taken.event.index());
    for (const auto& rule : rules) {
      if (broken.count(rule.name)) continue;
      const auto fault = rule.broken(taken);
      if (!fault.empty()) broken[rule.name] = fault + line_of(taken);
    }
  });
  std::printf("refresh: %zu states, %zu steps, of which %zu refused\n", numbers.states,
              numbers.steps, numbers.refused);
  for (const auto& [rule, fault] : broken) FAIL_CHECK(rule << ": " << fault);
  // All of it was reached, and every event does something somewhere.
  CHECK(phases.size() == std::variant_size_v<Phase>);
  CHECK(events.size() == std::variant_size_v<Event>);
  CHECK(numbers.states > 100);
}

TEST_CASE("refresh: what is possible, and every number, is as the documentation shows") {
  const std::string page =
      "# How grants are kept alive\n\n"
      "<!-- Made from core/refresh by tests/core/refresh_explore_test.cpp; run that with "
      "REKEY_APPROVE=1, then tests/core/draw.sh. -->\n\n"
      "The fourth machine, one for each grant: `refresh::step(State, Event, now)` in "
      "`core/refresh/step.hpp`, which begins\nwith the rules in words. Its state is the grant's "
      "row; what people are told of becomes an event of the connection, in\nits history.\n\n"
      "![The refresh machine](keeping-grants.svg)\n\n## Numbers\n\n" +
      policy_table() + "\n## Steps\n\n" + table();
  test::check_approved("docs/keeping-grants.md", page);
  test::check_approved("tests/core/approved/refresh.dot", graphviz());
}

}  // namespace rekey::refresh::refresh_explore_test
