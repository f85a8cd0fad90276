#include "native/server/lines_answer.hpp"

namespace rekey::server {

http::Response lines_answer(std::function<Lines()> next) {
  http::Response response;
  response.headers = {{"Content-Type", "application/x-ndjson"}, {"Cache-Control", "no-store"}};
  auto first = next();
  response.body = std::move(first.text);
  if (first.last) return response;
  response.more = [next = std::move(next), last = false]() mutable {
    // Empty is the end, so lines are asked for until there are some.
    std::string text;
    while (text.empty() && !last) {
      auto lines = next();
      text = std::move(lines.text);
      last = lines.last;
    }
    return text;
  };
  return response;
}

}  // namespace rekey::server
