// Who competes with a pair: the best of each record, and the best of its others.
#pragma once

#include <cstdint>
#include <vector>

#include "core/mapping/compare.hpp"

namespace rekey::mapping {

/// Another record whose odds are this near is as likely, for a person who chooses.
inline constexpr double as_likely = 0.3;

class Rivals {
 public:
  /// `odds` are those of the comparisons, in their order; `ours` and `theirs` the lengths of the
  /// lists.
  Rivals(const std::vector<Comparison>& pairs, const std::vector<double>& odds, std::size_t ours,
         std::size_t theirs);
  /// Whether another record is as likely as this pair's, or nearly, for a person who chooses.
  /// `one_to_one` false: several of ours may be one of theirs.
  bool has_rival(std::uint32_t pair, bool one_to_one) const;
  /// Whether it is the best of both of its records, and none is nearly as likely.
  bool is_alone(std::uint32_t pair) const;

 private:
  struct Best {
    std::uint32_t pair = ~std::uint32_t{0};
    double first = 0, second = 0;
    void take(std::uint32_t index, double odds);
    double besides(std::uint32_t index) const { return index == pair ? second : first; }
  };
  const std::vector<Comparison>& pairs_;
  const std::vector<double>& odds_;
  std::vector<Best> ours_, theirs_;
};

}  // namespace rekey::mapping
