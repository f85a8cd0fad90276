#include "core/mapping/near.hpp"

#include <algorithm>

#include "core/mapping/similar.hpp"
#include "core/mapping/words.hpp"

namespace rekey::mapping {

namespace {

constexpr std::size_t most_of_one_key = 40;  ///< words that share more are not told apart by it
constexpr std::size_t most_neighbours = 12;  ///< of one word

struct Keyed {
  std::uint64_t key;
  Term word;
  auto operator<=>(const Keyed&) const = default;
};

std::vector<Keyed> keyed_words(const Dictionary& dictionary) {
  std::vector<Keyed> out;
  std::vector<std::uint64_t> keys;
  for (Term term = 1; term < dictionary.texts.size(); ++term) {
    const char kind = dictionary.texts[term][0];
    if (kind > static_cast<char>(Dictionary::Kind::street))
      break;  // sorted: words and streets first
    keys.clear();
    near_keys(dictionary.text(term), keys);
    for (const auto key : keys) out.push_back({mix(key, static_cast<std::uint64_t>(kind)), term});
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// Keeps the commonest neighbours of each word, as seen from either side.
void cap(std::vector<NearWords::Pair>& pairs, const Dictionary& dictionary) {
  std::vector<char> kept(pairs.size(), 0);
  std::vector<std::uint32_t> order(pairs.size());
  for (const bool by_ours : {true, false}) {
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
    const auto own = [&](std::uint32_t i) { return by_ours ? pairs[i].ours : pairs[i].theirs; };
    const auto other = [&](std::uint32_t i) { return by_ours ? pairs[i].theirs : pairs[i].ours; };
    const auto seen = [&](Term term) { return dictionary.seen[term][by_ours ? 1 : 0]; };
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (own(a) != own(b)) return own(a) < own(b);
      if (seen(other(a)) != seen(other(b))) return seen(other(a)) > seen(other(b));
      return other(a) < other(b);
    });
    std::size_t count = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      count = i > 0 && own(order[i]) == own(order[i - 1]) ? count + 1 : 0;
      if (count < most_neighbours) kept[order[i]] = 1;
    }
  }
  std::size_t to = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (kept[i]) pairs[to++] = pairs[i];
  pairs.resize(to);
}

}  // namespace

NearWords::NearWords(const Both& both) {
  const auto& dictionary = both.dictionary;
  const auto keyed = keyed_words(dictionary);
  for (std::size_t from = 0, to = 0; from < keyed.size(); from = to) {
    while (to < keyed.size() && keyed[to].key == keyed[from].key) ++to;
    if (to - from < 2 || to - from > most_of_one_key) continue;
    for (std::size_t i = from; i < to; ++i) {
      if (dictionary.seen[keyed[i].word][0] == 0) continue;
      for (std::size_t j = from; j < to; ++j)
        if (i != j && dictionary.seen[keyed[j].word][1] > 0)
          pairs_.push_back({keyed[i].word, keyed[j].word});
    }
  }
  std::sort(pairs_.begin(), pairs_.end());
  pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
  std::erase_if(pairs_, [&](const Pair& each) {
    return !mapping::are_near(dictionary.text(each.ours), dictionary.text(each.theirs));
  });
  cap(pairs_, dictionary);
  share_ = dictionary.share;
  first_.assign(dictionary.texts.size() + 1, static_cast<std::uint32_t>(pairs_.size()));
  for (std::size_t i = pairs_.size(); i-- > 0;) {
    first_[pairs_[i].ours] = static_cast<std::uint32_t>(i);
    share_[pairs_[i].ours] += dictionary.share[pairs_[i].theirs];
    share_[pairs_[i].theirs] += dictionary.share[pairs_[i].ours];
  }
  for (std::size_t i = first_.size() - 1; i-- > 0;) first_[i] = std::min(first_[i], first_[i + 1]);
}

bool NearWords::are_near(Term ours, Term theirs) const {
  for (auto i = first_[ours]; i < first_[ours + 1]; ++i)
    if (pairs_[i].theirs == theirs) return true;
  return false;
}

}  // namespace rekey::mapping
