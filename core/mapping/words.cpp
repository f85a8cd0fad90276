#include "core/mapping/words.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/mapping/word_lists.hpp"
#include "core/text/fold.hpp"

namespace rekey::mapping {

namespace {

constexpr std::size_t most_words = 24;  ///< of one name; the rest tells no more
constexpr std::size_t longest_word = 48;

template <class List>
std::unordered_map<std::string_view, std::string_view> map_of(const List& list) {
  std::unordered_map<std::string_view, std::string_view> out;
  for (const auto& [from, to] : list) out.emplace(from, to);
  return out;
}

template <class List>
std::unordered_set<std::string_view> set_of(const List& list) {
  return {list.begin(), list.end()};
}

std::vector<std::string> split(const std::string& folded) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < folded.size();) {
    const auto end = std::min(folded.find(' ', at), folded.size());
    out.push_back(folded.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// "ae", "oe", "ue" and "aa" as one letter: people write ü as ue or u, å as aa or a.
void shorten_vowels(std::string& word) {
  std::size_t to = 0;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char c = word[at];
    const bool goes =
        to > 0 &&
        ((c == 'e' && (word[to - 1] == 'a' || word[to - 1] == 'o' || word[to - 1] == 'u')) ||
         (c == 'a' && word[to - 1] == 'a'));
    if (!goes) word[to++] = c;
  }
  word.resize(to);
}

bool is_without_spaces(char32_t point) {
  return (point >= 0x0E00 && point <= 0x0EFF) || (point >= 0x1000 && point <= 0x109F) ||
         (point >= 0x1780 && point <= 0x17FF) || (point >= 0x2E80 && point <= 0xA4CF) ||
         (point >= 0xAC00 && point <= 0xD7AF) || (point >= 0xF900 && point <= 0xFAFF) ||
         (point >= 0x20000 && point <= 0x3FFFF);
}

void strip_attached_forms(std::string& word) {
  for (const auto form : lists::attached_forms) {
    if (word.size() <= form.size()) continue;
    if (word.starts_with(form)) word.erase(0, form.size());
    if (word.size() > form.size() && word.ends_with(form)) word.resize(word.size() - form.size());
  }
}

bool is_attached_form(std::string_view word) {
  return std::find(lists::attached_forms.begin(), lists::attached_forms.end(), word) !=
         lists::attached_forms.end();
}

bool is_ascii(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// One word in the spelling that is compared.
std::string canonical(std::string word) {
  static const auto abbreviations = map_of(lists::abbreviations);
  if (!is_ascii(word)) {
    strip_attached_forms(word);
    return word;
  }
  if (!has_digit(word)) shorten_vowels(word);
  for (const std::string_view street : {"strasse", "strase"})
    if (word.size() > street.size() && word.ends_with(street))
      word.replace(word.size() - street.size(), street.size(), "str");
  const auto known = abbreviations.find(word);
  return known == abbreviations.end() ? word : std::string(known->second);
}

/// Folded words, before anything is left out.
struct Taken {
  std::vector<std::string> words;  ///< those that count, or all where none does
  std::string legal;
};

Taken take_apart(std::string_view name) {
  static const auto legal = map_of(lists::legal_forms);
  static const auto fillers = set_of(lists::fillers);
  Taken out;
  std::vector<std::string> left_out;
  for (auto& each : split(text::fold(name))) {
    if (each.size() > longest_word) each.resize(longest_word);
    const auto form = legal.find(each);
    if (form != legal.end() || is_attached_form(each)) {
      if (out.legal.empty()) out.legal = form == legal.end() ? each : std::string(form->second);
      left_out.push_back(std::move(each));
    } else if (fillers.count(each) > 0) {
      left_out.push_back(std::move(each));
    } else {
      out.words.push_back(canonical(std::move(each)));
    }
  }
  if (out.words.empty()) {
    out.words = std::move(left_out);
    out.legal.clear();
  }
  return out;
}

/// Appends a word, or the pairs of letters of one in a script without spaces.
void append_word(std::vector<std::string>& out, const std::string& word) {
  const auto points = is_ascii(word) ? std::u32string() : text::code_points(word);
  const bool in_pairs = points.size() >= 3 && is_without_spaces(points[0]);
  const auto put = [&](std::string one) {
    if (out.size() < most_words && std::find(out.begin(), out.end(), one) == out.end())
      out.push_back(std::move(one));
  };
  if (!in_pairs) return put(word);
  for (std::size_t i = 0; i + 1 < points.size(); ++i)
    put(text::utf8(std::u32string_view(points).substr(i, 2)));
}

}  // namespace

bool has_digit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

NameWords name_words(std::string_view name) {
  auto taken = take_apart(name);
  NameWords out;
  out.legal = std::move(taken.legal);
  for (const auto& each : taken.words) append_word(out.words, each);
  std::sort(taken.words.begin(), taken.words.end());
  for (const auto& each : taken.words) {
    if (!out.essence.empty()) out.essence += ' ';
    out.essence += each;
  }
  return out;
}

std::string essence(std::string_view name) {
  return name_words(name).essence;
}

std::vector<std::string> street_words(std::string_view street) {
  std::vector<std::string> out;
  for (auto& each : split(text::fold(street))) append_word(out, canonical(std::move(each)));
  return out;
}

bool is_common_word(std::string_view word) {
  static const auto common = set_of(lists::common_words);
  return common.count(word) > 0;
}

std::vector<std::string_view> full_names(std::string_view word) {
  static const auto names = [] {
    std::unordered_map<std::string_view, std::vector<std::string_view>> out;
    for (const auto& [nick, name] : lists::nicknames) {
      out[nick].push_back(name);
      out[name] = {name};
    }
    return out;
  }();
  const auto known = names.find(word);
  return known == names.end() ? std::vector<std::string_view>() : known->second;
}

bool is_free_mail(std::string_view domain) {
  static const auto free = set_of(lists::free_mail);
  return free.count(domain.substr(0, domain.find('.'))) > 0;
}

std::string country_code(std::string_view country) {
  static const auto codes = map_of(lists::countries);
  auto folded = text::fold(country);
  const auto known = codes.find(folded);
  return known == codes.end() ? folded : std::string(known->second);
}

}  // namespace rekey::mapping
