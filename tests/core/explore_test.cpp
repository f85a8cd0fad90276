#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <map>
#include <set>

#include "core/wire/machine.hpp"
#include "tests/support/print.hpp"
#include "tests/support/rules.hpp"

// Every step from every reachable state, held to every rule. One exploration serves all test cases.

namespace rekey::test::explore_test {

namespace {

struct Broken {
  std::size_t times = 0;
  std::string first;
};

constexpr std::array<const char*, 4> machines{"connect", "import", "save", "time"};

struct Explored {
  explore::Numbers numbers;
  std::array<std::size_t, machines.size()> by_machine{}, refused_by_machine{};
  std::map<std::string_view, Broken> broken;
  std::set<std::string_view> phases;
  std::size_t unreadable = 0;
};

/// Its place in `machines`.
std::size_t machine_of(const Event& event) {
  constexpr auto connects = std::variant_size_v<connect::Event>;
  if (event.index() < connects) return 0;
  if (std::holds_alternative<TimeReached>(event)) return 3;
  return event.index() < connects + std::variant_size_v<imports::Event> ? 1 : 2;
}

bool reads_back(const State& state) {
  const auto text = line(state);
  const auto json = wire::parse(text, "The state");
  const auto back = json ? wire::read_as<State>(*json, "The state") : tl::unexpected(json.error());
  return back && *back == state && line(*back) == text;
}

/// What is asked of a state by itself: not of each time that its deadlines can have.
void look_at_state(Explored& out, const State& state) {
  if (!reads_back(state)) ++out.unreadable;
  const auto reached = [&](const auto& phase) {
    out.phases.insert(std::decay_t<decltype(phase)>::type);
  };
  std::visit(reached, state.connect.phase);
  std::visit(reached, state.import.phase);
  std::visit(reached, state.save.phase);
}

void look(Explored& out, const explore::Taken& taken) {
  const auto machine = machine_of(taken.event);
  ++out.by_machine[machine];
  if (taken.step.refused) ++out.refused_by_machine[machine];
  for (const auto& rule : rules()) {
    if (taken.step.refused && !rule.of_refused) continue;
    const auto fault = rule.broken(taken);
    if (fault.empty()) continue;
    auto& broken = out.broken[rule.name];
    if (++broken.times == 1)
      broken.first = fault + "\n  state: " + line(taken.state) + "\n  event: " + line(taken.event) +
                     "\n  next:  " + line(taken.step.next) +
                     "\n  effects: " + line(taken.step.effects);
  }
  if (!std::holds_alternative<TimeReached>(taken.event)) return;
  const auto when = due(taken.state);
  if (!when || *when > taken.now) look_at_state(out, taken.state);
}

Explored explore_all(const char* name, const explore::Scope& scope) {
  Explored out;
  out.numbers = explore::explore(scope, [&](const auto& taken) { look(out, taken); });
  std::printf("%s: %zu states, %zu steps, of which %zu refused\n", name, out.numbers.states,
              out.numbers.steps, out.numbers.refused);
  for (std::size_t i = 0; i < machines.size(); ++i)
    std::printf("  events of %-8s %9zu steps, %9zu refused\n", machines[i], out.by_machine[i],
                out.refused_by_machine[i]);
  return out;
}

// All reasons, lists and machines at once would be a hundred million steps that differ in nothing.
// The three machines are brought together once without reasons; with reasons, and with each list,
// two at a time.

/// The whole connection at once, with one reason for each kind of end.
const Explored& whole() {
  static const auto all = explore_all("the whole", {});
  return all;
}
/// Each reason for which a sign-in fails or a grant ends, beside each for which an import stops.
const Explored& reasons_beside_import() {
  static const auto all =
      explore_all("reasons, import", {.reasons = true, .stops = true, .save = false});
  return all;
}
/// Each reason for which a sign-in fails or a grant ends, beside what is saved.
const Explored& reasons_beside_save() {
  static const auto all = explore_all("reasons, save", {.reasons = true, .import = false});
  return all;
}
/// The connect machine with every reason and every kind of lifetime.
const Explored& linking() {
  static const auto all =
      explore_all("connect", {.reasons = true, .lifetimes = true, .import = false, .save = false});
  return all;
}
/// The import machine with every entity and every reason to stop, beside the connect machine.
const Explored& importing() {
  static const auto all = explore_all("import", {.stops = true, .entities = true, .save = false});
  return all;
}

/// The connect machine with what it keeps in mind beside its phase: several grants to be ended.
const Explored& ending() {
  static const auto all = [] {
    explore::Scope scope;
    scope.import = scope.save = false;
    scope.revocations = 2;
    return explore_all("revocations", scope);
  }();
  return all;
}
/// The same with one to be ended, and trouble of the live grant, with every reason.
const Explored& in_trouble() {
  static const auto all = [] {
    explore::Scope scope;
    scope.reasons = scope.trouble = true;
    scope.import = scope.save = false;
    scope.revocations = 1;
    return explore_all("trouble", scope);
  }();
  return all;
}

void check(const Explored& explored) {
  for (const auto& rule : rules()) {
    const auto at = explored.broken.find(rule.name);
    const std::size_t times = at == explored.broken.end() ? 0 : at->second.times;
    INFO("Rule: " << rule.name);
    if (times > 0) UNSCOPED_INFO(at->second.first);
    CHECK(times == 0);
  }
  CHECK(explored.unreadable == 0);
}

}  // namespace

TEST_CASE("exploration: the whole connection keeps every rule in every reachable state") {
  check(whole());
  CHECK(whole().numbers.states > 900);
}

TEST_CASE("exploration: whatever the reason, every rule holds beside the other machines") {
  check(reasons_beside_import());
  CHECK(reasons_beside_import().numbers.states > 5000);
  check(reasons_beside_save());
  CHECK(reasons_beside_save().numbers.states > 100);
}

TEST_CASE("exploration: the connect machine in full detail keeps every rule") {
  check(linking());
  CHECK(linking().numbers.states > 150);
}

TEST_CASE("exploration: the import machine in full detail keeps every rule") {
  check(importing());
  CHECK(importing().numbers.states > 5000);
}

TEST_CASE("exploration: with grants to be ended beside whatever else goes on, every rule holds") {
  check(ending());
  CHECK(ending().numbers.states > 500);
}

TEST_CASE("exploration: with trouble of the live grant every rule holds") {
  check(in_trouble());
  CHECK(in_trouble().numbers.states > 500);
}

TEST_CASE("exploration: each phase of each machine is reached") {
  for (const std::string_view phase :
       {"unlinked", "legacy", "authorizing", "exchanging", "proving", "confirming", "linked",
        "broken", "disconnecting", "none", "running", "done", "failed", "empty", "draft", "saving",
        "saved"})
    CHECK(whole().phases.contains(phase));
}

TEST_CASE("exploration: of lists left out it only counts whether anything was read") {
  using namespace imports;
  const auto with = [](std::vector<Progress> progress) {
    rekey::State out;
    out.import = {Running{{}, {}, std::move(progress)}, 1};
    return explore::canonical(out, {});
  };
  const Progress read{Entity::term, 9, {}, true}, next{Entity::item, 0, {}, false};
  const Progress left{Entity::class_, 0, {}, true, LeftOut::not_for_company};
  const Progress needed{Entity::class_, 4, {}, true, LeftOut::mapping_needs_it};
  CHECK(with({read, left, next}) == with({read, needed, next}));
  CHECK(with({read, left, next}) == with({read, {Entity::class_, 5, 5, true}, next}));
  CHECK(with({left, next}) == with({needed, next}));
  CHECK(!(with({left, next}) == with({{Entity::class_, 0, {}, true}, next})));
}

TEST_CASE("exploration: a state that differs only in times, names and counts is the same") {
  State one, other;
  const connect::Company a{"9130", "Alder"}, b{"9131", "Birch"};
  one.connect = {connect::Linked{a, 1, from_ms(5), from_ms(6), from_ms(7), from_ms(8)}, 1, "x"};
  other.connect = {connect::Linked{b, 7, from_ms(1), from_ms(2), from_ms(3), {}}, 7, "y"};
  CHECK(explore::canonical(one, {}) == explore::canonical(other, {}));
  CHECK(explore::canonical(explore::canonical(one, {}), {}) == explore::canonical(one, {}));
  using connect::Ended;
  std::get<connect::Linked>(one.connect.phase).risk = {Ended::expired, from_ms(9)};
  CHECK(!(explore::canonical(one, {}) == explore::canonical(other, {})));
  std::get<connect::Linked>(other.connect.phase).risk = {Ended::reply_lost, from_ms(3)};
  CHECK(explore::canonical(one, {}) == explore::canonical(other, {}));
  other.connect.versions = 9;
  CHECK(!(explore::canonical(one, {}) == explore::canonical(other, {})));
}

}  // namespace rekey::test::explore_test
