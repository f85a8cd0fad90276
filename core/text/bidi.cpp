#include "core/text/bidi.hpp"

#include <algorithm>
#include <array>

#include "core/text/fold.hpp"

namespace rekey::text {

namespace {

constexpr std::string_view begins_isolate = "\u2068", ends_isolate = "\u2069";

bool is_mark(char32_t code) {
  return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool runs_from_the_right(char32_t code) {
  return (code >= 0x0590 && code <= 0x08ff) || (code >= 0xfb1d && code <= 0xfdff) ||
         (code >= 0xfe70 && code <= 0xfefc) || (code >= 0x10800 && code <= 0x10fff) ||
         (code >= 0x1e800 && code <= 0x1efff);
}

/// Every mark and letter meant here takes two bytes or more, from this one on.
bool may_have_any(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xd6; });
}

}  // namespace

bool is_right_to_left(std::string_view language) {
  constexpr std::array<std::string_view, 4> tags{"ar", "fa", "he", "ur"};
  const auto base = language.substr(0, language.find('-'));
  return std::find(tags.begin(), tags.end(), base) != tags.end();
}

bool turns_around(std::string_view text) {
  if (!may_have_any(text)) return false;
  const auto points = code_points(text);
  return std::any_of(points.begin(), points.end(),
                     [](char32_t code) { return is_mark(code) || runs_from_the_right(code); });
}

std::string isolated(std::string_view value) {
  std::string out(begins_isolate);
  if (may_have_any(value)) {
    auto points = code_points(value);
    points.erase(std::remove_if(points.begin(), points.end(), is_mark), points.end());
    out += utf8(points);
  } else {
    out += value;
  }
  out += ends_isolate;
  return out;
}

}  // namespace rekey::text
