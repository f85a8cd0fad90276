// Transitions per second of the core. The same program is built natively and for WebAssembly;
// script/bench core runs both.
//
//   step    one call of step (), over random histories with all that people and providers do
//   replay  one line of a stored history: JSON read, stepped, and written out again
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/history.hpp"
#include "tests/support/history_maker.hpp"

namespace {

using namespace rekey;
using Clock = std::chrono::steady_clock;

struct Prepared {
  std::vector<std::vector<test::Happening>> histories;
  std::vector<std::string> texts;
  std::size_t events = 0;
};

Prepared prepare() {
  Prepared out;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    test::HistoryMaker maker(seed);
    State state;
    auto& history = out.histories.emplace_back();
    auto& text = out.texts.emplace_back();
    for (int i = 1; i <= 250; ++i) {
      history.push_back(maker.next(state));
      text += test::history_line(i, history.back());
      state = step(state, history.back().event, history.back().at).next;
    }
    out.events += history.size();
  }
  return out;
}

/// The sum keeps the compiler from leaving the work out.
std::size_t step_all(const Prepared& all) {
  std::size_t sum = 0;
  for (const auto& history : all.histories) {
    State state;
    for (const auto& each : history) {
      Step taken = step(state, each.event, each.at);
      sum += taken.effects.size() + (taken.refused ? 1 : 0);
      state = std::move(taken.next);
    }
  }
  return sum;
}

std::size_t replay_all(const Prepared& all) {
  std::size_t sum = 0;
  for (const auto& text : all.texts) sum += history::replay(text).size();
  return sum;
}

template <class F>
void measure(const char* name, const Prepared& all, int rounds, F&& work) {
  std::size_t sum = work(all);  // warms up
  std::vector<double> rates;
  for (int round = 0; round < rounds; ++round) {
    std::size_t events = 0;
    const auto began = Clock::now();
    std::chrono::duration<double> took{};
    do {
      sum += work(all);
      events += all.events;
      took = Clock::now() - began;
    } while (took.count() < 0.5);
    rates.push_back(static_cast<double>(events) / took.count());
  }
  std::sort(rates.begin(), rates.end());
  std::printf("%-8s %12.0f per second, median of %d rounds; from %.0f to %.0f   (%zu)\n", name,
              rates[rates.size() / 2], rounds, rates.front(), rates.back(), sum % 10);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 7;
  if (rounds < 1) {
    std::fprintf(stderr, "How many rounds?\n");
    return 2;
  }
  const auto all = prepare();
  measure("step", all, rounds, step_all);
  measure("replay", all, rounds, replay_all);
  return 0;
}
