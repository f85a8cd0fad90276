#include "core/mapping/compare.hpp"

#include <algorithm>

#include "core/mapping/logarithm.hpp"
#include "core/mapping/similar.hpp"
#include "core/mapping/words.hpp"

namespace rekey::mapping {

namespace {

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
  const auto local_one = one.substr(0, one.find('@')),
             local_other = other.substr(0, other.find('@'));
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
      return is_near_number(one, other, 4) || (std::min(one.size(), other.size()) >= 4 &&
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

/// The names of two records side by side.
struct Comparer::Names {
  Alignment words;
  bool other_view = false;  ///< the name of one beside the company's or the person's of the other
};

Comparer::Comparer(const Both& both, const NearWords& near) : both_(both), align_(both, near) {
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

Comparer::Names Comparer::best_names(const Features& ours, const Features& theirs) const {
  Names best{align_(ours.name, theirs.name), false};
  const auto try_other = [&](const std::vector<Term>& one, const std::vector<Term>& other) {
    if (one.empty() || other.empty()) return;
    auto made = align_(one, other);
    made.base -= ln_2;  // there was more than one try
    if (made.rough() > best.words.rough()) best = {made, true};
  };
  try_other(ours.company, theirs.name);
  try_other(ours.person, theirs.name);
  try_other(ours.name, theirs.company);
  try_other(ours.name, theirs.person);
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
    return -ln(
        std::min(1.0, dictionary.share[ours] + dictionary.share[theirs] + near_by_chance(trait)));
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
      if (best_level != TraitLevel::unknown &&
          (level > best_level || (level == best_level && base <= best)))
        continue;
      best = base;
      best_level = level;
    }
  }
  out.traits[static_cast<std::size_t>(trait)] = best_level;
  return best;
}

double Comparer::take_contacts(Comparison& out, const Features& ours,
                               const Features& theirs) const {
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
    const auto street = align_(ours.street, theirs.street);
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
    const auto& words = names.words;
    for (std::size_t i = 0; i < word_levels; ++i) out.name[i] = eighths(words.counts[i]);
    base += words.base;
    if (words.matched >= 2 && !names.other_view) {
      out.traits[static_cast<std::size_t>(Trait::order)] =
          words.in_order ? TraitLevel::same : TraitLevel::differs;
      base += ln_2;
    }
    other_name = words.of(WordLevel::differs) + words.of(WordLevel::digits) >= 0.6;
  }
  base += take_contacts(out, one, other);
  const double place = take_place(out, one, other);
  // Members of a family and branches of a firm share a place, and part of the name.
  base += other_name && place > 0 ? 0.5 * place : place;
  out.base = static_cast<float>(base);
  return out;
}

}  // namespace rekey::mapping
