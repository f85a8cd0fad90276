// Gives each record at most one counterpart, such that the whole list fits best.
#pragma once

#include <cstdint>
#include <vector>

namespace rekey::mapping {

/// A possible pair and what it is worth, above 0.
struct Offer {
  std::uint32_t ours, theirs;
  double worth;
};

/// The offers, by index, whose sum of worths is the largest with each record in at most one. Groups
/// of records that compete are solved exactly (the Hungarian method) up to 60 of a side; of larger
/// ones, the best offer is taken before the next. Ties go to the smaller numbers.
std::vector<std::uint32_t> assign(const std::vector<Offer>& offers, std::size_t ours,
                                  std::size_t theirs);

}  // namespace rekey::mapping
