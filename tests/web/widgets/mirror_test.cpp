#include "web/widget/mirror.hpp"

#include <algorithm>
#include <catch2/catch_all.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

using namespace rekey::web;
using nlohmann::json;

namespace {

json read(Mirror& mirror) {
  return json::parse(mirror.news("\"title\":\"T\","));
}

/// What the browser's side has after all that it was told (platform/js/mirror.js).
struct Told {
  json order = json::array();
  std::map<Id, json> elements;
  int times = 0;
  std::size_t changed = 0;

  void hear(const std::string& news) {
    if (news.empty()) return;
    ++times;
    const json what = json::parse(news);
    changed = what["nodes"].size();
    for (const json& node : what["nodes"]) elements[node["i"].get<Id>()] = node;
    if (!what.contains("order")) return;
    order = what["order"];
    std::map<Id, json> left;
    for (std::size_t i = 0; i < order.size(); i += 2)
      left[order[i].get<Id>()] = elements.at(order[i].get<Id>());
    elements = std::move(left);
  }
  bool operator==(const Told& other) const {
    return order == other.order && elements == other.elements;
  }
};

/// A page of cards with a line each: as many as `cards`, lines numbered by `words`.
void describe(Mirror& mirror, const std::vector<Id>& cards, const std::vector<int>& words,
              float top) {
  mirror.begin_pass();
  mirror.open(1, "main", {0, 64, 400, 0}).scrolls(900, 0, 0);
  float y = top;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    mirror.open(cards[i], "div", {10, y, 300, 0}).label(std::to_string(words[i]));
    mirror.add(cards[i] + 1000, words[i] % 2 ? "p" : "span", {20, y + 5, 100, 20})
        .words(std::to_string(words[i] / 2));
    mirror.close(40);
    y += 50;
  }
  mirror.close(500);
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
  for (int pass = 0; pass < 2; ++pass) {
    mirror.begin_pass();
    mirror.add(9, "p", {}).words("twice");
    mirror.add(9, "p", {}).words("twice");
    const std::string news = mirror.news("\"title\":\"T\",");
    if (pass == 1) CHECK(news.empty());
    if (pass == 0) CHECK(json::parse(news)["nodes"][0]["i"] != json::parse(news)["nodes"][1]["i"]);
  }
}

TEST_CASE("mirror: only what changed is told, and nothing when nothing did") {
  Mirror mirror;
  Told told;
  const auto tell = [&](std::vector<Id> cards, std::vector<int> words, float top = 0) {
    describe(mirror, cards, words, top);
    told.hear(mirror.news("\"turn\":1,"));
    return told.changed;
  };
  CHECK(tell({10, 20, 30}, {1, 2, 3}) == 7);
  CHECK(told.order == json({1, -1, 10, 0, 1010, 1, 20, 0, 1020, 3, 30, 0, 1030, 5}));
  tell({10, 20, 30}, {1, 2, 3});
  CHECK(told.times == 1);
  // A card that moves takes with it what is inside of it.
  CHECK(tell({10, 20, 30}, {1, 2, 3}, 8) == 3);
  CHECK(tell({10, 20, 30}, {1, 6, 3}, 8) == 2);
  // Another order of the same elements: those in other places are told.
  CHECK(tell({20, 10, 30}, {6, 1, 3}, 8) == 2);
  CHECK(tell({20, 30}, {6, 3}, 8) == 1);
  CHECK(tell({20, 30, 40}, {6, 3, 4}, 8) == 2);
  describe(mirror, {20, 30, 40}, {6, 3, 4}, 8);
  CHECK_FALSE(mirror.news("\"turn\":2,").empty());
  describe(mirror, {20, 30, 40}, {6, 3, 4}, 8);
  CHECK(mirror.news("\"turn\":2,").empty());
}

TEST_CASE("mirror: what was told piece by piece is what would be told at once") {
  std::mt19937 random(7);
  const auto upto = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most));
  };
  Mirror mirror;
  Told told;
  std::vector<Id> cards{10, 20, 30, 40, 50, 60};
  std::vector<int> words{1, 2, 3, 4, 5, 6};
  for (int round = 0; round < 400; ++round) {
    if (upto(4) == 0) std::shuffle(cards.begin(), cards.end(), random);
    if (upto(3) == 0) words[static_cast<std::size_t>(upto(6))] = upto(9);
    const auto count = static_cast<std::size_t>(upto(5) == 0 ? upto(7) : 6);
    const std::vector<Id> shown(cards.begin(), cards.begin() + static_cast<std::ptrdiff_t>(count));
    const float top = static_cast<float>(upto(3));
    describe(mirror, shown, words, top);
    // Passes that are not told of, because they did not settle, leave nothing behind.
    if (upto(3) == 0) describe(mirror, {90}, {1}, 0);
    describe(mirror, shown, words, top);
    told.hear(mirror.news(""));
    Mirror fresh;
    Told whole;
    describe(fresh, shown, words, top);
    whole.hear(fresh.news(""));
    REQUIRE(told == whole);
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
  CHECK(node.size() == 4);
}
