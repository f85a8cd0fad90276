#include "core/mapping/match.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/mapping/assign.hpp"
#include "core/mapping/candidates.hpp"
#include "core/mapping/logarithm.hpp"
#include "core/mapping/rivals.hpp"
#include "core/mapping/similar.hpp"

namespace rekey::mapping {

namespace {

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

bool has_same_name(const Comparison& pair) {
  return pair.of(WordLevel::same) > 0 && name_reason(pair) == Reason::same_name;
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

/// Where so many of the shorter list have their very name in the other, the two are lists of the
/// same: for an equal name to be wrong, its record would have to be one of the few that the other
/// list lacks, and there would have to be a namesake of it. Such pairs are applied from here on.
constexpr double lists_of_the_same = 0.8, same_name_is_sure = 0.8;

double rounded(double chance) {
  return static_cast<double>(static_cast<int>(chance * 10'000 + 0.5)) / 10'000;
}

/// What comes of comparisons, once all that compete are there.
class Judgement {
 public:
  Judgement(const Ready& ready, std::vector<Comparison> pairs, const Matching& how,
            const Model& model)
      : ready_(ready),
        pairs_(std::move(pairs)),
        how_(how),
        sure_(model.found.sure),
        same_lists_(model.found.same_names >= lists_of_the_same),
        odds_(odds_of(pairs_, Weights(model, ready.size(0), ready.size(1)))),
        rivals_(pairs_, odds_, ready.size(0), ready.size(1)) {
    const auto ours = ready.size(0), theirs = ready.size(1);
    chance_ = chances(pairs_, odds_, ours, theirs, how.one_to_one);
    // That a rival is taken by another is only half believed: both lists may lack records.
    const auto alone = chances_alone(pairs_, odds_, ours, theirs, how.one_to_one);
    for (std::uint32_t i = 0; i < chance_.size(); ++i)
      chance_[i] = corrected(model.found, pairs_[i], odds_[i], square_root(chance_[i] * alone[i]),
                             rivals_.is_alone(i));
    assign_all();
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
      const bool alone = !rivals_.has_rival(each, how_.one_to_one);
      made.apply =
          assigned_[each] != 0 && alone && is_plain(pair) && made.confidence >= sure_from(pair);
      if (!alone) made.reasons.push_back(Reason::others_as_likely);
      out.push_back(std::move(made));
    }
  }

  const std::vector<Comparison>& pairs() const { return pairs_; }

 private:
  double sure_from(const Comparison& pair) const {
    const auto sure = sure_[static_cast<std::size_t>(ground_of(pair))];
    return same_lists_ && has_same_name(pair) ? std::min(sure, same_name_is_sure) : sure;
  }

  void assign_all() {
    assigned_.assign(pairs_.size(), how_.one_to_one ? 0 : 1);
    if (!how_.one_to_one) return;
    std::vector<Offer> offers;
    std::vector<std::uint32_t> which;
    for (std::uint32_t i = 0; i < pairs_.size(); ++i) {
      if (odds_[i] < 1) continue;
      offers.push_back({pairs_[i].ours, pairs_[i].theirs, ln(odds_[i]) + 0.001});
      which.push_back(i);
    }
    for (const auto each : assign(offers, ready_.size(0), ready_.size(1)))
      assigned_[which[each]] = 1;
  }

  const Ready& ready_;
  std::vector<Comparison> pairs_;
  Matching how_;
  std::vector<double> sure_;  ///< by Ground
  bool same_lists_;
  std::vector<double> odds_;
  Rivals rivals_;
  std::vector<double> chance_;
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

/// So many records of a list are parted into halves to see what chance does.
constexpr std::size_t most_parted = 20'000;

/// A list in two, by what the ids happen to be; of a long list only some of it.
struct Halves {
  std::array<std::vector<Record>, 2> records;
  std::array<std::vector<double>, 2> elsewhere;  ///< the best odds that each has in the other list
  std::array<std::size_t, 2> sizes{};
};

Halves halves_of(const Ready& ready, std::size_t side, const std::vector<Record>& records,
                 const std::vector<double>& best) {
  const auto& list = ready.both.lists[side];
  const auto in = list.size() / most_parted + 1;
  Halves out;
  out.sizes = {ready.size(0), ready.size(1)};
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& each = records[list[i].record];
    const auto sum = hash_of(each.id, 1);
    if (sum / 2 % in != 0) continue;
    out.records[sum % 2].push_back(each);
    out.elsewhere[sum % 2].push_back(best[i]);
  }
  return out;
}

/// What seems to be a pair between halves of one list, of records that nothing in the other list
/// fits as well.
ByChance seen_by_chance(const Halves& halves, const Model& model) {
  const Ready parted(halves.records[0], halves.records[1]);
  const auto pairs = all_compared(parted);
  const auto odds = odds_of(pairs, Weights(model, halves.sizes[0], halves.sizes[1]));
  const auto elsewhere = [&](std::size_t side, std::uint32_t place) {
    return halves.elsewhere[side][parted.both.lists[side][place].record];
  };
  const auto is_wanted = [&](std::uint32_t i) {
    return std::max(elsewhere(0, pairs[i].ours), elsewhere(1, pairs[i].theirs)) <
           as_likely * odds[i];
  };
  return {alone_among(pairs, odds, parted.size(0), parted.size(1), is_wanted),
          static_cast<double>(parted.size(0)) * static_cast<double>(parted.size(1))};
}

/// See Found::same_names.
double share_of_same_names(const Ready& ready, const std::vector<Comparison>& pairs,
                           const std::vector<double>& odds) {
  const Rivals rivals(pairs, odds, ready.size(0), ready.size(1));
  const auto shorter = std::min(ready.size(0), ready.size(1));
  double count = 0;
  for (std::uint32_t i = 0; i < pairs.size(); ++i)
    if (has_same_name(pairs[i]) && rivals.is_alone(i)) ++count;
  return shorter > 0 ? count / static_cast<double>(shorter) : 0;
}

/// How far a model may be believed, by what it says of halves of each list.
Found found_in(const Ready& ready, const std::vector<Comparison>& pairs,
               const std::vector<Record>& ours, const std::vector<Record>& theirs,
               const Model& model) {
  const auto odds = odds_of(pairs, Weights(model, ready.size(0), ready.size(1)));
  std::array<std::vector<double>, 2> best = {std::vector<double>(ready.size(0), 0),
                                             std::vector<double>(ready.size(1), 0)};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    best[0][pairs[i].ours] = std::max(best[0][pairs[i].ours], odds[i]);
    best[1][pairs[i].theirs] = std::max(best[1][pairs[i].theirs], odds[i]);
  }
  std::array<ByChance, 2> by_chance;
  for (std::size_t side = 0; side < 2; ++side)
    by_chance[side] =
        seen_by_chance(halves_of(ready, side, side == 0 ? ours : theirs, best[side]), model);
  const auto found =
      alone_among(pairs, odds, ready.size(0), ready.size(1), [](std::uint32_t) { return true; });
  auto out = found_right(found, by_chance,
                         static_cast<double>(ready.size(0)) * static_cast<double>(ready.size(1)));
  out.same_names = share_of_same_names(ready, pairs, odds);
  return out;
}

Model learned(const Ready& ready, const std::vector<Comparison>& pairs,
              const std::vector<Record>& ours, const std::vector<Record>& theirs) {
  auto out = learn(pairs, ready.size(0), ready.size(1));
  out.found = found_in(ready, pairs, ours, theirs, out);
  return out;
}

/// The records of ours that have a candidate in common with those that are marked; these too.
std::vector<char> competing(const std::vector<Candidate>& pairs, const std::vector<char>& ours,
                            std::size_t theirs) {
  std::vector<char> wanted(theirs, 0);
  for (const auto& each : pairs)
    if (ours[each.ours]) wanted[each.theirs] = 1;
  auto out = ours;
  for (const auto& each : pairs)
    if (wanted[each.theirs]) out[each.ours] = 1;
  return out;
}

}  // namespace

Matching matching_of(Section section) {
  return {3, section == Section::customers || section == Section::suppliers};
}

Model learn_from(const std::vector<Record>& ours, const std::vector<Record>& theirs) {
  const Ready ready(ours, theirs);
  return learned(ready, all_compared(ready), ours, theirs);
}

Learned learn_and_suggest(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                          const Matching& how) {
  const Ready ready(ours, theirs);
  auto pairs = all_compared(ready);
  Learned out{learned(ready, pairs, ours, theirs), {}};
  out.suggestions = all_judged(ready, std::move(pairs), ours, theirs, how, out.model);
  return out;
}

std::vector<Suggestion> suggest(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                                const Matching& how) {
  return learn_and_suggest(ours, theirs, how).suggestions;
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
  const auto changed_theirs = marked(ready, 1, theirs, changed.theirs);
  for (const auto& each : pairs)
    if (changed_theirs[each.theirs]) again[each.ours] = 1;
  // Those that compete with them may have other suggestions now; those that compete with these are
  // only looked at, so that no rival is overlooked.
  const auto rivals = competing(pairs, again, ready.size(1));
  const auto seen = competing(pairs, rivals, ready.size(1));
  const Judgement judgement(
      ready, compared(ready, pairs, [&](const Candidate& each) { return seen[each.ours] != 0; }),
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
