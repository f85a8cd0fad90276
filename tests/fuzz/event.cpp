// Any JSON as an event, in states of every kind: a step or a refusal that changes nothing, and the
// next state comes back from JSON. The first byte chooses the state.
#include "core/connection.hpp"
#include "core/wire/machine.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/support/history_maker.hpp"

using namespace rekey;

namespace {

/// States as a random history leaves them.
std::vector<State> make_states() {
  std::vector<State> out;
  test::HistoryMaker maker(11);
  State state;
  for (int i = 0; i < 256; ++i) {
    const auto happening = maker.next(state);
    state = step(state, happening.event, happening.at).next;
    out.push_back(state);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto states = make_states();
  if (size == 0) return 0;
  const auto json = wire::parse(fuzz::text(data + 1, size - 1), "The event");
  if (!json) return 0;
  const auto event = wire::read_as<Event>(*json, "The event");
  if (!event) {
    fuzz::must(event.error().hint.size() > 20, "a refusal to read says why");
    return 0;
  }
  const State& before = states[data[0]];
  const Step taken = step(before, *event, from_ms(1'790'000'000'000));
  if (taken.refused)
    fuzz::must(taken.next == before && taken.effects.empty(), "a refusal changes nothing");
  const auto back = wire::read_as<State>(wire::write(taken.next), "The state");
  fuzz::must(back && *back == taken.next, "the next state comes back from JSON");
  return 0;
}
