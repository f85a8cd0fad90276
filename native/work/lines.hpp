// Reads lines out of a body that comes in bulk, a few at a time and with bounds, so that millions
// of tiny lines cost no more memory than a few long ones.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.hpp"

namespace rekey::work {

struct LineBounds {
  std::int64_t lines = 100'000;     ///< that are read, empty ones counted too
  std::size_t length = 128 * 1024;  ///< bytes of one
  std::size_t at_once = 1 << 20;    ///< bytes that are given at once, or one line that is longer
};

/// A line; `text` may hold tokens.
struct TextLine {
  std::int64_t number = 0;  ///< counting from 1
  Secret text;
  bool too_long = false;  ///< its text is not kept
};

class LineReader {
 public:
  /// Gives the next bytes, however many; none: that was all.
  using Source = std::function<std::string()>;
  LineReader(Source source, LineBounds bounds) : source_(std::move(source)), bounds_(bounds) {}
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// At most `most` of the next lines that are not empty, without their ends (LF or CR LF), or
  /// fewer where they are long; none: that was all that is read.
  std::vector<TextLine> next(std::size_t most);
  /// Whether there is nothing more to read.
  bool done() const { return done_; }
  /// The number of the first line that was not read because there are more than the bound; 0: all
  /// were.
  std::int64_t not_read() const { return over_ ? number_ + 1 : 0; }
  const LineBounds& bounds() const { return bounds_; }

 private:
  bool read_line(TextLine& line);

  Source source_;
  LineBounds bounds_;
  std::string rest_;  // read, and not yet given as lines
  std::size_t at_ = 0;
  std::int64_t number_ = 0;
  bool ended_ = false;
  bool skipping_ = false;  // within a line that is too long
  bool over_ = false;
  bool done_ = false;
};

/// A source of a text that outlives it.
LineReader::Source source_of(std::string_view text);

}  // namespace rekey::work
