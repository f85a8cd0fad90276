#include "core/mapping/align.hpp"

#include <algorithm>

#include "core/mapping/logarithm.hpp"
#include "core/mapping/similar.hpp"
#include "core/mapping/words.hpp"

namespace rekey::mapping {

namespace {

constexpr std::size_t most_aligned = 24;

/// Chances that different records have words of these levels, where they do not depend on the
/// words.
constexpr double initial_by_chance = 0.08, differs_by_chance = 0.95, missing_by_chance = 0.6;

}  // namespace

/// Two lists of words while they are paired, from the surest level to what is left over.
class Aligner::Pairing {
 public:
  Pairing(const Aligner& all, const std::vector<Term>& ours, const std::vector<Term>& theirs)
      : all_(all),
        dictionary_(all.dictionary_),
        words_{&ours, &theirs},
        sizes_{std::min(ours.size(), most_aligned), std::min(theirs.size(), most_aligned)} {
    to_.fill(-1);
  }

  Alignment result() {
    take_same();
    take_near();
    see_order();
    take_short();
    take_joined(0);
    take_joined(1);
    take_rest();
    return out_;
  }

 private:
  bool is_done() const { return out_.matched >= sizes_[0] || out_.matched >= sizes_[1]; }
  bool is_free(std::size_t side, std::size_t at) const {
    return side == 0 ? to_[at] < 0 : !taken_[at];
  }
  std::string_view text(Term term) const { return dictionary_.text(term); }

  void pair(std::size_t i, std::size_t j, WordLevel level, double surprise) {
    to_[i] = static_cast<int>(j);
    taken_[j] = true;
    out_.base += surprise;
    out_.add(level, 1);
    ++out_.matched;
  }

  /// Pairs words that `matches` holds true for, ours in their order, each with the first of theirs.
  template <class Matches, class Surprise>
  void take(WordLevel level, Matches matches, Surprise surprise) {
    for (std::size_t i = 0; i < sizes_[0]; ++i) {
      for (std::size_t j = 0; j < sizes_[1] && to_[i] < 0; ++j) {
        const Term one = (*words_[0])[i], other = (*words_[1])[j];
        if (!taken_[j] && matches(one, other)) pair(i, j, level, surprise(one, other));
      }
    }
  }

  void take_same() {
    take(
        WordLevel::same, [](Term one, Term other) { return one == other; },
        [&](Term one, Term) { return dictionary_.surprise[one]; });
    if (out_.matched < 2) return;
    // Words that are often beside each other are no independent witnesses.
    const auto& ours = *words_[0];
    std::size_t before = most_aligned;
    for (std::size_t i = 0; i < sizes_[0]; ++i) {
      if (to_[i] < 0) continue;
      if (before < most_aligned)
        out_.base += std::min(
            0.0, all_.together_.surprise(ours[i], ours[before]) - dictionary_.surprise[ours[i]]);
      before = i;
    }
  }

  void take_near() {
    if (is_done()) return;
    take(
        WordLevel::near, [&](Term one, Term other) { return all_.near_.are_near(one, other); },
        [&](Term one, Term other) {
          const double share = std::max(all_.near_.share(one), all_.near_.share(other));
          return -ln(std::min(1.0, share + 0.0005));
        });
  }

  /// Initials may be of any word, so only whole words show the order.
  void see_order() {
    int last = -1;
    for (std::size_t i = 0; i < sizes_[0]; ++i) {
      if (to_[i] < 0) continue;
      if (to_[i] < last) out_.in_order = false;
      last = to_[i];
    }
  }

  void take_short() {
    if (is_done()) return;
    take(
        WordLevel::short_,
        [&](Term one, Term other) { return is_short_for(text(one), text(other)); },
        [&](Term one, Term other) {
          if (text(one).size() == 1 || text(other).size() == 1) return -ln(initial_by_chance);
          const double share = dictionary_.share[one] + dictionary_.share[other] + 0.002;
          return -ln(std::min(1.0, share));
        });
  }

  /// One word on `side`, two on the other: "Bluesky" and "Blue Sky".
  void take_joined(std::size_t side) {
    const auto& one = *words_[side];
    const auto& two = *words_[1 - side];
    for (std::size_t i = 0; i < sizes_[side]; ++i) {
      for (std::size_t j = 0; j + 1 < sizes_[1 - side]; ++j) {
        if (!is_free(side, i) || !is_free(1 - side, j) || !is_free(1 - side, j + 1)) continue;
        const auto whole = text(one[i]), first = text(two[j]);
        if (!whole.starts_with(first) || whole.substr(first.size()) != text(two[j + 1])) continue;
        pair(side == 0 ? i : j, side == 0 ? j : i, WordLevel::near, dictionary_.surprise[one[i]]);
        if (side == 0) {
          taken_[j + 1] = true;
        } else {
          to_[j + 1] = static_cast<int>(i);
        }
      }
    }
  }

  /// What is left over on either side; a rare word counts more than one that many have.
  void take_rest() {
    std::array<double, 2> left{}, digits{};
    for (std::size_t side = 0; side < 2; ++side) {
      for (std::size_t at = 0; at < sizes_[side]; ++at) {
        if (!is_free(side, at)) continue;
        const Term word = (*words_[side])[at];
        if (has_digit(text(word))) {
          digits[side] += 1;
        } else {
          left[side] += std::clamp(dictionary_.surprise[word] / 7, 0.25, 1.0);
        }
      }
    }
    const bool whole = out_.of(WordLevel::same) >= 1 &&
                       left[0] + left[1] + digits[0] + digits[1] == 0 &&
                       out_.of(WordLevel::near) + out_.of(WordLevel::short_) == 0;
    if (whole) out_.base += all_.unique_;
    const double clash = std::min(digits[0], digits[1]);
    for (std::size_t side = 0; side < 2; ++side) left[side] += digits[side] - clash;
    const double differ = std::min(left[0], left[1]);
    out_.add(WordLevel::digits, std::min(clash, 2.0));
    out_.add(WordLevel::differs, std::min(differ, 4.0));
    out_.add(WordLevel::missing, std::min(std::max(left[0], left[1]) - differ, 4.0));
    const double differs = out_.of(WordLevel::differs), missing = out_.of(WordLevel::missing);
    // What is left over says that more than the words in common was compared.
    out_.base = std::min(out_.base, all_.most_ + 2 * (differs + missing));
    out_.base -= (differs + out_.of(WordLevel::digits)) * ln(differs_by_chance) +
                 missing * ln(missing_by_chance);
  }

  const Aligner& all_;
  const Dictionary& dictionary_;
  std::array<const std::vector<Term>*, 2> words_;
  std::array<std::size_t, 2> sizes_;
  std::array<int, most_aligned> to_{};  ///< the word of theirs that each of ours is paired with
  std::array<bool, most_aligned> taken_{};
  Alignment out_;
};

Aligner::Aligner(const Both& both, const NearWords& near)
    : dictionary_(both.dictionary),
      near_(near),
      together_(both),
      // Of a hundred lists as long as ours, one may well have another record of the very name.
      most_(ln(100.0 * static_cast<double>(std::max<std::size_t>(both.longer(), 10)))),
      unique_(uniqueness(both)) {}

double Aligner::uniqueness(const Both& both) const {
  double expected = 0, seen = 0;
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& list = both.lists[side];
    for (const auto& each : list) {
      if (each.whole == 0) continue;
      const double others = std::max(1.0, static_cast<double>(list.size()) - 1);
      double chance = 1;
      for (const Term word : each.name) chance *= (dictionary_.seen[word][side] - 1.0) / others;
      expected += 0.5 * others * chance;
      seen += 0.5 * (dictionary_.seen[each.whole][side] - 1.0);
    }
  }
  constexpr double belief = 1;  // as if one more pair had been expected, and seen
  // Less than a twelfth of what is expected: words of names are not quite independent anyway.
  return std::max(0.0, -ln((seen + belief) / (expected + belief)) - 2.5);
}

Alignment Aligner::operator()(const std::vector<Term>& ours,
                              const std::vector<Term>& theirs) const {
  return Pairing(*this, ours, theirs).result();
}

}  // namespace rekey::mapping
