#include "core/history.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/wire/machine.hpp"
#include "tests/support/history_maker.hpp"
#include "tests/support/print.hpp"
#include "tests/support/walk.hpp"

// Stored histories, whole and damaged.

namespace rekey::history::history_test {

namespace {

const std::string cancel = R"("event":{"type":"cancel_pressed"})";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  each_line(text, [&](std::string_view line) {
    if (!line.empty()) out.emplace_back(line);
    return true;
  });
  return out;
}

/// The sentence that a replay of this text stops with; empty when it does not stop.
std::string stops_with(const std::string& text) {
  const auto lines = lines_of(replay(text));
  if (lines.empty()) return {};
  const auto last = wire::parse(lines.back(), "It");
  REQUIRE(last.has_value());
  return last->contains("error") ? (*last)["error"].get<std::string>() : std::string();
}

}  // namespace

TEST_CASE("replay: each line gives the event, the state, the effects and why it was refused") {
  test::Walk walk;
  walk.go(connect::LegacyLoaded{test::alder, walk.now, {}});
  walk.refused(connect::CancelPressed{});
  const auto lines = lines_of(replay(walk.history));
  REQUIRE(lines.size() == 2);
  const auto first = *wire::parse(lines[0], "It");
  CHECK(first["seq"] == 1);
  CHECK(first["at"] == to_ms(walk.now));
  CHECK(first["event"]["type"] == "legacy_loaded");
  CHECK(first["state"] == wire::write(walk.state));
  CHECK(first["effects"][0]["note"] == "legacy_found");
  CHECK(first["refused"].is_null());
  const auto second = *wire::parse(lines[1], "It");
  CHECK(second["refused"] == "no_sign_in");
  CHECK(second["effects"].empty());
  CHECK(second["state"] == first["state"]);
}

TEST_CASE("replay: a history gives the state that it gave when it was written") {
  for (std::uint64_t seed = 1; seed < 30; ++seed) {
    const auto text = test::make_history(seed, 80);
    test::HistoryMaker maker(seed);
    State state;
    for (int i = 0; i < 80; ++i) {
      const auto each = maker.next(state);
      state = step(state, each.event, each.at).next;
    }
    const auto lines = lines_of(replay(text));
    REQUIRE(lines.size() == 80);
    CHECK((*wire::parse(lines.back(), "It"))["state"] == wire::write(state));
    CHECK(replay(text) == replay(text));
  }
}

TEST_CASE("replay: empty lines, other line ends and a missing last one do not matter") {
  const std::string one = R"({"at":1,)" + cancel + "}";
  const auto plain = replay(one + "\n" + one + "\n");
  CHECK(lines_of(plain).size() == 2);
  CHECK(replay(one + "\n" + one) == plain);
  CHECK(replay(one + "\r\n\r\n  \n" + one + "\r\n") == plain);
  CHECK(replay("").empty());
  CHECK(replay("\n\n").empty());
}

TEST_CASE("replay: without numbers, lines are counted; with them, they must follow each other") {
  const auto line = [](const std::string& seq) {
    return R"({"at":1,"seq":)" + seq + "," + cancel + "}\n";
  };
  const std::string unnumbered = R"({"at":1,)" + cancel + "}\n";
  CHECK(stops_with(line("1") + line("2") + line("3")).empty());
  CHECK(stops_with(line("0") + line("1")).empty());
  CHECK(stops_with(unnumbered + line("2") + unnumbered + line("4")).empty());
  CHECK(stops_with(line("5")).find("the beginning of the history is missing") != std::string::npos);
  CHECK(stops_with(line("-3")).find("beginning") != std::string::npos);
  CHECK(stops_with(line("1") + line("3")).find("Line 2 of the history has the number 3 after 1") ==
        0);
  CHECK(stops_with(line("1") + line("1")).find("out of order") != std::string::npos);
  CHECK(stops_with(line("1") + line("9223372036854775807")).find("missing") != std::string::npos);
}

TEST_CASE("replay: a damaged line stops it with a sentence that names the line") {
  const std::string good = R"({"at":1,)" + cancel + "}\n";
  const std::pair<std::string, std::string> damaged[] = {
      {"{", "not valid JSON"},
      {"\xFF\xFE", "is not UTF-8"},
      {R"({"at":1})", "event is not an object"},
      {"[]", "is not an object"},
      {R"({"at":"now",)" + cancel + "}", "at is not a whole number"},
      {R"({"at":99999999999999999,)" + cancel + "}", "not a time of this era"},
      {R"({"at":1,"event":{"type":"tea_time"}})", "unknown type \"tea_time\""},
      {R"({"at":1,"event":{"type":"edited","seen":1.5}})", "seen is not a whole number"},
      {std::string(100'000, 'x'), "longer than any event"},
      {std::string(60'000, '['), "nested too deeply"},
  };
  for (const auto& [line, says] : damaged) {
    INFO(line.substr(0, 80));
    const auto out = lines_of(replay(good + "\n" + line + "\n" + good));
    REQUIRE(out.size() == 2);
    CHECK(out[1].find(says.substr(0, says.find('"'))) != std::string::npos);
    CHECK(out[1].find("\"line\":3") != std::string::npos);
    CHECK(out[1].find("Line 3 of the history") != std::string::npos);
    CHECK(out[1].find("Nothing was changed") == std::string::npos);
    CHECK(out[1].size() < 400);
  }
}

TEST_CASE("replay: a stored history read line by line gives the same as all at once") {
  const auto text = test::make_history(7, 50);
  Replay one;
  std::string out;
  each_line(text, [&](std::string_view line) {
    const auto replayed = one.take(line);
    REQUIRE(replayed.has_value());
    if (*replayed) out += wire::dump(wire::write(**replayed)) + "\n";
    return true;
  });
  CHECK(out == replay(text));
  CHECK(one.lines() == 50);
}

}  // namespace rekey::history::history_test
