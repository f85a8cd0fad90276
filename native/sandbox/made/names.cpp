#include "native/sandbox/made/names.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "native/sandbox/made/seed.hpp"

namespace rekey::sandbox {

namespace {

constexpr std::uint64_t slot_count = 40;
constexpr std::uint64_t stream_count = 3;

/// What the names of one slot are: a language, person or firm, and which share of that language's
/// combinations this slot may use (`rank` of `shares`).
struct Slot {
  std::size_t language;
  bool person;
  std::uint64_t rank;
  std::uint64_t shares;
};

std::size_t language_index(std::string_view tag) {
  const auto all = languages();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].tag == tag) return i;
  return 0;
}

/// Forty slots make the mix: a name's place modulo forty decides its language and form. Upper case
/// would be nicer to read than the mark, but tags are lower case everywhere: '*' marks a firm.
std::array<Slot, slot_count> build_slots() {
  constexpr std::string_view mixture =
      "en de* fr us ja* es pl en* cs ar us* fr* ru de zh* pt en sv* es* tr us ko* de* en* uk fr el "
      "us* ja he* pl* en vi cs* zh de pt* ar* ru* hi";
  std::array<Slot, slot_count> slots{};
  std::string_view rest = mixture;
  for (Slot& slot : slots) {
    std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    slot.person = word.back() != '*';
    if (!slot.person) word.remove_suffix(1);
    slot.language = language_index(word);
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    for (std::size_t j = 0; j < slots.size(); ++j) {
      if (slots[j].language != slots[i].language || slots[j].person != slots[i].person) continue;
      if (j < i) ++slots[i].rank;
      ++slots[i].shares;
    }
  }
  return slots;
}

std::string blanks(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c == '~') c = ' ';
  return out;
}

std::string joined(std::string_view a, std::string_view b) {
  return blanks(a) + blanks(b);
}

std::string fill(std::string_view pattern, const std::array<std::string, 4>& parts) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      out += pattern[i];
      continue;
    }
    const char which = pattern[i + 1];
    out += parts[which == 'g' ? 0 : which == 'f' ? 1 : which == 't' ? 2 : 3];
    i += 2;
  }
  return out;
}

/// A bijection on [0, capacity): neighbours land far apart.
std::uint64_t scatter(std::uint64_t seed, std::uint64_t index, std::uint64_t capacity) {
  const auto gcd = [](std::uint64_t a, std::uint64_t b) {
    while (b) a = std::exchange(b, a % b);
    return a;
  };
  std::uint64_t step = capacity * 382 / 1000 + 1;  // near the golden section of the ring
  while (gcd(step, capacity) != 1) ++step;
  return (index * step + seed % capacity) % capacity;
}

Name person_name(const Language& l, std::uint64_t at) {
  const auto take = [&at](const Words& words) {
    const std::string_view word = words[at % words.size()];
    at /= words.size();
    return word;
  };
  Name name;
  const auto family_a = take(l.family_a), given_a = take(l.given_a);
  name.given = joined(given_a, take(l.given_b));
  name.family = joined(family_a, take(l.family_b));
  name.display = fill(l.person, {name.given, name.family, "", ""});
  return name;
}

Name firm_name(const Language& l, std::uint64_t at) {
  const auto take = [&at](const Words& words) {
    const std::string_view word = words[at % words.size()];
    at /= words.size();
    return word;
  };
  const auto family_a = take(l.family_a), trade = take(l.trades);
  const auto family_b = take(l.family_b), suffix = take(l.suffixes);
  Name name;
  name.company = fill(l.firm, {"", joined(family_a, family_b), blanks(trade), std::string(suffix)});
  name.display = name.company;
  return name;
}

}  // namespace

Name made_name(std::uint64_t seed, Stream stream, std::uint64_t n) {
  static const auto slots = build_slots();
  const Slot& slot = slots[(n % slot_count + seed % slot_count) % slot_count];
  const Language& l = languages()[slot.language];
  const std::uint64_t capacity =
      l.family_a.size() * l.family_b.size() *
      (slot.person ? l.given_a.size() * l.given_b.size() : l.trades.size() * l.suffixes.size());
  const std::uint64_t place = ((n / slot_count) * slot.shares + slot.rank) * stream_count +
                              static_cast<std::uint64_t>(stream);
  const std::uint64_t at = scatter(seed, place % capacity, capacity);
  Name name = slot.person ? person_name(l, at) : firm_name(l, at);
  name.language = &l;
  // Past what the words can make, a branch number keeps the text unique.
  if (place >= capacity) name.display += " " + std::to_string(place / capacity + 1);
  return name;
}

std::string made_street(const Language& language, std::uint64_t dice) {
  return blanks(language.streets[dice % language.streets.size()]) + " " +
         std::to_string(dice / 7 % 180 + 1);
}

std::string made_city(const Language& language, std::uint64_t dice) {
  return blanks(language.cities[dice % language.cities.size()]);
}

std::string fold_accents(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> letters[] = {
      {"á", "a"}, {"à", "a"}, {"â", "a"}, {"ä", "a"}, {"ã", "a"}, {"å", "a"}, {"ą", "a"},
      {"č", "c"}, {"ć", "c"}, {"ç", "c"}, {"ď", "d"}, {"é", "e"}, {"è", "e"}, {"ê", "e"},
      {"ë", "e"}, {"ě", "e"}, {"ę", "e"}, {"ğ", "g"}, {"í", "i"}, {"ï", "i"}, {"î", "i"},
      {"ı", "i"}, {"ł", "l"}, {"ñ", "n"}, {"ň", "n"}, {"ń", "n"}, {"ó", "o"}, {"ô", "o"},
      {"ö", "o"}, {"õ", "o"}, {"ř", "r"}, {"š", "s"}, {"ş", "s"}, {"ś", "s"}, {"ß", "ss"},
      {"ť", "t"}, {"ú", "u"}, {"û", "u"}, {"ü", "u"}, {"ů", "u"}, {"ý", "y"}, {"ž", "z"},
      {"ź", "z"}, {"ż", "z"}, {"Á", "A"}, {"Â", "A"}, {"Ä", "A"}, {"Å", "A"}, {"Č", "C"},
      {"Ç", "C"}, {"É", "E"}, {"Í", "I"}, {"İ", "I"}, {"Ł", "L"}, {"Ñ", "N"}, {"Ö", "O"},
      {"Ř", "R"}, {"Š", "S"}, {"Ş", "S"}, {"Ś", "S"}, {"Ü", "U"}, {"Ž", "Z"}, {"Ż", "Z"},
  };
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool folded = false;
    if (static_cast<unsigned char>(text[i]) < 0x80) {  // most letters are plain already
      out += text[i++];
      continue;
    }
    for (const auto& [marked, plain] : letters) {
      if (text.substr(i, marked.size()) != marked) continue;
      out += plain;
      i += marked.size();
      folded = true;
      break;
    }
    if (!folded) out += text[i++];
  }
  return out;
}

std::string plain_slug(std::string_view text) {
  std::string out;
  for (const char c : fold_accents(text)) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

}  // namespace rekey::sandbox
