#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "core/history.hpp"
#include "core/wire/machine.hpp"
#include "tests/support/history_maker.hpp"

// What random histories are made of: states, events and texts. A failure names the seed, which
// rapidcheck makes as short as it can. Whether they keep the rules: random_histories_test.cpp.

namespace rekey::test::property_test {

namespace {

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
