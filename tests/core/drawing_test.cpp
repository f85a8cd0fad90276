#include "core/explore_draw.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>

#include "core/wire/fields.hpp"
#include "tests/support/approve.hpp"

// What is drawn from the rules, against what was approved and what the documentation shows. After a
// change that is meant, run this with REKEY_APPROVE=1, then tests/core/draw.sh, and look at the
// difference before committing it.

namespace rekey::explore::drawing_test {

namespace {

using test::approving;
using test::check_approved;
using test::read_file;

const std::string root = REKEY_SOURCE_DIR;

const Sketch& drawn() {
  static const auto all = sketch();
  return all;
}

/// Puts a generated text between its markers.
std::string with_section(std::string document, const std::string& name, const std::string& text) {
  const std::string begin = "<!-- generated: " + name + " -->\n", end = "<!-- end -->";
  const auto from = document.find(begin);
  REQUIRE(from != std::string::npos);
  const auto to = document.find(end, from);
  REQUIRE(to != std::string::npos);
  return document.replace(from + begin.size(), to - from - begin.size(), "\n" + text + "\n");
}

/// All "a->b" among the pieces of a text that stand between two other texts.
std::set<std::string> edges_in(const std::string& text, const std::string& before,
                               const std::string& joint, const std::string& after) {
  std::set<std::string> out;
  for (auto at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
    const auto from = at + before.size();
    const auto piece = text.substr(from, text.find(after, from) - from);
    const auto middle = piece.find(joint);
    if (middle == std::string::npos) continue;
    out.insert(piece.substr(0, middle) + "->" + piece.substr(middle + joint.size()));
  }
  return out;
}

}  // namespace

TEST_CASE("drawing: what is possible and what is refused is as approved") {
  for (const auto machine : all_machines)
    check_approved("tests/core/approved/" + std::string(wire::name_of(machine)) + ".txt",
                   table(drawn(), machine));
}

TEST_CASE("drawing: the pictures are as approved") {
  for (const auto machine : all_machines)
    check_approved("tests/core/approved/" + std::string(wire::name_of(machine)) + ".dot",
                   graphviz(drawn(), {machine}));
}

TEST_CASE("drawing: the documentation shows the tables that the rules give") {
  const auto path = root + "/docs/state-machine.md";
  const auto document = read_file(path);
  auto fresh = document;
  for (const auto machine : all_machines)
    fresh = with_section(fresh, std::string(wire::name_of(machine)), table(drawn(), machine));
  if (approving()) std::ofstream(path, std::ios::binary) << fresh;
  INFO("docs/state-machine.md is not what the rules say. If the change is meant: REKEY_APPROVE=1");
  CHECK((approving() || document == fresh));
}

TEST_CASE("drawing: the pictures in the documentation show every edge of the rules and no other") {
  for (const auto machine : all_machines) {
    const std::string name(wire::name_of(machine));
    INFO("docs/state-machine-" << name << ".svg is out of date; run tests/core/draw.sh");
    const auto picture = read_file(root + "/docs/state-machine-" + name + ".svg");
    const auto in_picture = edges_in(picture, "<title>", "&#45;&gt;", "</title>");
    CHECK(in_picture == edges_in(graphviz(drawn(), {machine}), "    ", " -> ", " ["));
    CHECK(in_picture.size() > 5);
  }
}

TEST_CASE("drawing: the same rules give the same picture every time") {
  CHECK(graphviz(sketch(), {Machine::save, Machine::import}) ==
        graphviz(drawn(), {Machine::save, Machine::import}));
}

TEST_CASE("drawing: every pair of a phase and an event of its machine is in the tables") {
  const auto count = [](Machine machine) {
    std::size_t pairs = 0;
    for (const auto& [phase, events] : drawn().of(machine)) pairs += events.size();
    return pairs;
  };
  CHECK(count(Machine::connect) >= 9 * std::variant_size_v<connect::Event>);
  CHECK(count(Machine::import) >= 4 * std::variant_size_v<imports::Event>);
  CHECK(count(Machine::save) >= 4 * std::variant_size_v<save::Event>);
}

}  // namespace rekey::explore::drawing_test
