#include "core/history.hpp"

#include "core/text/catalogue.hpp"
#include "core/wire/machine.hpp"

namespace rekey::history {

namespace {

/// Far above what an event needs; a longer text is no history of ours.
constexpr std::size_t longest_line = 64 * 1024;

/// `sentence` may have the place {line}, too.
tl::unexpected<Error> damaged(std::int64_t line, std::string_view sentence,
                              text::Values values = {}) {
  values.emplace_back("line", std::to_string(line));
  return fail(Code::bad_input,
              text::fill("{what} The replay stops here, because what follows would be a guess.",
                         {{"what", text::fill(sentence, values)}}));
}

}  // namespace

Result<Line> Replay::read(std::string_view text) const {
  constexpr std::string_view not_read = "Line {line} of the history is damaged. {why}";
  if (text.size() > longest_line)
    return damaged(lines_, "Line {line} of the history is longer than any event can be.");
  const auto json = wire::parse(text, "It");
  if (!json) return damaged(lines_, not_read, {{"why", json.error().hint}});
  auto line = wire::read_as<Line>(*json, "It");
  if (!line) {
    // The sentence of the wire ends with what it means for a request, which this is not.
    auto hint = line.error().hint;
    const auto end = hint.rfind(" Nothing was changed.");
    if (end != std::string::npos) hint.resize(end);
    return damaged(lines_, not_read, {{"why", hint}});
  }
  return line;
}

Result<std::optional<Replayed>> Replay::take(std::string_view text) {
  ++lines_;
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  if (text.find_first_not_of(" \t") == std::string_view::npos) return std::nullopt;
  auto line = read(text);
  if (!line) return tl::unexpected(line.error());
  const auto seq = line->seq.value_or(seq_.value_or(0) + 1);
  if (line->seq && !seq_ && (seq < 0 || seq > 1))
    return damaged(
        lines_,
        "Line {line} of the history has the number {seq}, so the beginning of the history "
        "is missing.",
        {{"seq", std::to_string(seq)}});
  if (seq_ && seq != *seq_ + 1)
    return damaged(lines_,
                   "Line {line} of the history has the number {seq} after {last}, so lines are "
                   "missing or out of order.",
                   {{"seq", std::to_string(seq)}, {"last", std::to_string(*seq_)}});
  seq_ = seq;
  Step taken = step(state_, line->event, line->at);
  state_ = taken.next;
  return Replayed{seq,           line->at,     std::move(line->event), std::move(taken.next),
                  taken.effects, taken.refused};
}

void each_line(std::string_view text, const std::function<bool(std::string_view)>& use) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (!use(text.substr(0, end)) || end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::string replay(std::string_view text) {
  std::string out;
  Replay replay;
  each_line(text, [&](std::string_view line) {
    const auto replayed = replay.take(line);
    if (!replayed) {
      out += wire::dump({{"line", replay.lines()}, {"error", replayed.error().hint}}) + "\n";
      return false;
    }
    if (*replayed) out += wire::dump(wire::write(**replayed)) + "\n";
    return true;
  });
  return out;
}

}  // namespace rekey::history
