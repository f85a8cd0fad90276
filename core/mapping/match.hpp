// Suggests the record of the accounting system that probably corresponds to one of the host's
// records.
#pragma once

#include "core/mapping/configuration.hpp"

namespace rekey::mapping {

/// Why a record is suggested, from the surest down.
enum class Likeness { same_name, same_detail, same_but_for_spelling, similar };
constexpr std::array<std::string_view, 4> names_of(Likeness) {
  return {"same_name", "same_detail", "same_but_for_spelling", "similar"};
}

/// A candidate for the host's record `ours`, with `score` from 0 to 1 (1: the very same name).
struct Suggestion {
  std::string ours;
  std::string theirs;
  double score = 0;
  Likeness why = Likeness::similar;
  bool operator==(const Suggestion&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("ours", &Suggestion::ours), field("theirs", &Suggestion::theirs),
                      field("score", &Suggestion::score), field("why", &Suggestion::why)};
  }
};

/// A name without what does not tell firms apart: case, accents of Latin letters, punctuation,
/// order of words, legal forms (Ltd, GmbH, S.A., Inc …), the suffix " (deleted)" of inactive
/// records.
std::string essence(std::string_view name);

/// At most `most` suggestions a record, the best first, ties by id; only active records are
/// suggested, and nothing below a likeness that a person would call similar. About
/// |ours| × |theirs| cheap comparisons, of which few are looked at closely.
std::vector<Suggestion> suggest(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                                std::size_t most = 3);

}  // namespace rekey::mapping
