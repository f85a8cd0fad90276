#include "core/mapping/match.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace rekey::mapping {

namespace {

/// One code point of UTF-8; a broken sequence gives its bytes one by one.
char32_t next_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0 || at + static_cast<std::size_t>(more) >= text.size()) return byte(at++);
  char32_t point = first & (0x3F >> more);
  for (int i = 1; i <= more; ++i) {
    if ((byte(at + static_cast<std::size_t>(i)) & 0xC0) != 0x80) return byte(at++);
    point = (point << 6) | (byte(at + static_cast<std::size_t>(i)) & 0x3F);
  }
  at += static_cast<std::size_t>(more) + 1;
  return point;
}

void put(std::string& out, char32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    out += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

/// Latin letters U+00C0 to U+017F without their accents; two letters where that is how they are
/// spelled without. A space: not a letter.
constexpr std::array<const char*, 0x180 - 0xC0> latin = {
    "a", "a", "a",  "a",  "ae", "a", "ae", "c", "e", "e", "e", "e", "i",  "i", "i",  "i",  // C0
    "d", "n", "o",  "o",  "o",  "o", "oe", " ", "o", "u", "u", "u", "ue", "y", "th", "ss",
    "a", "a", "a",  "a",  "ae", "a", "ae", "c", "e", "e", "e", "e", "i",  "i", "i",  "i",  // E0
    "d", "n", "o",  "o",  "o",  "o", "oe", " ", "o", "u", "u", "u", "ue", "y", "th", "y",
    "a", "a", "a",  "a",  "a",  "a", "c",  "c", "c", "c", "c", "c", "c",  "c", "d",  "d",  // 100
    "d", "d", "e",  "e",  "e",  "e", "e",  "e", "e", "e", "e", "e", "g",  "g", "g",  "g",
    "g", "g", "g",  "g",  "h",  "h", "h",  "h", "i", "i", "i", "i", "i",  "i", "i",  "i",  // 120
    "i", "i", "ij", "ij", "j",  "j", "k",  "k", "k", "l", "l", "l", "l",  "l", "l",  "l",
    "l", "l", "l",  "n",  "n",  "n", "n",  "n", "n", "n", "n", "n", "o",  "o", "o",  "o",  // 140
    "o", "o", "oe", "oe", "r",  "r", "r",  "r", "r", "r", "s", "s", "s",  "s", "s",  "s",
    "s", "s", "t",  "t",  "t",  "t", "t",  "t", "u", "u", "u", "u", "u",  "u", "u",  "u",  // 160
    "u", "u", "u",  "u",  "w",  "w", "y",  "y", "y", "z", "z", "z", "z",  "z", "z",  "s"};

bool is_separator(char32_t point) {
  if (point < 0x80)
    return !((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') ||
             (point >= '0' && point <= '9'));
  if (point == 0xD7 || point == 0xF7) return true;  // × and ÷, among the letters
  return (point >= 0x80 && point < 0xC0) || (point >= 0x2000 && point <= 0x206F) ||
         (point >= 0x3000 && point <= 0x303F) || point == 0xFF08 || point == 0xFF09;
}

/// Dots and apostrophes stand inside words: "S.A." is "sa", "O'Neil" is "oneil".
bool is_joint(char32_t point) {
  return point == '.' || point == '\'' || point == 0x2019 || point == 0x2018;
}

void fold(std::string& word, char32_t point) {
  if (point >= 'A' && point <= 'Z') {
    put(word, point + 32);
  } else if (point >= 0xC0 && point < 0x180) {
    word += latin[point - 0xC0];
  } else if (point >= 0x0410 && point <= 0x042F) {  // Cyrillic capitals
    put(word, point + 32);
  } else if (point >= 0x0400 && point <= 0x040F) {
    put(word, point + 80);
  } else if (point >= 0x0391 && point <= 0x03A9) {  // Greek capitals
    put(word, point + 32);
  } else if (point >= 0xFF21 && point <= 0xFF3A) {  // full-width Latin
    put(word, point - 0xFF21 + 'a');
  } else if (point >= 0xFF41 && point <= 0xFF5A) {
    put(word, point - 0xFF41 + 'a');
  } else if (point >= 0xFF10 && point <= 0xFF19) {
    put(word, point - 0xFF10 + '0');
  } else if (point == 0x0308 && !word.empty() &&
             (word.back() == 'a' || word.back() == 'o' || word.back() == 'u')) {
    word += 'e';  // as ä, ö and ü in one piece
  } else if (point >= 0x0300 && point <= 0x036F) {
    // any other combining accent: dropped
  } else {
    put(word, point);
  }
}

bool is_legal_form(const std::string& word) {
  static const std::unordered_set<std::string> forms = {
      "ltd",      "limited",  "llc",    "llp",  "inc", "incorporated", "corp", "corporation",
      "co",       "company",  "plc",    "gmbh", "ag",  "kg",           "ug",   "ohg",
      "mbh",      "sa",       "sas",    "sarl", "spa", "srl",          "sl",   "bv",
      "nv",       "ab",       "as",     "aps",  "oy",  "oyj",          "kft",  "zrt",
      "doo",      "sro",      "spzoo",  "pty",  "pte", "ooo",          "zao",  "ооо",
      "зао",      "оао",      "ао",     "the",  "and", "und",          "et",   "y",
      "株式会社", "有限公司", "deleted"};
  return forms.count(word) > 0;
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (std::size_t at = 0; at < name.size();) {
    const char32_t point = next_point(name, at);
    if (is_joint(point)) continue;
    if (is_separator(point)) {
      if (!words.back().empty()) words.emplace_back();
    } else {
      fold(words.back(), point);
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// Pairs of neighbouring bytes: a cheap picture of a spelling, fine for any script in UTF-8.
std::vector<std::uint16_t> pairs_of(const std::string& text) {
  std::vector<std::uint16_t> pairs;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    pairs.push_back(static_cast<std::uint16_t>(static_cast<unsigned char>(text[i]) << 8 |
                                               static_cast<unsigned char>(text[i + 1])));
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

/// Dice's coefficient of two sorted bags.
double overlap(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
  if (a.empty() || b.empty()) return 0;
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      ++common, ++i, ++j;
    } else if (a[i] < b[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return 2.0 * static_cast<double>(common) / static_cast<double>(a.size() + b.size());
}

struct Prepared {
  const Record* record;
  std::string essence;
  std::string detail;
  std::vector<std::uint16_t> pairs;
};

std::vector<Prepared> prepare(const std::vector<Record>& records) {
  std::vector<Prepared> out;
  out.reserve(records.size());
  for (const auto& each : records) {
    if (!each.active) continue;
    Prepared made{&each, essence(each.name), {}, {}};
    for (const char c : each.detail)
      made.detail += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    made.pairs = pairs_of(made.essence);
    out.push_back(std::move(made));
  }
  return out;
}

constexpr double similar_enough = 0.62;

std::optional<Suggestion> compare(const Prepared& ours, const Prepared& theirs) {
  Suggestion out{ours.record->id, theirs.record->id, 0, Likeness::similar};
  const bool same_essence = !ours.essence.empty() && ours.essence == theirs.essence;
  if (ours.record->name == theirs.record->name) {
    out.score = 1;
    out.why = Likeness::same_name;
  } else if (!ours.detail.empty() && ours.detail == theirs.detail) {
    out.score = same_essence ? 0.99 : 0.95;
    out.why = Likeness::same_detail;
  } else if (same_essence) {
    out.score = 0.92;
    out.why = Likeness::same_but_for_spelling;
  } else {
    // Sizes alone bound the overlap from above; most pairs end here.
    const auto a = ours.pairs.size(), b = theirs.pairs.size();
    if (a == 0 || b == 0 ||
        2.0 * static_cast<double>(std::min(a, b)) < similar_enough * static_cast<double>(a + b))
      return {};
    const double score = overlap(ours.pairs, theirs.pairs);
    if (score < similar_enough) return {};
    out.score = std::min(score, 0.999) * 0.9;
  }
  return out;
}

}  // namespace

std::string essence(std::string_view name) {
  auto words = words_of(name);
  std::vector<std::string> kept;
  for (const auto& each : words)
    if (!is_legal_form(each)) kept.push_back(each);
  if (kept.empty()) kept = std::move(words);
  std::sort(kept.begin(), kept.end());
  std::string out;
  for (const auto& each : kept) out += (out.empty() ? "" : " ") + each;
  return out;
}

std::vector<Suggestion> suggest(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                                std::size_t most) {
  const auto left = prepare(ours);
  const auto right = prepare(theirs);
  std::vector<Suggestion> out;
  std::vector<Suggestion> found;
  for (const auto& one : left) {
    found.clear();
    for (const auto& other : right)
      if (auto suggestion = compare(one, other)) found.push_back(std::move(*suggestion));
    std::sort(found.begin(), found.end(), [](const Suggestion& a, const Suggestion& b) {
      return a.score != b.score ? a.score > b.score : a.theirs < b.theirs;
    });
    if (found.size() > most) found.resize(most);
    std::move(found.begin(), found.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace rekey::mapping
