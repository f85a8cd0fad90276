// How right suggestions are, where the truth is known, for `rekey match --truth`.
#pragma once

#include <string>

#include "core/mapping/match.hpp"
#include "native/cli/match_table.hpp"

namespace rekey::cli {

/// How many of some pairs are right.
struct Score {
  std::size_t given = 0, right = 0, wanted = 0;
  double precision() const {
    return given == 0 ? 1 : static_cast<double>(right) / static_cast<double>(given);
  }
  double recall() const {
    return wanted == 0 ? 1 : static_cast<double>(right) / static_cast<double>(wanted);
  }
  double f1() const {
    const double sum = precision() + recall();
    return sum == 0 ? 0 : 2 * precision() * recall() / sum;
  }
};

/// Of the suggestions that are at least this sure, or that would be applied, against the true
/// pairs.
Score score_from(const std::vector<mapping::Suggestion>& suggestions, const Pairs& truth,
                 double threshold);
Score score_applied(const std::vector<mapping::Suggestion>& suggestions, const Pairs& truth);

/// Precision, recall and F1 by threshold and for what one click applies; and beside the mean
/// confidence of suggestions that are about as sure, the share of them that is right.
std::string report(const std::vector<mapping::Suggestion>& suggestions, const Pairs& truth);

}  // namespace rekey::cli
