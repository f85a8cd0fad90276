#include "core/mapping/compare.hpp"

#include <algorithm>

#include "core/mapping/logarithm.hpp"
#include "core/mapping/similar.hpp"
#include "core/mapping/words.hpp"

namespace rekey::mapping {

namespace {

constexpr std::size_t most_aligned = 24;

/// Chances that different records have words of these levels, where they do not depend on the words.
constexpr double initial_by_chance = 0.08, differs_by_chance = 0.95, missing_by_chance = 0.6;

std::uint8_t eighths(double count) {
  return static_cast<std::uint8_t>(std::min(255.0, count * 8 + 0.5));
}

bool is_near_number(std::string_view one, std::string_view other, std::size_t least) {
  return std::min(one.size(), other.size()) >= least && edits(one, other, 1) <= 1;
}

bool is_near_text(std::string_view one, std::string_view other) {
  const auto shorter = std::min(one.size(), other.size());
  if (shorter < 4) return false;
  if (edits(one, other, shorter >= 7 ? 2 : 1) <= (shorter >= 7 ? 2U : 1U)) return true;
  return one.starts_with(other) || other.starts_with(one) || one.ends_with(other) ||
         other.ends_with(one);
}

bool is_near_email(std::string_view one, std::string_view other) {
  const auto local_one = one.substr(0, one.find('@')), local_other = other.substr(0, other.find('@'));
  if (local_one == local_other) return local_one.size() >= 8;
  return one.size() >= 8 && edits(one, other, 1) <= 1;
}

bool are_near_texts(Trait trait, std::string_view one, std::string_view other) {
  switch (trait) {
    case Trait::email:
      return is_near_email(one, other);
    case Trait::phone:
      return is_near_number(one, other, 7);
    case Trait::tax_number:
      return is_near_number(one, other, 8);
    case Trait::house:
      return one.starts_with(other) || other.starts_with(one) || is_near_number(one, other, 2);
    case Trait::postcode:
      return is_near_number(one, other, 4) ||
             (std::min(one.size(), other.size()) >= 4 &&
              (one.starts_with(other) || other.starts_with(one)));
    case Trait::city:
    case Trait::company:
    case Trait::parent:
    case Trait::detail:
      return is_near_text(one, other);
    default:
      return false;
  }
}

/// The chance that different records have this trait nearly the same, besides that of the same.
double near_by_chance(Trait trait) {
  switch (trait) {
    case Trait::house:
      return 0.1;
    case Trait::postcode:
      return 0.03;
    case Trait::city:
    case Trait::company:
    case Trait::parent:
    case Trait::detail:
      return 0.01;
    default:
      return 0.002;
  }
}

}  // namespace

/// The words of two names side by side.
struct Comparer::Alignment {
  double base = 0;
  std::array<double, word_levels> counts{};
  std::size_t matched = 0;
  bool in_order = true;
  bool other_view = false;
  /// As good as it looks without a model, to choose between views.
  double rough() const { return base - 2.5 * counts[3] - 1.5 * counts[4] - 4 * counts[5]; }
  void add(WordLevel level, double count) { counts[static_cast<std::size_t>(level)] += count; }
};

Comparer::Comparer(const Both& both, const NearWords& near) : both_(both), near_(near), together_(both) {
  // Of a hundred lists as long as ours, one may well have another record of the very name.
  most_of_name_ = ln(100.0 * static_cast<double>(std::max<std::size_t>(both.longer(), 10)));
  std::array<double, trait_count> same{};
  std::array<std::array<double, 2>, trait_count> all{};
  const auto& dictionary = both.dictionary;
  for (std::size_t i = 1; i < dictionary.texts.size(); ++i) {
    if (dictionary.texts[i][0] != static_cast<char>(Dictionary::Kind::trait)) continue;
    const auto trait = static_cast<std::size_t>(dictionary.texts[i][1] - 'A');
    const auto& seen = dictionary.seen[i];
    same[trait] += static_cast<double>(seen[0]) * seen[1];
    for (std::size_t side = 0; side < 2; ++side) all[trait][side] += seen[side];
  }
  for (std::size_t i = 0; i < trait_count; ++i) {
    const double pairs = all[i][0] * all[i][1];
    different_[i] = std::max(0.05, 1 - (same[i] + 2) / (pairs + 40));
  }
  different_[static_cast<std::size_t>(Trait::order)] = 0.5;
}

Comparer::Alignment Comparer::align(const std::vector<Term>& ours,
                                    const std::vector<Term>& theirs) const {
  Alignment out;
  const auto& dictionary = both_.dictionary;
  std::array<int, most_aligned> to{};
  std::array<bool, most_aligned> taken{};
  to.fill(-1);
  const std::size_t a = std::min(ours.size(), most_aligned), b = std::min(theirs.size(), most_aligned);
  const auto pass = [&](WordLevel level, auto matches, auto surprise) {
    for (std::size_t i = 0; i < a; ++i) {
      for (std::size_t j = 0; j < b && to[i] < 0; ++j) {
        if (taken[j] || !matches(ours[i], theirs[j])) continue;
        to[i] = static_cast<int>(j);
        taken[j] = true;
        out.base += surprise(ours[i], theirs[j]);
        out.add(level, 1);
        ++out.matched;
      }
    }
  };
  pass(
      WordLevel::same, [](Term x, Term y) { return x == y; },
      [&](Term x, Term) { return dictionary.surprise[x]; });
  // Words that are often beside each other are no independent witnesses.
  if (out.matched >= 2) {
    std::size_t before = most_aligned;
    for (std::size_t i = 0; i < a; ++i) {
      if (to[i] < 0) continue;
      if (before < most_aligned)
        out.base += std::min(0.0, together_.surprise(ours[i], ours[before]) -
                                      dictionary.surprise[ours[i]]);
      before = i;
    }
  }
  if (out.matched < a && out.matched < b) {
    pass(
        WordLevel::near, [&](Term x, Term y) { return near_.are_near(x, y); },
        [&](Term x, Term y) {
          return -ln(std::min(1.0, std::max(near_.share(x), near_.share(y)) + 0.0005));
        });
  }
  const auto words_in_order = out.matched;
  int last = -1;
  for (std::size_t i = 0; i < a; ++i) {
    if (to[i] >= 0 && to[i] < last) out.in_order = false;
    if (to[i] >= 0) last = to[i];
  }
  if (out.matched < a && out.matched < b) {
    pass(
        WordLevel::short_,
        [&](Term x, Term y) { return is_short_for(dictionary.text(x), dictionary.text(y)); },
        [&](Term x, Term y) {
          const bool initial = dictionary.text(x).size() == 1 || dictionary.text(y).size() == 1;
          return -ln(initial ? initial_by_chance
                             : std::min(1.0, dictionary.share[x] + dictionary.share[y] + 0.002));
        });
  }
  // One word here, two there: "Blue Sky" and "Bluesky".
  const auto join = [&](const std::vector<Term>& one, const std::vector<Term>& two, std::size_t n,
                        std::size_t m, auto free_one, auto free_two, auto take) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j + 1 < m; ++j) {
        if (!free_one(i) || !free_two(j) || !free_two(j + 1)) continue;
        const auto whole = dictionary.text(one[i]), first = dictionary.text(two[j]);
        if (!whole.starts_with(first) || whole.substr(first.size()) != dictionary.text(two[j + 1]))
          continue;
        take(i, j);
        out.base += dictionary.surprise[one[i]];
        out.add(WordLevel::near, 1);
        ++out.matched;
      }
    }
  };
  const auto free_ours = [&](std::size_t i) { return to[i] < 0; };
  const auto free_theirs = [&](std::size_t j) { return !taken[j]; };
  join(ours, theirs, a, b, free_ours, free_theirs, [&](std::size_t i, std::size_t j) {
    to[i] = static_cast<int>(j);
    taken[j] = taken[j + 1] = true;
  });
  join(theirs, ours, b, a, free_theirs, free_ours, [&](std::size_t j, std::size_t i) {
    to[i] = to[i + 1] = static_cast<int>(j);
    taken[j] = true;
  });
  // What is left over on either side; a rare word counts more than one that many have.
  std::array<double, 2> left{}, digits{};
  const auto leave = [&](std::size_t side, Term word) {
    const bool number = has_digit(dictionary.text(word));
    const double counts = std::clamp(dictionary.surprise[word] / 7, 0.25, 1.0);
    (number ? digits : left)[side] += number ? 1 : counts;
  };
  for (std::size_t i = 0; i < a; ++i)
    if (to[i] < 0) leave(0, ours[i]);
  for (std::size_t j = 0; j < b; ++j)
    if (!taken[j]) leave(1, theirs[j]);
  const double clash = std::min(digits[0], digits[1]);
  for (std::size_t side = 0; side < 2; ++side) left[side] += digits[side] - clash;
  const double differ = std::min(left[0], left[1]);
  const double missing = std::max(left[0], left[1]) - differ;
  out.add(WordLevel::digits, std::min(clash, 2.0));
  out.add(WordLevel::differs, std::min(differ, 4.0));
  out.add(WordLevel::missing, std::min(missing, 4.0));
  // What is left over says that more than the words in common was compared.
  out.base = std::min(out.base, most_of_name_ + 2 * (out.counts[3] + out.counts[4]));
  out.base -= out.counts[3] * ln(differs_by_chance) + out.counts[5] * ln(differs_by_chance) +
              out.counts[4] * ln(missing_by_chance);
  if (words_in_order < 2) out.in_order = true;
  return out;
}

Comparer::Alignment Comparer::best_names(const Features& ours, const Features& theirs) const {
  auto best = align(ours.name, theirs.name);
  const auto try_other = [&](const std::vector<Term>& one, const std::vector<Term>& other) {
    if (one.empty() || other.empty()) return;
    auto made = align(one, other);
    made.base -= ln_2;
    made.other_view = true;
    if (made.rough() > best.rough()) best = made;
  };
  if (!ours.company.empty() || !ours.person.empty() || !theirs.company.empty() ||
      !theirs.person.empty()) {
    try_other(ours.company, theirs.name);
    try_other(ours.person, theirs.name);
    try_other(ours.name, theirs.company);
    try_other(ours.name, theirs.person);
  }
  return best;
}

double Comparer::take_trait(Comparison& out, Trait trait, Term ours, Term theirs) const {
  if (ours == 0 || theirs == 0) return 0;
  auto& level = out.traits[static_cast<std::size_t>(trait)];
  const auto& dictionary = both_.dictionary;
  if (ours == theirs) {
    level = TraitLevel::same;
    return dictionary.surprise[ours];
  }
  // Behind the letter that says which trait it is.
  if (are_near_texts(trait, dictionary.text(ours).substr(1), dictionary.text(theirs).substr(1))) {
    level = TraitLevel::near;
    return -ln(std::min(1.0, dictionary.share[ours] + dictionary.share[theirs] +
                                 near_by_chance(trait)));
  }
  level = TraitLevel::differs;
  return -ln(different_[static_cast<std::size_t>(trait)]);
}

double Comparer::take_some(Comparison& out, Trait trait, const std::vector<Term>& ours,
                           const std::vector<Term>& theirs) const {
  double best = 0;
  auto best_level = TraitLevel::unknown;
  for (const Term one : ours) {
    for (const Term other : theirs) {
      Comparison each;
      const double base = take_trait(each, trait, one, other);
      const auto level = each.of(trait);
      if (best_level != TraitLevel::unknown && (level > best_level || (level == best_level && base <= best)))
        continue;
      best = base;
      best_level = level;
    }
  }
  out.traits[static_cast<std::size_t>(trait)] = best_level;
  return best;
}

double Comparer::take_contacts(Comparison& out, const Features& ours, const Features& theirs) const {
  double base = take_some(out, Trait::email, ours.emails, theirs.emails);
  base += take_trait(out, Trait::website, ours.of(Trait::website), theirs.of(Trait::website));
  // Who has the same address has the same domain.
  if (out.of(Trait::email) != TraitLevel::same && out.of(Trait::website) != TraitLevel::same)
    base += take_some(out, Trait::email_domain, ours.domains, theirs.domains);
  base += take_some(out, Trait::phone, ours.phones, theirs.phones);
  for (const auto trait : {Trait::tax_number, Trait::number, Trait::company, Trait::parent,
                           Trait::kind, Trait::detail, Trait::legal_form})
    base += take_trait(out, trait, ours.of(trait), theirs.of(trait));
  return base;
}

double Comparer::take_place(Comparison& out, const Features& ours, const Features& theirs) const {
  double base = 0;
  if (!ours.street.empty() && !theirs.street.empty()) {
    const auto street = align(ours.street, theirs.street);
    for (std::size_t i = 0; i < word_levels; ++i) out.street[i] = eighths(street.counts[i]);
    base += street.base;
    if (street.matched > 0)
      base += take_trait(out, Trait::house, ours.of(Trait::house), theirs.of(Trait::house));
  }
  base += take_trait(out, Trait::postcode, ours.of(Trait::postcode), theirs.of(Trait::postcode));
  const double city = take_trait(out, Trait::city, ours.of(Trait::city), theirs.of(Trait::city));
  // A postcode is of one city, mostly.
  base += out.of(Trait::postcode) == TraitLevel::same && city > 0 ? 0.3 * city : city;
  return base + take_trait(out, Trait::country, ours.of(Trait::country), theirs.of(Trait::country));
}

Comparison Comparer::operator()(std::uint32_t ours, std::uint32_t theirs) const {
  const auto& one = both_.lists[0][ours];
  const auto& other = both_.lists[1][theirs];
  Comparison out;
  out.ours = ours;
  out.theirs = theirs;
  double base = 0;
  bool other_name = false;
  if (!one.name.empty() && !other.name.empty()) {
    const auto names = best_names(one, other);
    for (std::size_t i = 0; i < word_levels; ++i) out.name[i] = eighths(names.counts[i]);
    out.other_view = names.other_view;
    base += names.base;
    if (names.matched >= 2 && !names.other_view) {
      out.traits[static_cast<std::size_t>(Trait::order)] =
          names.in_order ? TraitLevel::same : TraitLevel::differs;
      base += ln_2;
    }
    other_name = names.counts[3] + names.counts[5] >= 0.6;
  }
  base += take_contacts(out, one, other);
  const double place = take_place(out, one, other);
  // Members of a family and branches of a firm share a place, and part of the name.
  base += other_name && place > 0 ? 0.5 * place : place;
  out.base = static_cast<float>(base);
  return out;
}

}  // namespace rekey::mapping
