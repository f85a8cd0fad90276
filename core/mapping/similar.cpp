#include "core/mapping/similar.hpp"

#include <algorithm>
#include <array>

#include "core/mapping/words.hpp"

namespace rekey::mapping {

namespace {

constexpr std::size_t longest_compared = 64;

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c == 'h';
}

/// The consonants at `at` as one letter, and how many letters they are.
std::pair<char, std::size_t> consonant(std::string_view word, std::size_t at) {
  const auto rest = word.substr(at);
  for (const auto& [letters, sound] : {std::pair<std::string_view, char>{"sch", 's'},
                                       {"sh", 's'},
                                       {"ch", 'k'},
                                       {"ck", 'k'},
                                       {"ph", 'f'},
                                       {"zh", 's'},
                                       {"ts", 's'},
                                       {"tz", 's'}})
    if (rest.starts_with(letters)) return {sound, letters.size()};
  switch (rest[0]) {
    case 'c':
    case 'q':
    case 'x':
    case 'g':
      return {'k', 1};
    case 'z':
      return {'s', 1};
    case 'w':
      return {'v', 1};
    case 'd':
      return {'t', 1};
    default:
      return {rest[0], 1};
  }
}

bool has_letter(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// Whether both may be short for one given name.
bool share_full_name(std::string_view one, std::string_view other) {
  const auto names = full_names(one);
  if (names.empty()) return false;
  for (const auto each : full_names(other))
    if (std::find(names.begin(), names.end(), each) != names.end()) return true;
  return false;
}

}  // namespace

std::size_t edits(std::string_view one, std::string_view other, std::size_t most) {
  one = one.substr(0, longest_compared);
  other = other.substr(0, longest_compared);
  if (one.size() > other.size()) std::swap(one, other);
  if (other.size() - one.size() > most) return most + 1;
  std::array<std::array<std::uint8_t, longest_compared + 1>, 3> rows{};
  for (std::size_t j = 0; j <= other.size(); ++j) rows[0][j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= one.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    const auto& second = rows[(i + 1) % 3];
    row[0] = static_cast<std::uint8_t>(i);
    std::uint8_t least = row[0];
    for (std::size_t j = 1; j <= other.size(); ++j) {
      int best = above[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      best = std::min({best, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
        best = std::min(best, second[j - 2] + 1);
      row[j] = static_cast<std::uint8_t>(best);
      least = std::min(least, row[j]);
    }
    if (least > most) return most + 1;
  }
  return std::min<std::size_t>(rows[one.size() % 3][other.size()], most + 1);
}

bool are_near(std::string_view one, std::string_view other) {
  const auto longer = std::max(one.size(), other.size());
  const auto shorter = std::min(one.size(), other.size());
  if (shorter < 3 || longer < 4 || has_digit(one) || has_digit(other))
    return share_full_name(one, other);
  const std::size_t most = longer >= 12 ? 3 : longer >= 7 ? 2 : 1;
  if (edits(one, other, most) <= most) return true;
  if (longer >= 5 && edits(one, other, 2) <= 2 && sound_of(one) == sound_of(other)) return true;
  return share_full_name(one, other);
}

bool is_short_for(std::string_view one, std::string_view other) {
  if (one.size() > other.size()) std::swap(one, other);
  if (one.empty() || one.size() == other.size() || !other.starts_with(one)) return false;
  // Numbers are not shortened, but models have endings: "fs726tp" and "fs726tpna".
  if (has_digit(other)) return has_digit(one) && one.size() >= 5 && has_letter(one);
  return one.size() == 1 || one.size() >= 3;
}

std::string sound_of(std::string_view word) {
  std::string out;
  for (std::size_t at = 0; at < word.size();) {
    if (at > 0 && is_vowel(word[at])) {
      ++at;
      continue;
    }
    const auto [sound, letters] = consonant(word, at);
    if (out.empty() || out.back() != sound) out += sound;
    at += letters;
  }
  return out;
}

std::uint64_t mix(std::uint64_t one, std::uint64_t other) {
  std::uint64_t x = one * 0x9E37'79B9'7F4A'7C15ULL ^ (other + 0x7F4A'7C15'9E37'79B9ULL);
  x ^= x >> 32;
  x *= 0xD6E8'FEB8'6659'FD93ULL;
  x ^= x >> 29;
  x *= 0xD6E8'FEB8'6659'FD93ULL;
  return x ^ x >> 32;
}

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  std::uint64_t sum = 0xCBF2'9CE4'8422'2325ULL ^ seed;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01B3ULL;
  return mix(sum, text.size());
}

void near_keys(std::string_view word, std::vector<std::uint64_t>& out) {
  constexpr std::size_t longest = 24;
  for (const auto name : full_names(word)) out.push_back(hash_of(name, 2));
  if (word.size() < 3 || word.size() > longest || has_digit(word)) return;
  out.push_back(hash_of(word));
  std::string shorter;
  for (std::size_t gone = 0; gone < word.size(); ++gone) {
    if (gone > 0 && word[gone] == word[gone - 1]) continue;
    shorter.assign(word.substr(0, gone));
    shorter += word.substr(gone + 1);
    out.push_back(hash_of(shorter));
  }
  if (const auto sound = sound_of(word); sound.size() >= 3) out.push_back(hash_of(sound, 1));
}

}  // namespace rekey::mapping
