// How two records look beside each other: what is the same, nearly so or not, and how much it would
// take for two different records to look as alike by chance.
#pragma once

#include "core/mapping/align.hpp"

namespace rekey::mapping {

enum class TraitLevel : std::uint8_t { unknown, same, near, differs };

/// Two records, compared. The counts of words are in eighths: a word that many have counts less.
struct Comparison {
  std::uint32_t ours = 0, theirs = 0;  ///< places in Both::lists
  /// ln(1 / chance that two different records look so), as far as no model is needed for it.
  float base = 0;
  std::array<std::uint8_t, word_levels> name{}, street{};
  std::array<TraitLevel, trait_count> traits{};
  TraitLevel of(Trait trait) const { return traits[static_cast<std::size_t>(trait)]; }
  std::uint8_t of(WordLevel level) const { return name[static_cast<std::size_t>(level)]; }
};

/// Compares records of two lists.
class Comparer {
 public:
  Comparer(const Both& both, const NearWords& near);
  Comparison operator()(std::uint32_t ours, std::uint32_t theirs) const;

 private:
  struct Names;
  Names best_names(const Features& ours, const Features& theirs) const;
  double take_trait(Comparison& out, Trait trait, Term ours, Term theirs) const;
  double take_some(Comparison& out, Trait trait, const std::vector<Term>& ours,
                   const std::vector<Term>& theirs) const;
  double take_contacts(Comparison& out, const Features& ours, const Features& theirs) const;
  double take_place(Comparison& out, const Features& ours, const Features& theirs) const;

  const Both& both_;
  Aligner align_;
  std::array<double, trait_count>
      different_{};  ///< chance that different records differ in a trait
};

}  // namespace rekey::mapping
