#include "core/text/fold.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

namespace rekey::text {

namespace {

/// Letters that decomposition leaves, by their Latin spelling. In order of the code point.
struct Spelling {
  char32_t letter;
  const char* latin;
};
constexpr auto spellings = std::to_array<Spelling>({
    {0xE6, "ae"},    {0xF0, "d"},   {0xF8, "o"},   {0xFE, "th"},  {0x111, "d"},  {0x127, "h"},
    {0x131, "i"},    {0x138, "k"},  {0x142, "l"},  {0x14B, "n"},  {0x153, "oe"}, {0x167, "t"},
    {0x180, "b"},    {0x1DD, "e"},  {0x259, "a"},  {0x268, "i"},  {0x3B1, "a"},  {0x3B2, "v"},
    {0x3B3, "g"},    {0x3B4, "d"},  {0x3B5, "e"},  {0x3B6, "z"},  {0x3B7, "i"},  {0x3B8, "th"},
    {0x3B9, "i"},    {0x3BA, "k"},  {0x3BB, "l"},  {0x3BC, "m"},  {0x3BD, "n"},  {0x3BE, "x"},
    {0x3BF, "o"},    {0x3C0, "p"},  {0x3C1, "r"},  {0x3C2, "s"},  {0x3C3, "s"},  {0x3C4, "t"},
    {0x3C5, "y"},    {0x3C6, "f"},  {0x3C7, "ch"}, {0x3C8, "ps"}, {0x3C9, "o"},  {0x430, "a"},
    {0x431, "b"},    {0x432, "v"},  {0x433, "g"},  {0x434, "d"},  {0x435, "e"},  {0x436, "zh"},
    {0x437, "z"},    {0x438, "i"},  {0x439, "i"},  {0x43A, "k"},  {0x43B, "l"},  {0x43C, "m"},
    {0x43D, "n"},    {0x43E, "o"},  {0x43F, "p"},  {0x440, "r"},  {0x441, "s"},  {0x442, "t"},
    {0x443, "u"},    {0x444, "f"},  {0x445, "kh"}, {0x446, "ts"}, {0x447, "ch"}, {0x448, "sh"},
    {0x449, "shch"}, {0x44A, ""},   {0x44B, "y"},  {0x44C, ""},   {0x44D, "e"},  {0x44E, "yu"},
    {0x44F, "ya"},   {0x452, "dj"}, {0x454, "ye"}, {0x455, "dz"}, {0x456, "i"},  {0x458, "j"},
    {0x459, "lj"},   {0x45A, "nj"}, {0x45B, "c"},  {0x45F, "dz"}, {0x491, "g"},  {0x493, "g"},
    {0x49B, "k"},    {0x4A3, "n"},  {0x4AF, "u"},  {0x4B1, "u"},  {0x4BB, "h"},  {0x4D9, "a"},
    {0x4E9, "o"},
});

/// The Latin spelling of a letter; null: it stays as it is.
const char* latin_of(char32_t letter) {
  std::size_t low = 0, high = spellings.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (spellings[middle].letter < letter) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < spellings.size() && spellings[low].letter == letter ? spellings[low].latin : nullptr;
}

struct Range {
  char32_t first, last;
};
/// Marks without which a word is still read: accents, points of Hebrew and Arabic, Cyrillic titlos.
constexpr auto accents = std::to_array<Range>({{0x300, 0x36F},
                                               {0x483, 0x489},
                                               {0x591, 0x5C7},
                                               {0x610, 0x61A},
                                               {0x64B, 0x65F},
                                               {0x670, 0x670},
                                               {0x6D6, 0x6ED},
                                               {0x1AB0, 0x1AFF},
                                               {0x1DC0, 0x1DFF},
                                               {0x20D0, 0x20FF},
                                               {0xFE20, 0xFE2F}});

bool is_accent(char32_t point) {
  for (const auto& each : accents)
    if (point >= each.first && point <= each.last) return true;
  return false;
}

bool is_apostrophe(char32_t point) {
  return point == '\'' || point == '`' || point == 0xB4 || point == 0x2BC || point == 0x2BB ||
         point == 0x2018 || point == 0x2019 || point == 0x2032 || point == 0xFF07;
}

/// Letters, digits and pictures are of a word; what is not assigned yet may be a letter one day.
bool is_of_word(char32_t point) {
  if (point == 0xA9 || point == 0xAE) return false;  // © and ®
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
      return false;
    default:
      return true;
  }
}

bool is_ascii_letter(char32_t point) {
  return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
}

/// Decomposes and case-folds one code point to the end of `out`.
void decompose(char32_t point, std::u32string& out) {
  std::array<utf8proc_int32_t, 32> room{};
  int last = 0;
  const auto flags = static_cast<utf8proc_option_t>(
      static_cast<unsigned>(UTF8PROC_DECOMPOSE) | static_cast<unsigned>(UTF8PROC_COMPAT) |
      static_cast<unsigned>(UTF8PROC_CASEFOLD) | static_cast<unsigned>(UTF8PROC_IGNORE));
  const auto made =
      utf8proc_decompose_char(static_cast<utf8proc_int32_t>(point), room.data(),
                              static_cast<utf8proc_ssize_t>(room.size()), flags, &last);
  if (made < 0 || made > static_cast<utf8proc_ssize_t>(room.size())) {
    out += point;
    return;
  }
  for (utf8proc_ssize_t i = 0; i < made; ++i)
    out += static_cast<char32_t>(room[static_cast<std::size_t>(i)]);
}

std::u32string decomposed(const std::u32string& points) {
  std::u32string out;
  out.reserve(points.size() + 8);
  for (const char32_t point : points) {
    if (point == 0x2122 || point == 0x2120) {  // ™ and ℠ would become letters
      out += U' ';
    } else if (point < 0x80) {
      out += point >= 'A' && point <= 'Z' ? point + 32 : point;
    } else {
      decompose(point, out);
    }
  }
  return out;
}

/// A dot between single letters, as in "S.A.": it does not part words.
bool is_abbreviating(const std::u32string& points, std::size_t dot) {
  const auto is_letter = [&](std::size_t at) {
    return at < points.size() && (is_ascii_letter(points[at]) || points[at] >= 0x80) &&
           is_of_word(points[at]);
  };
  if (dot == 0 || !is_letter(dot - 1) || (dot >= 2 && is_letter(dot - 2))) return false;
  return is_letter(dot + 1) && !is_letter(dot + 2);
}

/// Puts Hangul and kana together again, whose letters decomposition has taken apart.
void compose(std::u32string& points) {
  std::vector<utf8proc_int32_t> room(points.begin(), points.end());
  room.push_back(0);
  const auto flags = static_cast<utf8proc_option_t>(static_cast<unsigned>(UTF8PROC_COMPOSE) |
                                                    static_cast<unsigned>(UTF8PROC_STABLE));
  const auto size =
      utf8proc_normalize_utf32(room.data(), static_cast<utf8proc_ssize_t>(points.size()), flags);
  if (size < 0) return;
  points.clear();
  for (utf8proc_ssize_t i = 0; i < size; ++i)
    points += static_cast<char32_t>(room[static_cast<std::size_t>(i)]);
}

}  // namespace

std::u32string code_points(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    utf8proc_int32_t point = byte;
    utf8proc_ssize_t length = 1;
    if (byte >= 0x80) {
      length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                static_cast<utf8proc_ssize_t>(text.size() - at), &point);
      if (length <= 0) {
        point = byte;
        length = 1;
      }
    }
    out += static_cast<char32_t>(point);
    at += static_cast<std::size_t>(length);
  }
  return out;
}

std::string utf8(std::u32string_view points) {
  std::string out;
  for (const char32_t point : points) {
    if (point < 0x80) {
      out += static_cast<char>(point);
      continue;
    }
    std::array<utf8proc_uint8_t, 4> room{};
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), room.data());
    out.append(reinterpret_cast<const char*>(room.data()), static_cast<std::size_t>(size));
  }
  return out;
}

namespace {

/// The same for text in ASCII, which most is.
std::string fold_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto is_letter = [&](std::size_t at) {
    return at < text.size() && is_ascii_letter(static_cast<char32_t>(text[at]));
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c + 32);
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += c;
    } else if (c == '\'' || c == '`') {
      continue;
    } else if (c == '.' && at > 0 && is_letter(at - 1) && (at < 2 || !is_letter(at - 2)) &&
               is_letter(at + 1) && !is_letter(at + 2)) {
      continue;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::string fold(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return fold_ascii(text);
  const auto points = decomposed(code_points(text));
  std::u32string out;
  out.reserve(points.size());
  bool plain = true;
  for (std::size_t at = 0; at < points.size(); ++at) {
    const char32_t point = points[at];
    if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9')) {
      out += point;
    } else if (is_accent(point) || is_apostrophe(point) ||
               (point == '.' && is_abbreviating(points, at))) {
      continue;
    } else if (point < 0x80 || !is_of_word(point)) {
      if (!out.empty() && out.back() != U' ') out += U' ';
    } else if (point == 0x3C5 && at > 0 && points[at - 1] == 0x3BF) {
      out += U'u';  // Greek "ου" is one vowel
    } else if (const char* latin = latin_of(point)) {
      while (*latin) out += static_cast<char32_t>(*latin++);
    } else {
      out += point;
      plain = false;
    }
  }
  if (!out.empty() && out.back() == U' ') out.pop_back();
  if (!plain) compose(out);
  return utf8(out);
}

}  // namespace rekey::text
