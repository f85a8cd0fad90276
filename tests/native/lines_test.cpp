#include "native/work/lines.hpp"

#include <catch2/catch_test_macros.hpp>

namespace rekey::lines_test {

using namespace rekey::work;

namespace {

/// A text in pieces of this size.
LineReader::Source pieces(std::string text, std::size_t size) {
  return [text, size, at = std::size_t{0}]() mutable {
    auto piece = text.substr(std::min(at, text.size()), size);
    at += piece.size();
    return piece;
  };
}

struct Got {
  std::int64_t number;
  std::string text;
  bool operator==(const Got&) const = default;
};

std::vector<Got> all(LineReader& reader, std::size_t at_once) {
  std::vector<Got> out;
  while (!reader.done())
    for (const auto& each : reader.next(at_once))
      out.push_back({each.number, each.too_long ? "too long" : each.text.reveal()});
  return out;
}

}  // namespace

TEST_CASE("lines: they are the same however they come, and empty ones count", "[work]") {
  const std::string text = "a\n\nbb\r\n\r\nccc";
  for (std::size_t size = 1; size <= text.size(); ++size)
    for (std::size_t at_once : {1, 2, 3, 10}) {
      CAPTURE(size, at_once);
      LineReader reader(pieces(text, size), {});
      CHECK(all(reader, at_once) == std::vector<Got>{{1, "a"}, {3, "bb"}, {5, "ccc"}});
      CHECK(reader.not_read() == 0);
    }
}

TEST_CASE("lines: one that is too long is told, and those after it are read", "[work]") {
  const std::string text = "aaaa\n" + std::string(1000, 'x') + "\nbbbb\n" + std::string(6, 'y');
  for (std::size_t size : {1, 7, 100, 4000}) {
    CAPTURE(size);
    LineReader reader(pieces(text, size), {100, 5});
    CHECK(all(reader, 10) ==
          std::vector<Got>{{1, "aaaa"}, {2, "too long"}, {3, "bbbb"}, {4, "too long"}});
  }
}

TEST_CASE("lines: more than the bound are not read, and which one is the first of them", "[work]") {
  LineReader reader(pieces("1\n2\n\n4\n5\n6\n", 3), {4, 100});
  CHECK(all(reader, 2) == std::vector<Got>{{1, "1"}, {2, "2"}, {4, "4"}});
  CHECK(reader.not_read() == 5);
  LineReader empty_ones(source_of("\n\n\n\n\n\n\n"), {4, 100});
  CHECK(all(empty_ones, 2).empty());
  CHECK(empty_ones.not_read() == 5);
  LineReader exactly(source_of("1\n2\n3\n4\n"), {4, 100});
  CHECK(all(exactly, 4).size() == 4);
  CHECK(exactly.not_read() == 0);
}

TEST_CASE("lines: of nothing there are none", "[work]") {
  LineReader reader(source_of(""), {});
  CHECK(all(reader, 10).empty());
  CHECK(reader.done());
}

TEST_CASE("lines: long ones are given a few at a time, whatever number is asked for") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += std::string(100'000, 'x') + "\n";
  LineReader reader(source_of(text), {});
  std::size_t lines = 0;
  while (!reader.done()) {
    const auto some = reader.next(500);
    std::size_t bytes = 0;
    for (const auto& each : some) bytes += each.text.reveal().size();
    CHECK(bytes <= (1 << 20) + 128 * 1024);
    lines += some.size();
  }
  CHECK(lines == 40);
}

}  // namespace rekey::lines_test
