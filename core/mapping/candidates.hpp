// Which pairs of records are worth comparing: those that share something rare, instead of all.
#pragma once

#include "core/mapping/near.hpp"

namespace rekey::mapping {

/// A pair of places in Both::lists.
struct Candidate {
  std::uint32_t ours, theirs;
  auto operator<=>(const Candidate&) const = default;
};

/// The pairs that share the most, at most a few for each record of either side, sorted. The work is
/// bounded by the length of the lists, whatever is in them: a key that too many records share is
/// skipped.
std::vector<Candidate> candidates(const Both& both, const NearWords& near);

}  // namespace rekey::mapping
