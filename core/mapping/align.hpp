// Lays the words of two names, or of two streets, side by side.
#pragma once

#include "core/mapping/near.hpp"
#include "core/mapping/together.hpp"

namespace rekey::mapping {

/// How a word of one name, or of one street, is found in the other.
enum class WordLevel {
  same,
  near,     ///< with a typing error or two, as a short form of a given name, or written in two
  short_,   ///< an initial or a beginning of it
  differs,  ///< each side has a word that the other has not
  missing,  ///< only one side has it
  digits,   ///< each side has a number that the other has not
};
constexpr std::size_t word_levels = 6;

/// The words of two names side by side.
struct Alignment {
  /// ln(1 / chance) that two different records have as many words in common.
  double base = 0;
  std::array<double, word_levels> counts{};  ///< of words; one that many have counts less
  std::size_t matched = 0;
  bool in_order = true;  ///< those in common come in the same order
  double of(WordLevel level) const { return counts[static_cast<std::size_t>(level)]; }
  void add(WordLevel level, double count) { counts[static_cast<std::size_t>(level)] += count; }
  /// As good as it looks without a model, to choose between alignments.
  double rough() const {
    return base - 2.5 * of(WordLevel::differs) - 1.5 * of(WordLevel::missing) -
           4 * of(WordLevel::digits);
  }
};

/// Aligns words of the two lists.
class Aligner {
 public:
  Aligner(const Both& both, const NearWords& near);
  Alignment operator()(const std::vector<Term>& ours, const std::vector<Term>& theirs) const;

 private:
  class Pairing;
  double uniqueness(const Both& both) const;
  const Dictionary& dictionary_;
  const NearWords& near_;
  Together together_;
  double most_;  ///< ln(1 / chance) of no name is believed to be more
  /// What a whole name that is the same says beyond its words: where no list has a name twice
  /// although its words alone would make many equal, names are chosen to be told apart.
  double unique_ = 0;
};

}  // namespace rekey::mapping
