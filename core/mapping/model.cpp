#include "core/mapping/model.hpp"

#include <algorithm>
#include <numeric>

#include "core/mapping/logarithm.hpp"

namespace rekey::mapping {

namespace {

constexpr std::size_t known_levels = 3;  ///< of a trait, without `unknown`
constexpr double belief_in_usual = 40;   ///< records that what is usual counts as
constexpr double least_chance = 0.003, most_chance = 0.997;
constexpr double most_matched = 0.95;

struct TraitChances {
  Trait trait;
  double same, near, differs;
};
constexpr TraitChances usual_traits[trait_count] = {
    {Trait::email, 0.75, 0.05, 0.2},      {Trait::email_domain, 0.5, 0.01, 0.49},
    {Trait::phone, 0.65, 0.05, 0.3},      {Trait::tax_number, 0.93, 0.04, 0.03},
    {Trait::number, 0.5, 0.01, 0.49},     {Trait::website, 0.75, 0.01, 0.24},
    {Trait::house, 0.8, 0.08, 0.12},      {Trait::city, 0.75, 0.1, 0.15},
    {Trait::postcode, 0.8, 0.08, 0.12},   {Trait::country, 0.96, 0.01, 0.03},
    {Trait::company, 0.75, 0.1, 0.15},    {Trait::parent, 0.8, 0.1, 0.1},
    {Trait::kind, 0.5, 0.01, 0.49},       {Trait::detail, 0.5, 0.1, 0.4},
    {Trait::legal_form, 0.8, 0.01, 0.19}, {Trait::order, 0.9, 0.01, 0.09},
};

/// What equal records differ in no more often than this, whatever was seen: two lists that have
/// nothing in common would teach that firms change their tax numbers.
double most_differing(Trait trait) {
  switch (trait) {
    case Trait::tax_number:
      return 0.06;
    case Trait::postcode:
    case Trait::house:
      return 0.3;
    case Trait::city:
    case Trait::parent:
      return 0.35;
    case Trait::email:
    case Trait::phone:
    case Trait::website:
      return 0.45;
    default:
      return 1;
  }
}

/// Sums of the expectation step, in the order of a model.
struct Sums {
  std::array<double, word_levels> name{}, street{};
  std::array<double, trait_count * known_levels> traits{};
  double matched = 0;
};

void add(Sums& sums, const Comparison& each, double chance) {
  for (std::size_t i = 0; i < word_levels; ++i) {
    sums.name[i] += chance * each.name[i] / 8;
    sums.street[i] += chance * each.street[i] / 8;
  }
  for (std::size_t i = 0; i < trait_count; ++i)
    if (each.traits[i] != TraitLevel::unknown)
      sums.traits[i * known_levels + static_cast<std::size_t>(each.traits[i]) - 1] += chance;
  sums.matched += chance;
}

/// Chances of the levels `from` to `to`, by what was seen and what is usual.
template <class Seen>
void settle(std::vector<double>& chances, const std::vector<double>& usual, const Seen& seen,
            std::size_t from, std::size_t to) {
  double all = belief_in_usual;
  for (std::size_t i = from; i < to; ++i) all += seen[i];
  for (std::size_t i = from; i < to; ++i)
    chances[i] =
        std::clamp((seen[i] + belief_in_usual * usual[i]) / all, least_chance, most_chance);
}

Model settled(const Sums& sums, double shorter) {
  const Model usual = usual_model();
  Model out = usual;
  settle(out.name, usual.name, sums.name, 0, word_levels);
  settle(out.street, usual.street, sums.street, 0, word_levels);
  for (std::size_t i = 0; i < trait_count; ++i) {
    settle(out.traits, usual.traits, sums.traits, i * known_levels, (i + 1) * known_levels);
    auto& differs = out.traits[i * known_levels + 2];
    differs = std::min(differs, most_differing(static_cast<Trait>(i)));
  }
  constexpr double belief = 10;
  out.matched =
      std::clamp((sums.matched + belief * usual.matched) / (shorter + belief), 0.02, most_matched);
  return out;
}

}  // namespace

Model usual_model() {
  Model out;
  out.name = {0.80, 0.06, 0.03, 0.04, 0.06, 0.01};
  out.street = {0.75, 0.08, 0.02, 0.06, 0.07, 0.02};
  for (const auto& each : usual_traits)
    out.traits.insert(out.traits.end(), {each.same, each.near, each.differs});
  out.matched = 0.5;
  return out;
}

bool is_whole(const Model& model) {
  const auto fine = [](const std::vector<double>& chances, std::size_t count) {
    return chances.size() == count && std::all_of(chances.begin(), chances.end(), [](double each) {
             return each >= least_chance && each <= most_chance;
           });
  };
  return is_whole(model.found) && fine(model.name, word_levels) &&
         fine(model.street, word_levels) && fine(model.traits, trait_count * known_levels) &&
         model.matched >= 0.02 && model.matched <= most_matched;
}

Weights::Weights(const Model& model, std::size_t ours, std::size_t theirs) {
  for (std::size_t i = 0; i < word_levels; ++i) {
    name_[i] = ln(model.name[i]) / 8;
    street_[i] = ln(model.street[i]) / 8;
  }
  for (std::size_t i = 0; i < trait_count; ++i)
    for (std::size_t level = 0; level < known_levels; ++level)
      traits_[i][level + 1] = ln(model.traits[i * known_levels + level]);
  const auto a = static_cast<double>(std::max<std::size_t>(ours, 1));
  const auto b = static_cast<double>(std::max<std::size_t>(theirs, 1));
  const double pairs = model.matched * std::min(a, b);
  // The odds against having no counterpart at all, as each side sees it.
  before_ = ln(pairs / (a * b)) - 0.5 * (ln(1 - pairs / a) + ln(1 - pairs / b));
}

double Weights::of(const Comparison& comparison) const {
  double sum = before_ + comparison.base;
  for (std::size_t i = 0; i < word_levels; ++i)
    sum += comparison.name[i] * name_[i] + comparison.street[i] * street_[i];
  for (std::size_t i = 0; i < trait_count; ++i)
    sum += traits_[i][static_cast<std::size_t>(comparison.traits[i])];
  return sum;
}

double least_base(std::size_t ours, std::size_t theirs) {
  constexpr double next_to_nothing = -4;
  Model model = usual_model();
  model.matched = most_matched;
  // What is compared only takes away from the base: chances are below 1.
  return next_to_nothing - Weights(model, ours, theirs).of(Comparison{});
}

std::vector<double> odds_of(const std::vector<Comparison>& comparisons, const Weights& weights) {
  constexpr double most = 30;  // no data are so good that more would mean anything
  std::vector<double> out;
  out.reserve(comparisons.size());
  for (const auto& each : comparisons) out.push_back(exponential(std::min(weights.of(each), most)));
  return out;
}

std::vector<double> chances(const std::vector<Comparison>& comparisons,
                            const std::vector<double>& odds, std::size_t ours, std::size_t theirs,
                            bool one_to_one) {
  // What each side tells the other: the odds of this pair, given what else the side may be paired
  // with.
  std::vector<double> from_ours = odds, from_theirs = odds, all_ours(ours), all_theirs(theirs);
  const int rounds = one_to_one ? 6 : 1;
  for (int round = 0; round < rounds; ++round) {
    std::fill(all_ours.begin(), all_ours.end(), 1.0);
    std::fill(all_theirs.begin(), all_theirs.end(), 1.0);
    for (std::size_t i = 0; i < odds.size(); ++i) {
      all_ours[comparisons[i].ours] += from_theirs[i];
      all_theirs[comparisons[i].theirs] += from_ours[i];
    }
    for (std::size_t i = 0; i < odds.size(); ++i) {
      const double others = std::max(all_ours[comparisons[i].ours] - from_theirs[i], 1.0);
      const double rivals = std::max(all_theirs[comparisons[i].theirs] - from_ours[i], 1.0);
      from_ours[i] = odds[i] / others;
      from_theirs[i] = one_to_one ? odds[i] / rivals : odds[i];
    }
  }
  std::vector<double> out(odds.size());
  for (std::size_t i = 0; i < odds.size(); ++i) {
    const double both = from_ours[i] * from_theirs[i];
    out[i] = both / (odds[i] + both);
  }
  return out;
}

std::vector<double> chances_alone(const std::vector<Comparison>& comparisons,
                                  const std::vector<double>& odds, std::size_t ours,
                                  std::size_t theirs, bool one_to_one) {
  std::vector<double> all_ours(ours, 1.0), all_theirs(theirs, 1.0), out(odds.size());
  for (std::size_t i = 0; i < odds.size(); ++i) {
    all_ours[comparisons[i].ours] += odds[i];
    all_theirs[comparisons[i].theirs] += odds[i];
  }
  for (std::size_t i = 0; i < odds.size(); ++i) {
    const double rivals =
        one_to_one ? std::max(all_theirs[comparisons[i].theirs] - odds[i], 1.0) - 1 : 0;
    out[i] = odds[i] / std::max(all_ours[comparisons[i].ours] + rivals, 1.0);
  }
  return out;
}

namespace {

/// The first guess: pairs that are by far the best of both of their records, however good that is.
/// Lists of another kind than the usual, such as of products with long names, would seem to have
/// none in common otherwise.
std::vector<double> first_guess(const std::vector<Comparison>& comparisons,
                                const std::vector<double>& odds, std::size_t ours,
                                std::size_t theirs) {
  constexpr double guess = 0.5, by_far = 5;
  std::vector<double> of_ours(ours, 0), of_theirs(theirs, 0), out(odds.size(), 0);
  for (std::size_t i = 0; i < odds.size(); ++i) {
    of_ours[comparisons[i].ours] += odds[i];
    of_theirs[comparisons[i].theirs] += odds[i];
  }
  for (std::size_t i = 0; i < odds.size(); ++i) {
    const double rivals =
        std::max(of_ours[comparisons[i].ours], of_theirs[comparisons[i].theirs]) - odds[i];
    if (odds[i] > by_far * rivals) out[i] = guess;
  }
  return out;
}

}  // namespace

Model learn(const std::vector<Comparison>& comparisons, std::size_t ours, std::size_t theirs) {
  constexpr int rounds = 8;
  Model out = usual_model();
  const auto shorter = static_cast<double>(std::min(ours, theirs));
  for (int round = 0; round < rounds; ++round) {
    const auto odds = odds_of(comparisons, Weights(out, ours, theirs));
    const auto chance = round == 0 ? first_guess(comparisons, odds, ours, theirs)
                                   : chances(comparisons, odds, ours, theirs, true);
    Sums sums;
    for (std::size_t i = 0; i < comparisons.size(); ++i) add(sums, comparisons[i], chance[i]);
    out = settled(sums, shorter);
  }
  return out;
}

}  // namespace rekey::mapping
