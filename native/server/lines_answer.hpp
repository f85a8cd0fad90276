// Answers of many lines of JSON (NDJSON), which are made and sent a few at a time.
#pragma once

#include <functional>
#include <string>

#include "core/wire/json.hpp"
#include "native/http/http.hpp"

namespace rekey::server {

/// The next lines of an answer.
struct Lines {
  std::string text;
  bool last = false;
};

/// Adds a line.
template <class T>
void add_line(Lines& lines, const T& line) {
  lines.text += wire::dump(wire::write(line));
  lines.text += '\n';
}

/// An answer whose lines `next` gives, on worker threads, until the last ones: each time only when
/// the client has taken those before. What is all in the first lines is an ordinary answer; a
/// longer one is not kept for an Idempotency-Key. What `next` does is not done for a client that
/// has gone.
http::Response lines_answer(std::function<Lines()> next);

}  // namespace rekey::server
