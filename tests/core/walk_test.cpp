// A list is read completely while its rows move: against a provider that moves them.
#include "core/import/walk.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <functional>
#include <random>
#include <set>

#include "core/wire/json.hpp"

namespace rekey::imports::walk_test {

namespace {

using Verdict = Walker::Verdict;

/// A provider with one list. Rows below `permanent` are there all the time.
struct Provider {
  std::vector<int> rows;
  int permanent = 0;
  std::mt19937 dice{1};
  int moves_left = 0;           ///< how often it will still change
  bool moves_any = false;       ///< permanent ones too: it has no order
  bool heeds_start = true;      ///< otherwise every page is the first
  std::int64_t most = 1 << 20;  ///< rows that it gives at once, whatever is asked for
  bool shuffles = false;        ///< another order for each question
  int empty_answers = 0;        ///< so many answers have nothing in them
  std::int64_t asked = 0;

  explicit Provider(int count, unsigned seed = 1) : permanent(count), dice(seed) {
    for (int i = 0; i < count; ++i) rows.push_back(i);
  }
  int below(int limit) {
    return std::uniform_int_distribution<int>(0, std::max(0, limit - 1))(dice);
  }
  int count() const { return static_cast<int>(rows.size()); }

  /// Inserts, removes or puts elsewhere.
  void move() {
    if (moves_left <= 0 || below(3) != 0) return;
    --moves_left;
    const int what = below(moves_any ? 3 : 2);
    if (what == 0) {
      rows.insert(rows.begin() + below(count() + 1), 1'000'000 + moves_left);
    } else if (what == 1) {
      const auto at = std::find_if(rows.begin() + below(count()), rows.end(),
                                   [&](int each) { return each >= permanent; });
      if (at != rows.end()) rows.erase(at);
    } else {
      const auto at = rows.begin() + below(count());
      const int row = *at;
      rows.erase(at);
      rows.insert(rows.begin() + below(count() + 1), row);
    }
  }
  std::vector<int> page(const PageAsk& ask) {
    ++asked;
    move();
    if (shuffles) std::shuffle(rows.begin(), rows.end(), dice);
    if (empty_answers > 0 && ask.start > 1 && empty_answers-- > 0) return {};
    const auto start = heeds_start ? ask.start : 1;
    std::vector<int> out;
    for (auto i = start - 1; i < count() && i < start - 1 + std::min(ask.most, most); ++i)
      out.push_back(rows[static_cast<std::size_t>(i)]);
    return out;
  }
};

struct Result {
  Verdict verdict = Verdict::go_on;
  std::set<int> rows;
  Walk walk;
};

/// Reads as an import does, `window` pages on their way at once.
Result read_all(Provider& provider, std::int64_t size, std::size_t window) {
  struct Flight {
    PageAsk ask;
    std::vector<int> rows;
  };
  Walk walk;
  walk.counted = walk.counted_before = provider.count();
  Walker walker(walk, size);
  std::deque<Flight> flights;
  Result out;
  auto ahead = walker.walk().next;
  const auto start_over = [&] {
    flights.clear();
    ahead = walker.walk().next;
  };
  while (provider.asked < 100'000) {
    while (flights.size() < window && (flights.empty() || ahead <= walker.walk().counted)) {
      const auto ask = walker.ask(ahead);
      flights.push_back({ask, provider.page(ask)});
      ahead = ask.end();
    }
    const auto flight = std::move(flights.front());
    flights.pop_front();
    PageRead page{flight.ask, static_cast<std::int64_t>(flight.rows.size()),
                  static_cast<std::int64_t>(flight.rows.size())};
    if (page.size > 0) {
      page.first = std::to_string(flight.rows.front());
      page.last = std::to_string(flight.rows.back());
    }
    if (walker.fit(page) == Walker::Fit::moved) {
      start_over();
      continue;
    }
    std::int64_t fresh = 0;
    for (const int row : flight.rows) fresh += out.rows.insert(row).second ? 1 : 0;
    const auto next = walker.take(page, fresh);
    if (next == Walker::Next::ask_anew) start_over();
    if (next != Walker::Next::judge) continue;
    provider.move();
    out.verdict = walker.judge(provider.count(), static_cast<std::int64_t>(out.rows.size()));
    out.walk = walker.walk();
    if (out.verdict != Verdict::go_on && out.verdict != Verdict::again) return out;
    start_over();
  }
  return out;
}

bool has_all(const Result& result, int permanent) {
  for (int i = 0; i < permanent; ++i)
    if (!result.rows.contains(i)) return false;
  return true;
}

}  // namespace

TEST_CASE("walk: a list that stands still is read once") {
  for (const int count : {0, 1, 6, 7, 8, 12, 13, 14, 100}) {
    INFO(count);
    Provider provider(count);
    const auto result = read_all(provider, 7, 4);
    CHECK(result.verdict == Verdict::complete);
    CHECK(result.rows.size() == static_cast<std::size_t>(count));
    CHECK(result.walk.pass == 1);
    // One record in each page but the first is asked for twice; and one page finds the end.
    CHECK(provider.asked <= count / 6 + 2);
  }
}

TEST_CASE(
    "walk: rows that are inserted and removed meanwhile cost none that was there all the time") {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    INFO(seed);
    Provider provider(120, seed);
    for (int i = 0; i < 30; ++i)
      provider.rows.insert(provider.rows.begin() + provider.below(provider.count()), 2'000'000 + i);
    provider.moves_left = 25;
    const auto result = read_all(provider, 10, 1 + seed % 6);
    REQUIRE(result.verdict == Verdict::complete);
    REQUIRE(has_all(result, 120));
  }
}

TEST_CASE("walk: nor do rows that change their place") {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    INFO(seed);
    Provider provider(120, seed);
    provider.moves_any = true;
    provider.moves_left = 12;
    const auto result = read_all(provider, 10, 1 + seed % 6);
    REQUIRE(result.verdict == Verdict::complete);
    REQUIRE(has_all(result, 120));
  }
}

TEST_CASE("walk: of a provider without any order the pages are put together until all are there") {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    INFO(seed);
    Provider provider(60, seed);
    provider.shuffles = true;
    const auto result = read_all(provider, 15, 3);
    // Never said to be whole when it is not.
    if (result.verdict == Verdict::complete) CHECK(has_all(result, 60));
  }
}

TEST_CASE("walk: a page that is short, or empty, is no end where more was counted") {
  Provider provider(100);
  provider.most = 9;  // 20 are asked for
  auto result = read_all(provider, 20, 4);
  CHECK(result.verdict == Verdict::complete);
  CHECK(has_all(result, 100));
  Provider silent(100);
  silent.empty_answers = 2;
  result = read_all(silent, 20, 2);
  CHECK(result.verdict == Verdict::complete);
  CHECK(has_all(result, 100));
}

TEST_CASE("walk: a provider that gives more than was asked for is taken at its word") {
  Provider provider(100);
  Walk walk;
  walk.counted = walk.counted_before = 100;
  Walker walker(walk, 10);
  const PageRead all{{1, 10}, 100, 100, "0", "99"};
  REQUIRE(walker.fit(all) == Walker::Fit::fits);
  CHECK(walker.take(all, 100) == Walker::Next::go_on);
  CHECK(walker.walk().next == 101);
}

TEST_CASE("walk: a provider that does not heed positions is noticed") {
  Provider provider(100);
  provider.heeds_start = false;
  CHECK(read_all(provider, 20, 4).verdict == Verdict::ignored);
  Provider small(20);
  small.heeds_start = false;
  const auto whole = read_all(small, 20, 4);
  CHECK(whole.verdict == Verdict::complete);
  CHECK(has_all(whole, 20));
}

TEST_CASE("walk: two records of one id are one row, and the list is whole") {
  Provider provider(50);
  provider.rows.push_back(3);
  provider.rows.insert(provider.rows.begin() + 20, 20);
  const auto result = read_all(provider, 10, 4);
  CHECK(result.verdict == Verdict::complete);
  CHECK(has_all(result, 50));
}

TEST_CASE("walk: fewer rows than are counted, again and again, is not whole") {
  Provider provider(50);
  Walk walk;
  walk.counted = walk.counted_before = 60;
  Walker walker(walk, 100);
  std::int64_t fresh = 50;
  Verdict verdict = Verdict::go_on;
  for (int i = 0; i < 100 && (verdict == Verdict::go_on || verdict == Verdict::again); ++i) {
    const auto ask = walker.ask();
    const auto rows = provider.page(ask);
    const auto size = static_cast<std::int64_t>(rows.size());
    const PageRead page{ask, size, size, size > 0 ? std::to_string(rows.front()) : "",
                        size > 0 ? std::to_string(rows.back()) : ""};
    REQUIRE(walker.fit(page) == Walker::Fit::fits);
    if (walker.take(page, std::exchange(fresh, 0)) == Walker::Next::judge)
      verdict = walker.judge(60, 50);
    else
      verdict = Verdict::go_on;
  }
  CHECK(verdict == Verdict::incomplete);
}

TEST_CASE("walk: another process goes on where it was left") {
  Provider provider(100);
  Walk walk;
  walk.counted = walk.counted_before = 100;
  Walker first(walk, 10);
  for (int i = 0; i < 5; ++i) {
    const auto ask = first.ask();
    const auto rows = provider.page(ask);
    const PageRead page{ask, 10, 10, std::to_string(rows.front()), std::to_string(rows.back())};
    REQUIRE(first.fit(page) == Walker::Fit::fits);
    first.take(page, i == 0 ? 10 : 9);
  }
  const auto json = wire::write(first.walk());
  const auto kept = wire::read_as<Walk>(json, "The walk");
  REQUIRE(kept);
  CHECK(*kept == first.walk());
  Walker second(*kept, 10);
  CHECK(second.ask().start == 46);
  // A row before was removed meanwhile: as it is not known where its pages began, all are read.
  const PageRead moved{second.ask(), 10, 10, "46", "55"};
  CHECK(second.fit(moved) == Walker::Fit::moved);
  CHECK(second.ask().start == 1);
}

}  // namespace rekey::imports::walk_test
