#include "native/work/lines.hpp"

#include <algorithm>
#include <memory>

namespace rekey::work {

LineReader::~LineReader() {
  const Secret wiped(std::move(rest_));
}

// The next line into `line`; false when there is none.
bool LineReader::read_line(TextLine& line) {
  for (;;) {
    const auto end = rest_.find('\n', at_);
    const bool whole = end != std::string::npos;
    const auto length = (whole ? end : rest_.size()) - at_;
    if (!whole && length > bounds_.length) {
      skipping_ = true;
      at_ = rest_.size();
    }
    if (whole || (ended_ && (length > 0 || skipping_))) {
      line.too_long = skipping_ || length > bounds_.length;
      line.number = ++number_;
      if (!line.too_long) {
        auto text = rest_.substr(at_, length);
        if (!text.empty() && text.back() == '\r') text.pop_back();
        line.text = Secret(std::move(text));
      }
      skipping_ = false;
      at_ = whole ? end + 1 : rest_.size();
      return true;
    }
    if (ended_) return false;
    auto more = source_();
    ended_ = more.empty();
    Secret before(std::move(rest_));
    rest_ = before.reveal().substr(at_) + more;
    const Secret wiped(std::move(more));
    at_ = 0;
  }
}

std::vector<TextLine> LineReader::next(std::size_t most) {
  std::vector<TextLine> out;
  std::size_t bytes = 0;
  while (out.size() < most && bytes < bounds_.at_once && !done_) {
    TextLine line;
    if (!read_line(line)) {
      done_ = true;
      break;
    }
    if (line.number > bounds_.lines) {
      over_ = done_ = true;
      number_ = line.number - 1;
    } else if (line.too_long || !line.text.empty()) {
      bytes += line.text.reveal().size();
      out.push_back(std::move(line));
    }
  }
  return out;
}

LineReader::Source source_of(std::string_view text) {
  constexpr std::size_t piece = 64 * 1024;
  return [rest = text]() mutable {
    const auto now = rest.substr(0, piece);
    rest.remove_prefix(now.size());
    return std::string(now);
  };
}

}  // namespace rekey::work
