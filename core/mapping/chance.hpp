// How often records that have nothing to do with each other look alike, found out on the lists
// themselves: two halves of one list have nobody in common, so what seems to be a pair between them
// is by chance. (The idea of decoys: Elias and Gygi, Nature Methods 4, 2007.) A model of weights
// alone believes too much in names of a few words that many share.
#pragma once

#include <cstdint>
#include <vector>

#include "core/mapping/rivals.hpp"

namespace rekey::mapping {

/// What a pair rests on besides its name. Each kind has its own share of false ones.
enum class Ground { contact, place, name };
constexpr std::size_t ground_count = 3;
Ground ground_of(const Comparison& pair);

/// Pairs that are alone, counted by ground and by ln of their odds.
class Seen {
 public:
  /// Steps of a half, from -2 on; what is beyond counts as the first or the last.
  static constexpr std::size_t steps = 64;
  static constexpr double least = 0.1353;  ///< e^-2
  void add(Ground ground, double odds);
  double at(std::size_t ground, std::size_t step) const { return counts_[ground][step]; }
  double all_of(std::size_t ground) const;
  static std::size_t step_of(double odds);

 private:
  std::array<std::array<double, steps>, ground_count> counts_{};
};

/// The pairs among comparisons that are alone, with odds of at least `least`, for which `wanted`
/// holds true (of the index of the pair).
template <class Wanted>
Seen alone_among(const std::vector<Comparison>& pairs, const std::vector<double>& odds,
                 std::size_t ours, std::size_t theirs, Wanted wanted) {
  const Rivals rivals(pairs, odds, ours, theirs);
  Seen out;
  for (std::uint32_t i = 0; i < pairs.size(); ++i)
    if (odds[i] >= Seen::least && rivals.is_alone(i) && wanted(i))
      out.add(ground_of(pairs[i]), odds[i]);
  return out;
}

/// What was found between the halves of one list, of records that have no counterpart as good in
/// the other list.
struct ByChance {
  Seen seen;
  double looked_at = 0;  ///< pairs of records that the halves have
};

/// From here on a pair may be applied whatever was found.
inline constexpr double always_sure = 0.98;

/// How many pairs that are alone are right, by ground and step (`Seen::steps` each), and how much
/// that says beside the model, from 0 to 1. `sure`, by ground: from which confidence on a pair may
/// be applied: of all those above, together, at least 99 of 100 are right.
struct Found {
  std::vector<double> right = std::vector<double>(ground_count * Seen::steps, 1.0);
  std::vector<double> weight = std::vector<double>(ground_count * Seen::steps, 0.0);
  std::vector<double> sure = std::vector<double>(ground_count, always_sure);
  /// Of the shorter list, the share whose name is exactly that of one record of the other list and
  /// nearly of none else, from 0 to 1.
  double same_names = 0;
  bool operator==(const Found&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("right", &Found::right), field("weight", &Found::weight),
                      field("sure", &Found::sure), field("same_names", &Found::same_names)};
  }
};
/// Whether one that was stored has the shape that is needed.
bool is_whole(const Found& found);

/// Of the pairs that were found alone, and those found by chance. `pairs`: how many pairs of
/// records the two lists have.
Found found_right(const Seen& found, const std::array<ByChance, 2>& by_chance, double pairs);

/// The chance that a pair is right, of which a model says `confidence`. `alone`: see Rivals.
double corrected(const Found& found, const Comparison& pair, double odds, double confidence,
                 bool alone);

}  // namespace rekey::mapping
