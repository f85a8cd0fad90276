// Any bytes as a form: what is encoded comes back as it was, and what is not is read all the same.
#include <string>

#include "native/http/http.hpp"
#include "tests/fuzz/must.hpp"

using namespace rekey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text(data, size);
  const std::string encoded = http::percent_encode(text);
  fuzz::must(encoded.find_first_of("&=+ \r\n\"<>") == std::string::npos,
             "what is encoded is plain");
  for (const bool plus : {false, true}) {
    fuzz::must(http::percent_decode(encoded, plus) == text, "what was encoded comes back");
    fuzz::must(http::percent_decode(text, plus).size() <= size, "decoding never makes longer");
  }
  const auto pairs = http::parse_form(text);
  std::string again;
  for (const auto& [name, value] : pairs)
    again +=
        (again.empty() ? "" : "&") + http::percent_encode(name) + "=" + http::percent_encode(value);
  // An empty name with an empty value may be left out; everything else is kept, in order.
  auto kept = pairs;
  std::erase(kept, std::pair<std::string, std::string>{});
  auto read = http::parse_form(again);
  std::erase(read, std::pair<std::string, std::string>{});
  fuzz::must(read == kept, "a form that was written is read as it was");
  for (const auto& [name, value] : pairs)
    fuzz::must(http::find(pairs, name).has_value(), "every name is found");
  return 0;
}
