#include "web/widget/mirror.hpp"

#include <catch2/catch_all.hpp>
#include <nlohmann/json.hpp>

using namespace rekey::web;
using nlohmann::json;

namespace {

json read(const Mirror& mirror) {
  return json::parse(mirror.description("\"title\":\"T\","));
}

}  // namespace

TEST_CASE("mirror: places are those inside the parent, in hundredths of a pixel") {
  Mirror mirror;
  mirror.begin_pass();
  mirror.open(1, "div", {100, 50, 200, 0});
  mirror.add(2, "p", {110.5f, 60, 20, 10});
  mirror.close(80);
  const json nodes = read(mirror)["nodes"];
  CHECK(nodes[0]["r"] == json({10000, 5000, 20000, 8000}));
  CHECK(nodes[1]["r"] == json({1050, 1000, 2000, 1000}));
  CHECK(nodes[1]["p"] == 0);
}

TEST_CASE(
    "mirror: the content of a layer begins at its own corner; what is fixed at the screen's") {
  Mirror mirror;
  mirror.begin_pass();
  mirror.open(1, "main", {0, 64, 400, 0}).scrolls(900, 0, 0);
  mirror.add(2, "p", {10, 20, 30, 40});
  mirror.open(3, "div", {5, 5, 50, 50});
  mirror.add(4, "div", {70, 80, 90, 10}).fixed();
  mirror.close(50);
  mirror.close(300);
  const json nodes = read(mirror)["nodes"];
  CHECK(nodes[1]["r"] == json({1000, 2000, 3000, 4000}));
  CHECK(nodes[3]["r"] == json({7000, 8000, 9000, 1000}));
  CHECK(nodes[0]["s"] == json({90000, 0, 0}));
}

TEST_CASE("mirror: words and attributes come through whole, whatever is in them") {
  const std::string odd = "\"Quote\\ back\" <b>\n\t\x01 Żółw 株式会社 🌱";
  Mirror mirror;
  mirror.begin_pass();
  mirror.add(1, "button", {}).label(odd).words(odd).flag("aria-checked", true).number("x", 1200);
  const json node = read(mirror)["nodes"][0];
  CHECK(node["n"] == odd);
  CHECK(node["a"]["aria-label"] == odd);
  CHECK(node["a"]["aria-checked"] == "true");
  CHECK(node["a"]["x"] == "1200");
}

TEST_CASE("mirror: the same words twice are two elements, the same two in the next pass") {
  Mirror mirror;
  json before;
  for (int pass = 0; pass < 2; ++pass) {
    mirror.begin_pass();
    mirror.add(9, "p", {}).words("twice");
    mirror.add(9, "p", {}).words("twice");
    const json nodes = read(mirror)["nodes"];
    CHECK(nodes[0]["i"] != nodes[1]["i"]);
    if (pass == 1) CHECK(nodes == before);
    before = nodes;
  }
}

TEST_CASE("mirror: nothing of an element stays for the next that takes its place in memory") {
  Mirror mirror;
  mirror.begin_pass();
  mirror.add(1, "input", {}).value("x").keys("Escape").modal().attr("disabled", "");
  mirror.begin_pass();
  mirror.add(2, "p", {});
  const json node = read(mirror)["nodes"][0];
  CHECK(node["a"].empty());
  CHECK(node.size() == 5);
}
