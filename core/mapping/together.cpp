#include "core/mapping/together.hpp"

#include <algorithm>

#include "core/mapping/logarithm.hpp"

namespace rekey::mapping {

namespace {

constexpr std::size_t most_words_paired = 8;

std::uint64_t both_words(Term one, Term other) {
  return std::uint64_t{std::min(one, other)} << 32 | std::max(one, other);
}

/// The pairs of words of all names of a list, sorted, those that one record alone can have left
/// out.
std::vector<std::uint64_t> pairs_of_names(const std::vector<Features>& list, std::size_t side,
                                          const Dictionary& dictionary) {
  std::vector<std::uint64_t> out;
  for (const auto& each : list) {
    const auto words = std::min(each.name.size(), most_words_paired);
    for (std::size_t i = 0; i < words; ++i) {
      if (dictionary.seen[each.name[i]][side] < 2) continue;
      for (std::size_t j = i + 1; j < words; ++j)
        if (dictionary.seen[each.name[j]][side] >= 2)
          out.push_back(both_words(each.name[i], each.name[j]));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Together::Together(const Both& both) : dictionary_(both.dictionary) {
  for (std::size_t side = 0; side < 2; ++side) {
    const auto pairs = pairs_of_names(both.lists[side], side, dictionary_);
    for (std::size_t from = 0, to = 0; from < pairs.size(); from = to) {
      while (to < pairs.size() && pairs[to] == pairs[from]) ++to;
      if (to - from >= 2) counts_.push_back({pairs[from], static_cast<std::uint32_t>(to - from)});
    }
  }
  std::sort(counts_.begin(), counts_.end(), [](const Count& a, const Count& b) {
    return a.words != b.words ? a.words < b.words : a.records > b.records;
  });
  counts_.erase(std::unique(counts_.begin(), counts_.end(),
                            [](const Count& a, const Count& b) { return a.words == b.words; }),
                counts_.end());
}

double Together::surprise(Term word, Term given) const {
  constexpr double belief = 6;  // records with `given` that the word's own share counts as
  const auto& seen = dictionary_.seen[given];
  const auto all = std::max(seen[0], seen[1]);
  if (all < 2) return dictionary_.surprise[word];
  const auto key = both_words(word, given);
  const auto at = std::lower_bound(counts_.begin(), counts_.end(), key,
                                   [](const Count& a, std::uint64_t b) { return a.words < b; });
  const double together = at != counts_.end() && at->words == key ? at->records - 1.0 : 0.0;
  const double share = (together + belief * dictionary_.share[word]) / (all - 1.0 + belief);
  return -ln(std::min(share, 1.0));
}

}  // namespace rekey::mapping
