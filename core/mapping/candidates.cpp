#include "core/mapping/candidates.hpp"

#include <algorithm>

#include "core/mapping/logarithm.hpp"
#include "core/mapping/similar.hpp"

namespace rekey::mapping {

namespace {

constexpr std::size_t most_for_a_record = 12;
constexpr std::uint64_t most_in_common = 10'000;  ///< pairs that one key may give
constexpr std::uint64_t work_for_a_record = 400;  ///< pairs looked at, on average
constexpr std::size_t most_paired_words = 5;
constexpr float far_less = 0.15F;

/// What a key is made of; two of another sort are never the same.
enum class Sort : std::uint64_t {
  word = 1,
  pair,
  pair_by_sound,
  joined,
  trait,
  house_at,
  name_at,
  name_in,
  street_and_name,
  street_and_house,
  street,
  whole,
  near,
};

struct Posting {
  std::uint64_t key;
  std::uint32_t record;
  auto operator<=>(const Posting&) const = default;
};

std::uint64_t key_of(Sort sort, std::uint64_t one, std::uint64_t other = 0) {
  return mix(mix(static_cast<std::uint64_t>(sort), one), other);
}
std::uint64_t either_way(Sort sort, std::uint64_t one, std::uint64_t other) {
  return key_of(sort, std::min(one, other), std::max(one, other));
}

/// Sorts postings: first into heaps by the first bits of their keys, which are as good as random,
/// since each heap then fits into the processor's cache.
std::vector<Posting> in_order(const std::vector<Posting>& postings) {
  constexpr unsigned bits = 11;
  std::vector<std::size_t> begin((std::size_t{1} << bits) + 1, 0);
  const auto heap = [](const Posting& each) {
    return static_cast<std::size_t>(each.key >> (64 - bits));
  };
  for (const auto& each : postings) ++begin[heap(each) + 1];
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<Posting> out(postings.size());
  auto next = begin;
  for (const auto& each : postings) out[next[heap(each)]++] = each;
  for (std::size_t i = 0; i + 1 < begin.size(); ++i)
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(begin[i]),
              out.begin() + static_cast<std::ptrdiff_t>(begin[i + 1]));
  return out;
}

/// Makes the keys of records.
class Keys {
 public:
  explicit Keys(const Dictionary& dictionary) : dictionary_(dictionary) {
    const auto terms = dictionary.texts.size();
    sounds_.resize(terms);
    spellings_.resize(terms);
    for (Term i = 1; i < terms; ++i) {
      if (dictionary.texts[i][0] > static_cast<char>(Dictionary::Kind::street)) break;
      const auto text = dictionary.text(i);
      const auto sound = sound_of(text);
      sounds_[i] = hash_of(sound.size() >= 2 ? std::string_view(sound) : text);
      spellings_[i] = hash_of(text);
    }
  }

  std::vector<Posting> of(const std::vector<Features>& list) {
    out_.clear();
    for (std::uint32_t i = 0; i < list.size(); ++i) {
      record_ = i;
      take(list[i]);
    }
    auto sorted = in_order(out_);
    out_.clear();
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return sorted;
  }

 private:
  void put(std::uint64_t key) { out_.push_back({key, record_}); }

  void take_names(const std::vector<Term>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      put(key_of(Sort::word, words[i]));
      put(key_of(Sort::joined, spellings_[words[i]]));
      if (i + 1 < words.size()) {
        joined_.assign(dictionary_.text(words[i]));
        joined_ += dictionary_.text(words[i + 1]);
        put(key_of(Sort::joined, hash_of(joined_)));
      }
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto end = i < most_paired_words ? std::min(words.size(), most_paired_words)
                                             : std::min(words.size(), i + 2);
      for (std::size_t j = i + 1; j < end; ++j) {
        const auto a = words[i], b = words[j];
        put(either_way(Sort::pair, a, b));
        put(key_of(Sort::pair_by_sound, a, sounds_[b]));
        put(key_of(Sort::pair_by_sound, b, sounds_[a]));
        put(either_way(Sort::pair_by_sound, sounds_[a], sounds_[b]));
      }
    }
  }

  void take_place(const Features& from) {
    const auto postcode = from.of(Trait::postcode), house = from.of(Trait::house);
    const auto city = from.of(Trait::city);
    if (postcode != 0 && house != 0) put(key_of(Sort::house_at, postcode, house));
    for (std::size_t i = 0; i < std::min(from.name.size(), most_paired_words); ++i) {
      const auto word = from.name[i];
      if (postcode != 0) put(key_of(Sort::name_at, postcode, sounds_[word]));
      if (city != 0) put(key_of(Sort::name_in, city, sounds_[word]));
      if (!from.street.empty()) put(key_of(Sort::street_and_name, from.street[0], sounds_[word]));
    }
    for (std::size_t i = 0; i < std::min(from.street.size(), most_paired_words); ++i) {
      put(key_of(Sort::street, from.street[i]));
      if (house != 0) put(key_of(Sort::street_and_house, from.street[i], house));
      if (i + 1 < from.street.size()) put(key_of(Sort::street, from.street[i], from.street[i + 1]));
    }
  }

  void take(const Features& from) {
    take_names(from.name);
    take_names(from.company);
    take_names(from.person);
    if (from.whole != 0) put(key_of(Sort::whole, from.whole));
    for (const auto* list : {&from.emails, &from.domains, &from.phones})
      for (const Term each : *list) put(key_of(Sort::trait, each));
    for (const auto trait : {Trait::tax_number, Trait::number, Trait::postcode, Trait::detail,
                             Trait::company, Trait::parent})
      if (const auto term = from.of(trait); term != 0) put(key_of(Sort::trait, term));
    take_place(from);
  }

  const Dictionary& dictionary_;
  std::vector<std::uint64_t> sounds_, spellings_;
  std::vector<Posting> out_;
  std::uint32_t record_ = 0;
  std::string joined_;
};

/// What some records of ours and some of theirs have in common.
struct Common {
  std::array<std::uint32_t, 2> first{}, count{};  ///< in the postings of each side
  std::uint64_t pairs() const { return std::uint64_t{count[0]} * count[1]; }
};

std::uint32_t end_of_key(const std::vector<Posting>& postings, std::size_t from) {
  std::size_t to = from;
  while (to < postings.size() && postings[to].key == postings[from].key) ++to;
  return static_cast<std::uint32_t>(to - from);
}

using Sides = std::array<std::vector<Posting>, 2>;

std::vector<Common> keys_in_common(const Sides& sides) {
  std::vector<Common> out;
  for (std::size_t i = 0, j = 0; i < sides[0].size() && j < sides[1].size();) {
    const auto a = end_of_key(sides[0], i), b = end_of_key(sides[1], j);
    if (sides[0][i].key < sides[1][j].key) {
      i += a;
    } else if (sides[1][j].key < sides[0][i].key) {
      j += b;
    } else {
      out.push_back({{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)}, {a, b}});
      i += a;
      j += b;
    }
  }
  return out;
}

void add_near_words(std::vector<Common>& out, const Sides& sides, const NearWords& near) {
  const auto find = [&](std::size_t side, Term word, Common& common) {
    for (const auto sort : {Sort::word, Sort::street}) {
      const Posting wanted{key_of(sort, word), 0};
      const auto at = std::lower_bound(sides[side].begin(), sides[side].end(), wanted);
      if (at == sides[side].end() || at->key != wanted.key) continue;
      common.first[side] = static_cast<std::uint32_t>(at - sides[side].begin());
      common.count[side] = end_of_key(sides[side], common.first[side]);
      return true;
    }
    return false;
  };
  for (const auto& each : near.pairs()) {
    Common common;
    if (find(0, each.ours, common) && find(1, each.theirs, common)) out.push_back(common);
  }
}

/// Leaves out what too many have in common, until the work is in bounds.
void bound(std::vector<Common>& common, std::size_t records) {
  std::sort(common.begin(), common.end(), [](const Common& a, const Common& b) {
    return a.pairs() != b.pairs() ? a.pairs() < b.pairs() : a.first < b.first;
  });
  const std::uint64_t most = work_for_a_record * records + 100'000;
  std::uint64_t work = 0;
  std::size_t kept = 0;
  while (kept < common.size() && common[kept].pairs() <= most_in_common) {
    const auto pairs = common[kept].pairs();
    if (work + pairs > most) break;
    work += pairs;
    ++kept;
  }
  // All of one size or none, so that the order does not decide.
  if (kept < common.size() && kept > 0 && common[kept].pairs() <= most_in_common)
    while (kept > 0 && common[kept - 1].pairs() == common[kept].pairs()) --kept;
  common.resize(kept);
}

/// Ranks the partners of each record of one side.
class Ranking {
 public:
  Ranking(const Sides& sides, const std::vector<Common>& common, std::size_t side, std::size_t own,
          std::size_t other)
      : sides_(sides), common_(common), side_(side), score_(other, 0) {
    begin_.assign(own + 1, 0);
    for (const auto& each : common)
      for (std::uint32_t i = 0; i < each.count[side]; ++i)
        ++begin_[sides[side][each.first[side] + i].record + 1];
    for (std::size_t i = 0; i < own; ++i) begin_[i + 1] += begin_[i];
    of_record_.resize(begin_[own]);
    auto next = begin_;
    for (std::uint32_t c = 0; c < common.size(); ++c)
      for (std::uint32_t i = 0; i < common[c].count[side]; ++i)
        of_record_[next[sides[side][common[c].first[side] + i].record]++] = c;
  }

  /// The records of the other side that have the most in common with this one.
  const std::vector<std::uint32_t>& best_of(std::uint32_t record) {
    found_.clear();
    const std::size_t other = 1 - side_;
    for (auto at = begin_[record]; at < begin_[record + 1]; ++at) {
      const auto& common = common_[of_record_[at]];
      const float rare =
          1 / (1 + static_cast<float>(std::max(common.count[0], common.count[1])) / 8);
      for (std::uint32_t i = 0; i < common.count[other]; ++i) {
        const auto partner = sides_[other][common.first[other] + i].record;
        if (score_[partner] == 0) found_.push_back(partner);
        score_[partner] += 0.25F + rare;
      }
    }
    const auto better = [&](std::uint32_t a, std::uint32_t b) {
      return score_[a] != score_[b] ? score_[a] > score_[b] : a < b;
    };
    std::vector<std::uint32_t>& best = best_;
    best = found_;
    if (best.size() > most_for_a_record) {
      std::nth_element(best.begin(), best.begin() + most_for_a_record, best.end(), better);
      best.resize(most_for_a_record);
    }
    // Beside one that has nearly everything in common, one that has a word is no candidate.
    float most = 0;
    for (const auto each : best) most = std::max(most, score_[each]);
    std::erase_if(best, [&](std::uint32_t each) { return score_[each] < far_less * most; });
    for (const auto each : found_) score_[each] = 0;
    return best;
  }

 private:
  const Sides& sides_;
  const std::vector<Common>& common_;
  std::size_t side_;
  std::vector<std::uint32_t> begin_, of_record_, found_, best_;
  std::vector<float> score_;
};

/// Of names that very many have, each record is compared with a few: enough to show that there are
/// more.
void add_equal_names(std::vector<Candidate>& out, const Both& both) {
  constexpr std::size_t few = 4;
  std::vector<std::array<std::vector<std::uint32_t>, 2>> of_name(both.dictionary.texts.size());
  for (std::size_t side = 0; side < 2; ++side)
    for (std::uint32_t i = 0; i < both.lists[side].size(); ++i)
      if (const auto whole = both.lists[side][i].whole; whole != 0)
        of_name[whole][side].push_back(i);
  for (const auto& [ours, theirs] : of_name) {
    if (ours.size() * theirs.size() <= most_in_common) continue;
    for (const auto a : ours)
      for (std::size_t i = 0; i < std::min(few, theirs.size()); ++i) out.push_back({a, theirs[i]});
    for (const auto b : theirs)
      for (std::size_t i = 0; i < std::min(few, ours.size()); ++i) out.push_back({ours[i], b});
  }
}

}  // namespace

std::vector<Candidate> candidates(const Both& both, const NearWords& near) {
  Keys keys(both.dictionary);
  const Sides sides = {keys.of(both.lists[0]), keys.of(both.lists[1])};
  auto common = keys_in_common(sides);
  add_near_words(common, sides, near);
  bound(common, both.lists[0].size() + both.lists[1].size());
  std::vector<Candidate> out;
  for (std::size_t side = 0; side < 2; ++side) {
    Ranking ranking(sides, common, side, both.lists[side].size(), both.lists[1 - side].size());
    for (std::uint32_t i = 0; i < both.lists[side].size(); ++i) {
      for (const auto other : ranking.best_of(i))
        out.push_back(side == 0 ? Candidate{i, other} : Candidate{other, i});
    }
  }
  add_equal_names(out, both);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace rekey::mapping
