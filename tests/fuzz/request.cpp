// Any request to the sandbox: it is answered, and never by a fault of ours. An input is a method
// and a target, header fields a line each, an empty line and the body; a line "----" begins the
// next request. ACCESS and REFRESH stand for tokens that are good.
#include <vector>

#include "tests/fuzz/open_sandbox.hpp"

using namespace rekey;

namespace {

std::string replaced(std::string text, std::string_view what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// What stands before `end`, which is taken away with it.
std::string_view take(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  const auto taken = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + end.size());
  return taken;
}

http::Response send(fuzz::OpenSandbox& intuit, std::string_view text) {
  std::string_view head = take(text, "\n\n");
  std::string_view line = take(head, "\n");
  const std::string method(take(line, " "));
  http::Headers headers;
  while (!head.empty()) {
    std::string_view field = take(head, "\n");
    const std::string name(take(field, ": "));
    headers.add(name, std::string(field));
  }
  return intuit.ask(method, std::string(line), std::move(headers), std::string(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<fuzz::OpenSandbox> intuit;
  std::string text(fuzz::text(data, size));
  if (!intuit) intuit = std::make_unique<fuzz::OpenSandbox>();
  text = replaced(replaced(text, "ACCESS", intuit->access()), "REFRESH", intuit->refresh());
  // Who asks for trouble gets it.
  const bool asked = text.find("fault") != text.npos;
  std::string_view rest = text;
  for (int i = 0; i < 8 && !rest.empty(); ++i) {
    const auto answer = send(*intuit, take(rest, "\n----\n"));
    fuzz::OpenSandbox::judge(answer);
    fuzz::must(answer.status >= 200 && answer.status < (asked ? 600 : 500),
               "a request is answered, and by no fault of ours");
  }
  // What was changed, or ended, is not left to the next input.
  if (text.find("sandbox") != text.npos || text.find("token") != text.npos) intuit.reset();
  return 0;
}
