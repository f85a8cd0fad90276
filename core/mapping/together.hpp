// How often two words stand in one name: "Bakery" says less beside "Oakfield" where half of the
// Oakfields are bakeries.
#pragma once

#include "core/mapping/features.hpp"

namespace rekey::mapping {

class Together {
 public:
  explicit Together(const Both& both);
  /// ln(1 / chance) that another record that has the word `given` in its name has `word` too.
  double surprise(Term word, Term given) const;

 private:
  struct Count {
    std::uint64_t words;  ///< the smaller number first
    std::uint32_t records;
  };
  const Dictionary& dictionary_;
  std::vector<Count> counts_;  ///< of pairs that at least two records of a list have, sorted
};

}  // namespace rekey::mapping
