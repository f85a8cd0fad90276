#include "web/widget/breaks.hpp"

#include <algorithm>
#include <string_view>

namespace rekey::web::text {
namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

constexpr std::u32string_view begins_no_line =
    U"、。，．・：；？！゛゜ヽヾゝゞ々〻ー’”）〕］｝〉》」』】〙〗〟｠»…‥‐–〜～°′″℃％‰"
    U"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    U",.:;!?)]}%\u2069";
constexpr std::u32string_view ends_no_line =
    U"‘“（〔［｛〈《「『【〘〖〝｟«([{¥￥$＄£#＃@＠\u2066\u2067\u2068";

bool is_in(std::u32string_view all, std::uint32_t code) {
  return all.find(static_cast<char32_t>(code)) != all.npos;
}

bool is_cjk(std::uint32_t code) {
  return (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
         (code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xff60) ||
         (code >= 0x20000 && code <= 0x3ffff);
}

bool may_break(std::uint32_t before, std::uint32_t after) {
  if (after == ' ' || after == '\n') return false;
  if (before == ' ') return true;
  if (is_in(ends_no_line, before) || is_in(begins_no_line, after)) return false;
  if (before >= '0' && before <= '9') return false;
  return is_cjk(before) || is_cjk(after);
}

}  // namespace

std::uint32_t next_code_point(std::string_view words, std::size_t& at) {
  const auto byte = [&](std::size_t i) {
    return i < words.size() ? static_cast<unsigned char>(words[i]) : 0u;
  };
  const std::uint32_t first = byte(at);
  const int more = first < 0x80   ? 0
                   : first < 0xc2 ? -1
                   : first < 0xe0 ? 1
                   : first < 0xf0 ? 2
                   : first < 0xf5 ? 3
                                  : -1;
  std::uint32_t code = more < 1 ? first : first & (0x3fu >> more);
  for (int i = 1; i <= more; ++i) {
    const std::uint32_t next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xc0) != 0x80) {
      ++at;
      return kReplacement;
    }
    code = (code << 6) | (next & 0x3f);
  }
  at += static_cast<std::size_t>(std::max(1, more + 1));
  return more < 0 ? kReplacement : code;
}

std::size_t piece_end(std::string_view words, std::size_t at) {
  while (at < words.size()) {
    const std::uint32_t code = next_code_point(words, at);
    if (code == '\n' || at >= words.size()) return at;
    std::size_t after = at;
    if (may_break(code, next_code_point(words, after))) return at;
  }
  return at;
}

}  // namespace rekey::web::text
