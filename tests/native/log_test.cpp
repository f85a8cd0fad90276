#include "native/log.hpp"

#include <catch2/catch_test_macros.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "core/secret.hpp"

namespace rekey::log_test {

using nlohmann::json;

// A Secret must not find a way into a field: neither as it is, nor in a list or an object.
static_assert(!std::is_constructible_v<json, Secret>);
static_assert(!std::is_constructible_v<json, const Secret&>);
static_assert(!std::is_assignable_v<json&, Secret>);
static_assert(!std::is_constructible_v<json, std::vector<Secret>>);
static_assert(!std::is_convertible_v<Secret, std::string>);

namespace {

// Collects lines while it lives.
class Lines {
 public:
  Lines() {
    log::set_sink([this](std::string_view line) { lines_.emplace_back(line); });
  }
  ~Lines() {
    log::set_sink({});
    log::set_level(log::Level::info);
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  const std::vector<std::string>& all() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

// The text with every digit a zero.
std::string shape_of(std::string text) {
  for (char& c : text)
    if (c >= '0' && c <= '9') c = '0';
  return text;
}

}  // namespace

TEST_CASE("log: a line is one JSON object with time, level, event and the fields", "[log]") {
  const Lines lines;
  log::warning("import.slow", {{"entity", "Customer"}, {"rows", 1200}, {"text", "two\nlines"}});
  REQUIRE(lines.all().size() == 1);
  const std::string& line = lines.all().front();
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.rfind("{\"time\":\"", 0) == 0);
  const json read = json::parse(line);
  CHECK(read["level"] == "warning");
  CHECK(read["event"] == "import.slow");
  CHECK(read["rows"] == 1200);
  CHECK(read["text"] == "two\nlines");
  CHECK(shape_of(read["time"].get<std::string>()) == "0000-00-00T00:00:00.000Z");
}

TEST_CASE("log: a field cannot hide the time, the level or the event", "[log]") {
  const Lines lines;
  log::info("real", {{"event", "forged"}, {"level", "error"}, {"time", "never"}});
  const json read = json::parse(lines.all().at(0));
  CHECK(read["event"] == "real");
  CHECK(read["level"] == "info");
  CHECK(read["time"] != "never");
}

TEST_CASE("log: lines below the level are not written", "[log]") {
  const Lines lines;
  log::debug("hidden");
  log::set_level(log::Level::warning);
  log::info("hidden");
  log::error("shown");
  REQUIRE(lines.all().size() == 1);
  CHECK(json::parse(lines.all()[0])["event"] == "shown");
  CHECK(log::parse_level("debug") == log::Level::debug);
  CHECK(log::parse_level("error") == log::Level::error);
  CHECK_FALSE(log::parse_level("loud"));
}

TEST_CASE("log: text that is not UTF-8 does not stop a line", "[log]") {
  const Lines lines;
  log::info("odd", {{"name", "a\xff\xfe"}});
  CHECK(json::parse(lines.all().at(0))["event"] == "odd");
}

TEST_CASE("log: lines of several threads stay whole", "[log]") {
  const Lines lines;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] {
      for (int n = 0; n < 100; ++n) log::info("t", {{"thread", i}, {"n", n}});
    });
  for (auto& thread : threads) thread.join();
  REQUIRE(lines.all().size() == 400);
  for (const std::string& line : lines.all()) CHECK(json::accept(line));
}

TEST_CASE("log: what others cause as often as they like is written seldom", "[log]") {
  std::vector<std::string> lines;
  log::set_sink([&](std::string_view line) { lines.emplace_back(line); });
  for (int i = 0; i < 1000; ++i) log::warning_seldom("a.refused", {{"peer", "192.0.2.1"}});
  log::warning_seldom("b.refused", {});
  CHECK(lines.size() == 2);
  CHECK(lines.front().find("\"peer\":\"192.0.2.1\"") != std::string::npos);
  log::set_sink({});
}

}  // namespace rekey::log_test
