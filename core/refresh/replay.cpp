#include "core/history.hpp"
#include "core/refresh/step.hpp"
#include "core/wire/json.hpp"

namespace rekey::refresh {

namespace {

struct Line {
  Instant at{};
  Event event;
  static constexpr auto fields() {
    return std::tuple{field("at", &Line::at), field("event", &Line::event)};
  }
};

}  // namespace

/// As a provider's often are: an hour, and about a hundred days.
State received(Instant now) {
  return begin({now + std::chrono::hours{1}, now + std::chrono::hours{24 * 100}, {}}, true, 0, now);
}

std::string replay(std::string_view text) {
  std::string out;
  std::optional<State> state;
  history::each_line(text, [&](std::string_view each) {
    if (each.find_first_not_of(" \t\r") == each.npos) return true;
    const auto json = wire::parse(each, "The line");
    const auto line = json ? wire::read_as<Line>(*json, "The line") : tl::unexpected(json.error());
    if (!line) {
      out += wire::dump({{"error", line.error().hint}}) + "\n";
      return false;
    }
    if (!state) state = received(line->at);
    auto taken = step(*state, line->event, line->at);
    out += wire::dump(wire::write(taken)) + "\n";
    state = std::move(taken.next);
    return true;
  });
  return out;
}

}  // namespace rekey::refresh
