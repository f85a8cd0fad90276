#include "native/sandbox/text/escape.hpp"

#include <algorithm>

#include "native/sandbox/text/json.hpp"

namespace rekey::sandbox {

namespace {

/// The text in characters that XML has: no broken UTF-8, and not U+FFFE and U+FFFF (XML 1.0
/// section 2.2).
std::string in_characters(std::string_view text) {
  std::string out(text);
  if (std::all_of(out.begin(), out.end(), [](char c) { return static_cast<signed char>(c) >= 0; }))
    return out;
  out = nlohmann::json::parse(json_text(out)).get<std::string>();
  for (auto at = out.find("\xef\xbf"); at != out.npos; at = out.find("\xef\xbf", at + 3))
    if (out[at + 2] == '\xbe' || out[at + 2] == '\xbf') out[at + 2] = '\xbd';
  return out;
}

}  // namespace

std::string escape_xml(std::string_view text) {
  std::string out;
  for (const char c : in_characters(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      // XML has no control characters, not even escaped.
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

}  // namespace rekey::sandbox
