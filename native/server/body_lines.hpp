// Bodies of lines of JSON that are taken as a whole or not at all, read piece by piece.
#pragma once

#include "native/http/spool.hpp"
#include "native/server/problem.hpp"
#include "native/work/lines.hpp"

namespace rekey::server {

/// How many lines such a body may have: as many are in one transaction.
constexpr std::int64_t most_body_lines = 1'000'000;

/// Thrown within the transaction that takes the lines, so that nothing of them is stored.
struct BadLine {
  std::int64_t line = 0;  ///< counting from 1
  std::string why;        ///< a sentence
};
/// The answer to it: 400.
http::Response bad_line(const BadLine& line);

/// Reads the lines of a request, which must outlive it.
class BodyLines {
 public:
  explicit BodyLines(const http::Request& request)
      : reader_(http::body_pieces(request), {most_body_lines, work::LineBounds{}.length}) {}

  /// The next few lines that are not empty; none: that was all. Throws BadLine for one that is too
  /// long, or one too many.
  std::vector<work::TextLine> next();

  /// A line as a T, read strictly. Throws BadLine.
  template <class T>
  static T read(const work::TextLine& line) {
    const auto json = wire::parse(line.text.reveal(), "The line");
    if (!json) throw BadLine{line.number, json.error().hint};
    auto out = wire::read_strictly_as<T>(*json, "The line");
    if (!out) throw BadLine{line.number, out.error().hint};
    return std::move(*out);
  }

 private:
  work::LineReader reader_;
};

}  // namespace rekey::server
