// The weights of what two records have in common (Fellegi and Sunter, 1969), learned from the two
// lists themselves, without examples.
#pragma once

#include "core/mapping/chance.hpp"

namespace rekey::mapping {

/// How often records that are the same look so: chances by level, and of the shorter list the share
/// that has a counterpart in the other.
struct Model {
  std::vector<double> name, street;  ///< by WordLevel
  std::vector<double> traits;        ///< by Trait, and within by TraitLevel but for `unknown`
  double matched = 0.5;
  Found found;  ///< what was seen of chance
  bool operator==(const Model&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("name", &Model::name), field("street", &Model::street),
                      field("traits", &Model::traits), field("matched", &Model::matched),
                      field("found", &Model::found)};
  }
};

/// What is true of most lists, before anything was seen.
Model usual_model();
/// Whether a model that was stored has the shape that is needed.
bool is_whole(const Model& model);

/// The logarithms of a model, ready to weigh comparisons of lists of these sizes.
class Weights {
 public:
  Weights(const Model& model, std::size_t ours, std::size_t theirs);
  /// ln of the odds that both are the same record, before others are looked at.
  double of(const Comparison& comparison) const;

 private:
  std::array<double, word_levels> name_{}, street_{};
  std::array<std::array<double, 4>, trait_count> traits_{};
  double before_ = 0;
};

/// A comparison with a smaller base than this has odds of next to nothing, whatever the model.
double least_base(std::size_t ours, std::size_t theirs);

/// The odds of each comparison, before others are looked at.
std::vector<double> odds_of(const std::vector<Comparison>& comparisons, const Weights& weights);

/// The chance of each comparison to be of the same record, seen beside all others of the two
/// records, of which only one can be true: the marginals of a matching by belief propagation.
/// `one_to_one` false: several of ours may be one of theirs.
std::vector<double> chances(const std::vector<Comparison>& comparisons,
                            const std::vector<double>& odds, std::size_t ours, std::size_t theirs,
                            bool one_to_one);

/// The same without what follows from others being taken: two equal ones have at most a half each.
std::vector<double> chances_alone(const std::vector<Comparison>& comparisons,
                                  const std::vector<double>& odds, std::size_t ours,
                                  std::size_t theirs, bool one_to_one);

/// Learns a model from the comparisons of candidates by expectation maximisation. Few records
/// change little of what is usual.
Model learn(const std::vector<Comparison>& comparisons, std::size_t ours, std::size_t theirs);

}  // namespace rekey::mapping
