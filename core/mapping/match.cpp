#include "core/mapping/match.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/mapping/assign.hpp"
#include "core/mapping/candidates.hpp"
#include "core/mapping/logarithm.hpp"

namespace rekey::mapping {

namespace {

/// Another record whose odds are this near is as likely, for a person who chooses.
constexpr double as_likely = 0.3;

/// Both lists, ready to be compared.
struct Ready {
  Both both;
  NearWords near;
  Comparer compare;
  Ready(const std::vector<Record>& ours, const std::vector<Record>& theirs)
      : both(take_apart(ours, theirs)), near(both), compare(both, near) {}
  Ready(const Ready&) = delete;
  Ready& operator=(const Ready&) = delete;
  std::size_t size(std::size_t side) const { return both.lists[side].size(); }
};

/// Comparisons of pairs that `wanted` takes, sorted by our record.
/// Those that no model would believe in are left out.
template <class Wanted>
std::vector<Comparison> compared(const Ready& ready, const std::vector<Candidate>& pairs,
                                 Wanted wanted) {
  const double least = least_base(ready.size(0), ready.size(1));
  std::vector<Comparison> out;
  for (const auto& each : pairs) {
    if (!wanted(each)) continue;
    const auto made = ready.compare(each.ours, each.theirs);
    if (made.base >= least) out.push_back(made);
  }
  return out;
}

std::vector<Comparison> all_compared(const Ready& ready) {
  return compared(ready, candidates(ready.both, ready.near), [](const Candidate&) { return true; });
}

Reason name_reason(const Comparison& pair) {
  const bool all = pair.of(WordLevel::differs) == 0 && pair.of(WordLevel::missing) == 0 &&
                   pair.of(WordLevel::digits) == 0;
  if (!all) return Reason::part_of_name;
  return pair.of(WordLevel::near) == 0 && pair.of(WordLevel::short_) == 0 ? Reason::same_name
                                                                          : Reason::similar_name;
}

std::vector<Reason> reasons_of(const Comparison& pair) {
  std::vector<Reason> out;
  const auto take = [&](Trait trait, Reason reason) {
    if (pair.of(trait) == TraitLevel::same) out.push_back(reason);
  };
  take(Trait::email, Reason::same_email);
  take(Trait::tax_number, Reason::same_tax_number);
  take(Trait::phone, Reason::same_phone);
  take(Trait::number, Reason::same_number);
  take(Trait::website, Reason::same_website);
  if (pair.of(WordLevel::same) + pair.of(WordLevel::near) + pair.of(WordLevel::short_) > 0)
    out.push_back(name_reason(pair));
  take(Trait::company, Reason::same_company);
  take(Trait::parent, Reason::same_parent);
  const auto street = [&](WordLevel level) { return pair.street[static_cast<std::size_t>(level)]; };
  if (street(WordLevel::same) + street(WordLevel::near) > 0 && street(WordLevel::differs) == 0)
    out.push_back(pair.of(Trait::house) == TraitLevel::same ? Reason::same_address
                                                            : Reason::same_street);
  take(Trait::postcode, Reason::same_postcode);
  take(Trait::city, Reason::same_city);
  take(Trait::email_domain, Reason::same_email_domain);
  take(Trait::detail, Reason::same_detail);
  return out;
}

/// Whether more fields differ than are the same; a tax number counts twice.
bool says_more_against(const Comparison& pair) {
  int balance = 0;
  for (const auto trait : {Trait::email, Trait::phone, Trait::tax_number, Trait::tax_number,
                           Trait::website, Trait::house, Trait::postcode, Trait::city}) {
    if (pair.of(trait) == TraitLevel::differs) --balance;
    if (pair.of(trait) == TraitLevel::same || pair.of(trait) == TraitLevel::near) ++balance;
  }
  const auto street = [&](WordLevel level) { return pair.street[static_cast<std::size_t>(level)]; };
  if (street(WordLevel::same) + street(WordLevel::near) > 0) ++balance;
  return balance < 0;
}

/// Whether a pair may be applied without a person looking, however sure it seems. Words of a name
/// depend on each other more than any model knows: where one name has words that count and the
/// other has not, something else than names must be the same.
bool is_plain(const Comparison& pair) {
  constexpr int word = 8;  // in eighths
  if (pair.of(WordLevel::digits) > 0 || says_more_against(pair)) return false;
  const auto same = [&](Trait trait) { return pair.of(trait) == TraitLevel::same; };
  const bool known = same(Trait::email) || same(Trait::tax_number) || same(Trait::phone);
  const bool placed = same(Trait::house) || same(Trait::postcode) || same(Trait::city) ||
                      pair.street[static_cast<std::size_t>(WordLevel::same)] > 0;
  const int differs = pair.of(WordLevel::differs), missing = pair.of(WordLevel::missing);
  if (differs >= word / 2) return known || (placed && differs <= word);
  if (missing >= word / 2)
    return known || placed || same(Trait::number) || same(Trait::email_domain);
  return true;
}

double rounded(double chance) {
  return static_cast<double>(static_cast<int>(chance * 10'000 + 0.5)) / 10'000;
}

/// The largest odds of each record, and the largest of its others.
struct Best {
  std::uint32_t pair = ~std::uint32_t{0};
  double first = 0, second = 0;
  void take(std::uint32_t index, double odds) {
    if (odds > first) {
      second = first;
      first = odds;
      pair = index;
    } else if (odds > second) {
      second = odds;
    }
  }
  double besides(std::uint32_t index) const { return index == pair ? second : first; }
};

/// What comes of comparisons, once all that compete are there.
class Judgement {
 public:
  Judgement(const Ready& ready, std::vector<Comparison> pairs, const Matching& how,
            const Model& model)
      : ready_(ready),
        pairs_(std::move(pairs)),
        how_(how),
        ours_(ready.size(0)),
        theirs_(ready.size(1)) {
    const Weights weights(model, ours_.size(), theirs_.size());
    odds_ = odds_of(pairs_, weights);
    chance_ = chances(pairs_, odds_, ours_.size(), theirs_.size(), how.one_to_one);
    // That a rival is taken by another is only half believed: both lists may lack records.
    const auto alone = chances_alone(pairs_, odds_, ours_.size(), theirs_.size(), how.one_to_one);
    for (std::size_t i = 0; i < chance_.size(); ++i)
      chance_[i] = square_root(chance_[i] * alone[i]);
    std::vector<Offer> offers;
    std::vector<std::uint32_t> which;
    for (std::uint32_t i = 0; i < pairs_.size(); ++i) {
      ours_[pairs_[i].ours].take(i, odds_[i]);
      theirs_[pairs_[i].theirs].take(i, odds_[i]);
      if (odds_[i] < 1) continue;
      offers.push_back({pairs_[i].ours, pairs_[i].theirs, ln(odds_[i]) + 0.001});
      which.push_back(i);
    }
    assigned_.assign(pairs_.size(), how.one_to_one ? 0 : 1);
    if (how.one_to_one)
      for (const auto each : assign(offers, ours_.size(), theirs_.size()))
        assigned_[which[each]] = 1;
  }

  /// Appends the suggestions for the record of the comparisons from `from` to `to`.
  void append(std::vector<Suggestion>& out, const std::vector<Record>& ours,
              const std::vector<Record>& theirs, std::size_t from, std::size_t to) const {
    std::vector<std::uint32_t> order;
    for (std::size_t i = from; i < to; ++i)
      if (chance_[i] >= least_confidence || odds_[i] > 0.5)
        order.push_back(static_cast<std::uint32_t>(i));
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const double one = rounded(chance_[a]), other = rounded(chance_[b]);
      return one != other ? one > other : pairs_[a].theirs < pairs_[b].theirs;
    });
    if (order.size() > how_.most) order.resize(how_.most);
    for (const auto each : order) {
      const auto& pair = pairs_[each];
      Suggestion made;
      made.ours = ours[ready_.both.lists[0][pair.ours].record].id;
      made.theirs = theirs[ready_.both.lists[1][pair.theirs].record].id;
      made.confidence = rounded(chance_[each]);
      made.reasons = reasons_of(pair);
      const bool alone = !has_rival(each);
      made.apply = assigned_[each] != 0 && alone && is_plain(pair) && made.confidence >= sure;
      if (!alone) made.reasons.push_back(Reason::others_as_likely);
      out.push_back(std::move(made));
    }
  }

  const std::vector<Comparison>& pairs() const { return pairs_; }

 private:
  bool has_rival(std::uint32_t index) const {
    const double near = odds_[index] * as_likely;
    if (ours_[pairs_[index].ours].besides(index) >= near) return true;
    return how_.one_to_one && theirs_[pairs_[index].theirs].besides(index) >= near;
  }

  const Ready& ready_;
  std::vector<Comparison> pairs_;
  Matching how_;
  std::vector<Best> ours_, theirs_;
  std::vector<double> odds_, chance_;
  std::vector<char> assigned_;
};

/// Suggestions for the records of ours that `wanted` takes.
template <class Wanted>
std::vector<Suggestion> judged(const Judgement& judgement, const std::vector<Record>& ours,
                               const std::vector<Record>& theirs, Wanted wanted) {
  std::vector<Suggestion> out;
  const auto& pairs = judgement.pairs();
  for (std::size_t from = 0, to = 0; from < pairs.size(); from = to) {
    while (to < pairs.size() && pairs[to].ours == pairs[from].ours) ++to;
    if (wanted(pairs[from].ours)) judgement.append(out, ours, theirs, from, to);
  }
  return out;
}

std::vector<Suggestion> all_judged(const Ready& ready, std::vector<Comparison> pairs,
                                   const std::vector<Record>& ours,
                                   const std::vector<Record>& theirs, const Matching& how,
                                   const Model& model) {
  const Judgement judgement(ready, std::move(pairs), how, model);
  return judged(judgement, ours, theirs, [](std::uint32_t) { return true; });
}

/// Marks the records of one side whose id is among `ids`.
std::vector<char> marked(const Ready& ready, std::size_t side, const std::vector<Record>& records,
                         const std::vector<std::string>& ids) {
  const std::unordered_set<std::string_view> wanted(ids.begin(), ids.end());
  std::vector<char> out(ready.size(side), 0);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (wanted.count(records[ready.both.lists[side][i].record].id) > 0) out[i] = 1;
  return out;
}

}  // namespace

Matching matching_of(Section section) {
  return {3, section == Section::customers || section == Section::suppliers};
}

Model learn_from(const std::vector<Record>& ours, const std::vector<Record>& theirs) {
  const Ready ready(ours, theirs);
  return learn(all_compared(ready), ready.size(0), ready.size(1));
}

std::vector<Suggestion> suggest(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                                const Matching& how) {
  const Ready ready(ours, theirs);
  auto pairs = all_compared(ready);
  const auto model = learn(pairs, ready.size(0), ready.size(1));
  return all_judged(ready, std::move(pairs), ours, theirs, how, model);
}

std::vector<Suggestion> suggest(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                                const Matching& how, const Model& model) {
  const Ready ready(ours, theirs);
  return all_judged(ready, all_compared(ready), ours, theirs, how,
                    is_whole(model) ? model : usual_model());
}

Again suggest_again(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                    const Matching& how, const Model& model, const std::vector<Suggestion>& before,
                    const Changed& changed) {
  const Ready ready(ours, theirs);
  const auto pairs = candidates(ready.both, ready.near);
  // Ours that are looked at again: changed, or a candidate or a suggestion of theirs that changed.
  std::vector<std::string> touched = changed.ours;
  const std::unordered_set<std::string_view> gone(changed.theirs.begin(), changed.theirs.end());
  for (const auto& each : before)
    if (gone.count(each.theirs) > 0) touched.push_back(each.ours);
  auto again = marked(ready, 0, ours, touched);
  auto wanted = marked(ready, 1, theirs, changed.theirs);
  for (const auto& each : pairs)
    if (wanted[each.theirs]) again[each.ours] = 1;
  // And who competes with them, one step further: their suggestions may change too.
  for (const auto& each : pairs)
    if (again[each.ours]) wanted[each.theirs] = 1;
  auto rivals = again;
  for (const auto& each : pairs)
    if (wanted[each.theirs]) rivals[each.ours] = 1;
  const Judgement judgement(
      ready, compared(ready, pairs, [&](const Candidate& each) { return rivals[each.ours] != 0; }),
      how, is_whole(model) ? model : usual_model());
  Again out;
  out.suggestions =
      judged(judgement, ours, theirs, [&](std::uint32_t place) { return rivals[place] != 0; });
  out.again = std::move(touched);
  for (std::size_t i = 0; i < rivals.size(); ++i)
    if (rivals[i]) out.again.push_back(ours[ready.both.lists[0][i].record].id);
  std::sort(out.again.begin(), out.again.end());
  out.again.erase(std::unique(out.again.begin(), out.again.end()), out.again.end());
  return out;
}

}  // namespace rekey::mapping
