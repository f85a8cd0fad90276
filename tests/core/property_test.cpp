#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <map>
#include <set>

#include "core/history.hpp"
#include "core/wire/machine.hpp"
#include "tests/support/history_maker.hpp"
#include "tests/support/print.hpp"
#include "tests/support/rules.hpp"

// Random histories, far longer and stranger than anybody would write down. A failure names the seed
// and the length, which rapidcheck makes as short as it can.

namespace rekey::test::property_test {

namespace {

struct Counted {
  std::size_t histories = 0, events = 0, refused = 0;
  ~Counted() {
    std::printf("random histories: %zu with %zu events, of which %zu refused\n", histories, events,
                refused);
  }
};

/// What the whole history must keep to, beside what each step must.
struct Ledger {
  std::map<std::string, int> exchanges;
  std::set<std::int64_t> versions_given;
  std::set<std::int64_t> in_vault;
  bool off = true;

  /// What an observer of this history finds wrong with the step just taken; or nothing.
  std::string enter(const Event& event, const Step& step) {
    if (step.refused) return {};
    if (std::holds_alternative<connect::ConnectPressed>(event) ||
        std::holds_alternative<connect::LegacyLoaded>(event))
      off = false;
    if (std::holds_alternative<connect::DisconnectPressed>(event)) off = true;
    if (const auto* received = std::get_if<connect::GrantReceived>(&event))
      in_vault.insert(received->version);
    if (const auto* told = std::get_if<connect::Disconnected>(&event)) {
      in_vault.erase(told->version);
      to_end_.erase(told->version);
    }
    if (const auto* last = std::get_if<connect::RevocationGivenUp>(&event))
      to_end_.erase(last->version);
    links_ = std::holds_alternative<connect::CompanyProved>(event) ||
             std::holds_alternative<connect::CompanyConfirmed>(event) ||
             std::holds_alternative<connect::GrantImported>(event);
    for (const auto& effect : step.effects) {
      auto fault = std::visit([&](const auto& each) { return enter(each); }, effect);
      if (!fault.empty()) return fault;
    }
    return check_vault(step.next);
  }

 private:
  std::string enter(const ExchangeCode& each) {
    if (++exchanges[each.attempt] > 1) return "a code was exchanged twice";
    if (!versions_given.insert(each.version).second) return "a version was given out twice";
    return off ? "a code was exchanged after Disconnect" : "";
  }
  std::string enter(const ProveCompany&) { return off ? "a read after Disconnect" : ""; }
  std::string enter(const RunImport&) { return off ? "an import after Disconnect" : ""; }
  std::string enter(const Forget& each) {
    in_vault.erase(each.version);
    return to_end_.erase(each.version) > 0 && !links_
               ? "a token that is to be revoked was forgotten before the provider's yes"
               : "";
  }
  std::string enter(const Revoke& each) {
    return to_end_.insert(each.version).second ? "" : "a grant is revoked twice";
  }
  std::string enter(const RetireLegacy&) { return enter(Revoke{0}); }
  template <class E>
  std::string enter(const E&) {
    return {};
  }

  /// Every grant in the vault is one that the state speaks of, and the other way round.
  std::string check_vault(const State& state) {
    const auto kept = kept_grants(state.connect);
    for (const auto each : kept)
      if (in_vault.count(each) == 0) return "the state speaks of a grant that is not in the vault";
    for (const auto each : in_vault)
      if (std::find(kept.begin(), kept.end(), each) == kept.end())
        return "a grant stays in the vault that nobody speaks of";
    for (const auto each : to_end_)
      if (!wanted(state, each == 0 ? Effect{RetireLegacy{}} : Effect{Revoke{each}}))
        return "a token that is to be revoked is kept for nothing";
    return {};
  }

  std::set<std::int64_t> to_end_;  ///< told to the provider, which has not said yes
  bool links_ = false;             ///< the event can make a new grant the live one
};

std::string walk(std::uint64_t seed, int length, Counted& counted) {
  HistoryMaker maker(seed);
  Ledger ledger;
  State state;
  ++counted.histories;
  for (int i = 0; i < length; ++i) {
    const auto happening = maker.next(state);
    const Step taken = step(state, happening.event, happening.at);
    ++counted.events;
    if (taken.refused) ++counted.refused;
    const explore::Taken shown{state, happening.event, happening.at, taken};
    for (const auto& rule : rules()) {
      const auto fault = rule.broken(shown);
      if (!fault.empty())
        return std::string(rule.name) + ": " + fault + "\n" + line(state) + "\n" +
               line(happening.event);
    }
    const auto fault = ledger.enter(happening.event, taken);
    if (!fault.empty()) return fault + "\n" + line(state) + "\n" + line(happening.event);
    state = taken.next;
  }
  return {};
}

/// Text as people have it, and as attackers do.
std::string some_text(Dice& dice) {
  static const std::string pieces[] = {"a",  "Zoë", "Ж", "北",   "مرحبا", "🦉", "\"", "\\",
                                       "\n", "\t",  "{", "\x01", "</",    " ",    "",   "0"};
  std::string out;
  for (auto i = dice.below(12); i > 0; --i) out += pieces[dice.below(16)];
  return out;
}

/// Puts other texts and numbers into every place of a value that has them.
void scramble(wire::Json& json, Dice& dice) {
  for (auto& [name, value] : json.items()) {
    if (name == "type" || name == "reason" || name == "entity" || name == "note" ||
        name == "plan" || name == "left_out")
      continue;
    if (value.is_structured()) {
      scramble(value, dice);
    } else if (value.is_string()) {
      value = some_text(dice);
    } else if (value.is_number()) {
      value = static_cast<std::int64_t>(dice.next() >> 20);
    }
  }
}

template <class T>
void round_trip(const T& value, Dice& dice) {
  auto json = wire::write(value);
  scramble(json, dice);
  const auto read = wire::read_as<T>(json, "It");
  if (!read) RC_FAIL(read.error().hint);
  RC_ASSERT(wire::dump(wire::write(*read)) == wire::dump(json));
  const auto parsed = wire::parse(wire::dump(json), "It");
  RC_ASSERT(parsed.has_value());
  const auto again = wire::read_as<T>(*parsed, "It");
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == *read);
}

}  // namespace

TEST_CASE("properties: no random history breaks a rule") {
  Counted counted;
  CHECK(rc::check("no random history breaks a rule", [&] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto length = *rc::gen::inRange(1, 10'000);
    const auto fault = walk(seed, length, counted);
    if (!fault.empty()) RC_FAIL(fault);
  }));
  CHECK(counted.events > 100'000);
  CHECK(counted.refused * 4 < counted.events * 3);
}

TEST_CASE("properties: random histories reach every phase, so the rules were really tried") {
  std::set<std::string_view> reached;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    HistoryMaker maker(seed);
    State state;
    for (int i = 0; i < 2000; ++i) {
      const auto happening = maker.next(state);
      state = step(state, happening.event, happening.at).next;
      const auto count = [&](const auto& phase) {
        reached.insert(std::decay_t<decltype(phase)>::type);
      };
      std::visit(count, state.connect.phase);
      std::visit(count, state.import.phase);
      std::visit(count, state.save.phase);
    }
  }
  CHECK(reached.size() == 17);
}

TEST_CASE("properties: whatever the values, states and events come back from JSON as they were") {
  CHECK(rc::check("states and events come back from JSON", [] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    Dice dice(seed ^ 0x5EED);
    HistoryMaker maker(seed);
    State state;
    for (int i = 0; i < 60; ++i) {
      const auto happening = maker.next(state);
      const Step taken = step(state, happening.event, happening.at);
      round_trip(happening.event, dice);
      round_trip(taken.next, dice);
      for (const auto& effect : taken.effects) round_trip(effect, dice);
      state = taken.next;
    }
  }));
}

TEST_CASE(
    "properties: a history with any one byte changed is replayed or refused with a sentence") {
  CHECK(rc::check("damaged histories", [] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    Dice dice(seed);
    auto text = make_history(seed, 12);
    text[static_cast<std::size_t>(dice.below(static_cast<std::int64_t>(text.size())))] =
        static_cast<char>(dice.next());
    const auto out = history::replay(text);
    history::each_line(out, [](std::string_view each) {
      if (each.empty()) return true;
      const auto json = wire::parse(each, "It");
      RC_ASSERT(json.has_value());
      RC_ASSERT(json->contains("state") != json->contains("error"));
      return true;
    });
  }));
}

}  // namespace rekey::test::property_test
