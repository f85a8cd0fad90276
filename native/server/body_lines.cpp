#include "native/server/body_lines.hpp"

#include "native/words/words.hpp"

namespace rekey::server {

namespace {

constexpr std::size_t body_lines_at_once = 500;

}  // namespace

http::Response bad_line(const BadLine& line) {
  return problem(
      {Code::bad_input,
       words::say("bad_input.line", {{"line", std::to_string(line.line)}, {"why", line.why}}),
       {}});
}

std::vector<work::TextLine> BodyLines::next() {
  auto lines = reader_.next(body_lines_at_once);
  for (const auto& each : lines)
    if (each.too_long)
      throw BadLine{each.number, words::say("line.too_long",
                                            {{"most", std::to_string(reader_.bounds().length)}})};
  if (reader_.not_read() > 0)
    throw BadLine{reader_.not_read(),
                  words::say("line.too_many", {{"most", std::to_string(most_body_lines)}})};
  return lines;
}

}  // namespace rekey::server
