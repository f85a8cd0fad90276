// Any text as a stored history: the same twice, and every line that comes of it is JSON.
#include "core/history.hpp"

#include "core/wire/json.hpp"
#include "tests/fuzz/must.hpp"

using namespace rekey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto out = history::replay(fuzz::text(data, size));
  fuzz::must(out == history::replay(fuzz::text(data, size)), "the same history gives the same");
  history::each_line(out, [](std::string_view line) {
    fuzz::must(line.empty() || wire::parse(line, "It").has_value(), "what comes of it is JSON");
    return true;
  });
  return 0;
}
