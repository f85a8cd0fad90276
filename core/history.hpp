// A stored history of a connection, stepped through again: the same function natively and in
// WebAssembly, and the same text to the byte.
//
// A history is text, one JSON object a line: {"at": <ms since 1970>, "event": {…}}, and "seq" where
// the store numbers its events. Empty lines are passed over.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/connection.hpp"
#include "core/result.hpp"

namespace rekey::history {

/// One line as it stands in a history.
struct Line {
  std::optional<std::int64_t> seq;
  Instant at{};
  Event event;
  static constexpr auto fields() {
    return std::tuple{field("seq", &Line::seq), field("at", &Line::at),
                      field("event", &Line::event)};
  }
};

/// What came of one line. Events that were refused are not stored, so `refused` in a replay says
/// that the rules, or the history, are not what they were when it was written.
struct Replayed {
  std::int64_t seq = 0;
  Instant at{};
  Event event;
  State state;
  Effects effects;
  std::optional<Refusal> refused;
  static constexpr auto fields() {
    return std::tuple{field("seq", &Replayed::seq),         field("at", &Replayed::at),
                      field("event", &Replayed::event),     field("state", &Replayed::state),
                      field("effects", &Replayed::effects), field("refused", &Replayed::refused)};
  }
};

/// Steps through a history line by line, from a new connection.
class Replay {
 public:
  /// Takes the next line; none for an empty one. A line that is damaged or out of its order is an
  /// error, which names the line; nothing may be taken after it, since every state that followed
  /// would be a guess.
  Result<std::optional<Replayed>> take(std::string_view line);

  const State& state() const { return state_; }
  /// How many lines have been given, empty ones too.
  std::int64_t lines() const { return lines_; }

 private:
  Result<Line> read(std::string_view text) const;

  State state_;
  std::int64_t lines_ = 0;
  std::optional<std::int64_t> seq_;
};

/// Calls `use` with each line of a text, without its line end, until it gives false.
void each_line(std::string_view text, const std::function<bool(std::string_view)>& use);

/// Replays a whole history into text: a line of JSON for each event, as `Replayed` is written; and
/// where it had to stop, a last line {"line": …, "error": "…"}.
std::string replay(std::string_view text);

}  // namespace rekey::history
