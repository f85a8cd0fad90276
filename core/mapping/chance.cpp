#include "core/mapping/chance.hpp"

#include <algorithm>
#include <numeric>

#include "core/mapping/logarithm.hpp"

namespace rekey::mapping {

namespace {

constexpr double lowest = -2, in_one = 2;  ///< ln of odds, and steps in one
constexpr double belief_in_model = 30;     ///< pairs that what the model says counts as
/// See share_of_lists; so it is on febrl4 and on made-up firms.
constexpr double taken_by_right = 0.5;

/// The share of false ones by step, made such that higher odds never have more of them: steps that
/// break the order are taken together (pool adjacent violators).
std::array<double, Seen::steps> falling(const std::array<double, Seen::steps>& found,
                                        const std::array<double, Seen::steps>& wrong) {
  struct Block {
    double found, wrong;
    std::size_t steps;
    double share() const { return found <= 0 ? 1 : std::min(1.0, wrong / found); }
  };
  std::vector<Block> blocks;
  for (std::size_t i = Seen::steps; i-- > 0;) {
    // A step without pairs joins the one above it, which says the least of it.
    if (found[i] <= 0 && wrong[i] <= 0 && !blocks.empty()) {
      ++blocks.back().steps;
      continue;
    }
    blocks.push_back({found[i], wrong[i], 1});
    if (found[i] <= 0 && wrong[i] <= 0) blocks.back().found = 1e-9;  // none: nothing is wrong
    while (blocks.size() >= 2 && blocks.back().share() < blocks[blocks.size() - 2].share()) {
      const auto last = blocks.back();
      blocks.pop_back();
      blocks.back().found += last.found;
      blocks.back().wrong += last.wrong;
      blocks.back().steps += last.steps;
    }
  }
  std::array<double, Seen::steps> out{};
  std::size_t at = Seen::steps;
  for (const auto& each : blocks)
    for (std::size_t i = 0; i < each.steps; ++i) out[--at] = each.share();
  return out;
}

}  // namespace

Ground ground_of(const Comparison& pair) {
  const auto same = [&](Trait trait) { return pair.of(trait) == TraitLevel::same; };
  for (const auto trait :
       {Trait::email, Trait::tax_number, Trait::phone, Trait::number, Trait::website})
    if (same(trait)) return Ground::contact;
  const bool placed = same(Trait::house) || same(Trait::postcode) || same(Trait::city) ||
                      pair.street[static_cast<std::size_t>(WordLevel::same)] > 0;
  return placed ? Ground::place : Ground::name;
}

std::size_t Seen::step_of(double odds) {
  const double step = (ln(std::max(odds, 1e-9)) - lowest) * in_one;
  return static_cast<std::size_t>(std::clamp(step, 0.0, static_cast<double>(steps - 1)));
}

void Seen::add(Ground ground, double odds) {
  counts_[static_cast<std::size_t>(ground)][step_of(odds)] += 1;
}

double Seen::all_of(std::size_t ground) const {
  return std::accumulate(counts_[ground].begin(), counts_[ground].end(), 0.0);
}

namespace {

/// What the rates of the two lists come to between them, as a share of their mean. To be wrong, a
/// pair takes a record of each list whose right counterpart is missing or spoilt: the chance of
/// that is a factor of its own for each list, so the geometric mean of both is right. Few are
/// counted as if both lists were alike.
double between_lists(const std::array<ByChance, 2>& by_chance, std::size_t ground) {
  constexpr double belief = 2;  ///< pairs by chance that the mean counts as
  const double all = by_chance[0].seen.all_of(ground) + by_chance[1].seen.all_of(ground);
  if (all <= 0) return 1;
  const double mean = all / (by_chance[0].looked_at + by_chance[1].looked_at);
  std::array<double, 2> rate{};
  for (std::size_t side = 0; side < 2; ++side)
    rate[side] = (by_chance[side].seen.all_of(ground) + belief) /
                 (by_chance[side].looked_at + belief / mean);
  const double share = 4 * rate[0] * rate[1] / ((rate[0] + rate[1]) * (rate[0] + rate[1]));
  return square_root(std::min(share, 1.0));
}

/// Of what halves of lists have by chance, what two lists have. Where most of what was found is
/// right, a part of it is less: a record that has a counterpart is not there for another.
double share_of_lists(const Seen& found, const std::array<ByChance, 2>& by_chance,
                      std::size_t ground, double scale) {
  const double between = between_lists(by_chance, ground);
  const double wrong =
      scale * between * (by_chance[0].seen.all_of(ground) + by_chance[1].seen.all_of(ground));
  const double all = found.all_of(ground);
  const double right = all > 0 ? std::clamp(1 - wrong / all, 0.0, 1.0) : 0;
  return between * (1 - taken_by_right * right);
}

/// The confidence of a pair that is alone, at a step.
double confidence_at(const Found& found, std::size_t at, double model) {
  const double most = std::min(model, found.right[at]);
  return std::max(most, found.weight[at] * found.right[at] + (1 - found.weight[at]) * most);
}

/// The lowest confidence such that all above it together are right often enough.
double sure_from(const Found& found, std::size_t ground,
                 const std::array<double, Seen::steps>& seen) {
  constexpr double together = 0.99, least = 0.965;
  double out = always_sure, count = 0, sum = 0;
  for (std::size_t step = Seen::steps; step-- > 0;) {
    const double odds = exponential(lowest + static_cast<double>(step) / in_one);
    const double confidence = confidence_at(found, ground * Seen::steps + step, odds / (1 + odds));
    if (confidence < least) break;
    count += seen[step];
    sum += seen[step] * confidence;
    if (sum >= together * count) out = std::min(out, confidence);
  }
  return out;
}

}  // namespace

Found found_right(const Seen& found, const std::array<ByChance, 2>& by_chance, double pairs) {
  Found out;
  const double looked_at = by_chance[0].looked_at + by_chance[1].looked_at;
  if (looked_at <= 0) return out;
  const double scale = pairs / looked_at;
  for (std::size_t ground = 0; ground < ground_count; ++ground) {
    const auto share = share_of_lists(found, by_chance, ground, scale);
    std::array<double, Seen::steps> seen{}, wrong{};
    for (std::size_t step = 0; step < Seen::steps; ++step) {
      seen[step] = found.at(ground, step);
      wrong[step] =
          scale * share * (by_chance[0].seen.at(ground, step) + by_chance[1].seen.at(ground, step));
    }
    const auto false_ones = falling(seen, wrong);
    for (std::size_t step = 0; step < Seen::steps; ++step) {
      const auto at = ground * Seen::steps + step;
      out.right[at] = 1 - false_ones[step];
      out.weight[at] = seen[step] / (seen[step] + belief_in_model + scale);
    }
    out.sure[ground] = sure_from(out, ground, seen);
  }
  return out;
}

bool is_whole(const Found& found) {
  const auto fine = [](const std::vector<double>& shares, std::size_t count) {
    return shares.size() == count && std::all_of(shares.begin(), shares.end(), [](double each) {
             return each >= 0 && each <= 1;
           });
  };
  constexpr auto count = ground_count * Seen::steps;
  return fine(found.right, count) && fine(found.weight, count) && fine(found.sure, ground_count) &&
         found.same_names >= 0 && found.same_names <= 1;
}

double corrected(const Found& found, const Comparison& pair, double odds, double confidence,
                 bool alone) {
  const auto at = static_cast<std::size_t>(ground_of(pair)) * Seen::steps + Seen::step_of(odds);
  return alone ? confidence_at(found, at, confidence) : std::min(confidence, found.right[at]);
}

}  // namespace rekey::mapping
