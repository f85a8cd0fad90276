#include "core/mapping/rivals.hpp"

namespace rekey::mapping {

void Rivals::Best::take(std::uint32_t index, double odds) {
  if (odds > first) {
    second = first;
    first = odds;
    pair = index;
  } else if (odds > second) {
    second = odds;
  }
}

Rivals::Rivals(const std::vector<Comparison>& pairs, const std::vector<double>& odds,
               std::size_t ours, std::size_t theirs)
    : pairs_(pairs), odds_(odds), ours_(ours), theirs_(theirs) {
  for (std::uint32_t i = 0; i < pairs.size(); ++i) {
    ours_[pairs[i].ours].take(i, odds[i]);
    theirs_[pairs[i].theirs].take(i, odds[i]);
  }
}

bool Rivals::has_rival(std::uint32_t pair, bool one_to_one) const {
  const double near = odds_[pair] * as_likely;
  if (ours_[pairs_[pair].ours].besides(pair) >= near) return true;
  return one_to_one && theirs_[pairs_[pair].theirs].besides(pair) >= near;
}

bool Rivals::is_alone(std::uint32_t pair) const {
  return ours_[pairs_[pair].ours].pair == pair && theirs_[pairs_[pair].theirs].pair == pair &&
         !has_rival(pair, true);
}

}  // namespace rekey::mapping
