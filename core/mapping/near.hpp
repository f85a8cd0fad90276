// Which words of the one list are probably misspelt words of the other.
#pragma once

#include <unordered_map>

#include "core/mapping/features.hpp"

namespace rekey::mapping {

/// The words that are near each other, found by their keys (see near_keys) instead of by comparing
/// all.
class NearWords {
 public:
  explicit NearWords(const Both& both);
  /// One word of our list and another one of theirs, `ours` < `theirs` not assumed.
  struct Pair {
    Term ours, theirs;
    auto operator<=>(const Pair&) const = default;
  };
  /// All pairs, sorted.
  const std::vector<Pair>& pairs() const { return pairs_; }
  bool are_near(Term ours, Term theirs) const;
  /// The chance that another record has this word or one near it.
  double share(Term word) const { return share_[word]; }

 private:
  std::vector<Pair> pairs_;
  std::vector<std::uint32_t> first_;  ///< where the pairs of our word begin
  std::vector<double> share_;
};

}  // namespace rekey::mapping
