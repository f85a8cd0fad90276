// Suggests the record of the accounting system that probably is one of the host's records.
#pragma once

#include "core/mapping/model.hpp"

namespace rekey::mapping {

/// What speaks for a suggestion, the surest first.
enum class Reason {
  same_email,
  same_tax_number,
  same_phone,
  same_number,
  same_website,
  same_name,     ///< but for case, accents, order of words or legal form at most
  similar_name,  ///< with typing errors, initials or abbreviations
  part_of_name,  ///< one has words that the other has not
  same_company,
  same_parent,
  same_address,  ///< street and house number
  same_street,
  same_postcode,
  same_city,
  same_email_domain,
  same_detail,
  others_as_likely,  ///< another record fits as well, or nearly
};
constexpr std::array<std::string_view, 17> names_of(Reason) {
  return {"same_email",   "same_tax_number", "same_phone",    "same_number",  "same_website",
          "same_name",    "similar_name",    "part_of_name",  "same_company", "same_parent",
          "same_address", "same_street",     "same_postcode", "same_city",    "same_email_domain",
          "same_detail",  "others_as_likely"};
}

/// A candidate for the host's record `ours`. `confidence`: the chance that it is right, from 0 to 1
/// in steps of a ten thousandth. `apply`: sure enough to be chosen without a person looking; never
/// one of two that are equally good.
struct Suggestion {
  std::string ours;
  std::string theirs;
  double confidence = 0;
  bool apply = false;
  std::vector<Reason> reasons;
  bool operator==(const Suggestion&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("ours", &Suggestion::ours), field("theirs", &Suggestion::theirs),
                      field("confidence", &Suggestion::confidence),
                      field("apply", &Suggestion::apply), field("reasons", &Suggestion::reasons)};
  }
};

/// Below, nothing is suggested.
inline constexpr double least_confidence = 0.05;

struct Matching {
  std::size_t most = 3;    ///< suggestions for one record
  bool one_to_one = true;  ///< whether two of the host's records are never one of theirs
};
/// How a section is matched: customers and suppliers one to one; two accounts, or tax codes, of the
/// host may well be one there.
Matching matching_of(Section section);

/// Learns what is typical of two lists.
Model learn_from(const std::vector<Record>& ours, const std::vector<Record>& theirs);

/// Suggestions for all active records of the host: the best first, ties by id, for the records in
/// order of their ids. Depends on nothing but the records, and not on their order. The time grows
/// with the lengths of the lists, not with their product.
std::vector<Suggestion> suggest(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                                const Matching& how = {});
/// The same with a model learned before.
std::vector<Suggestion> suggest(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                                const Matching& how, const Model& model);

/// Suggestions with the model that was learned for them, which is to be stored beside them, for
/// `suggest_again`.
struct Learned {
  Model model;
  std::vector<Suggestion> suggestions;
};
Learned learn_and_suggest(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                          const Matching& how);

/// Ids of records that were added, changed or taken away.
struct Changed {
  std::vector<std::string> ours, theirs;
};
/// Suggestions after a change: `again` names the host's records whose stored suggestions are
/// replaced by `suggestions`, sorted; all others stay as they are.
struct Again {
  std::vector<std::string> again;
  std::vector<Suggestion> suggestions;
};
/// Looks again at what changed, and at the records that compete for the same. `before`: all that is
/// stored; the lists are those after the change.
Again suggest_again(const std::vector<Record>& ours, const std::vector<Record>& theirs,
                    const Matching& how, const Model& model, const std::vector<Suggestion>& before,
                    const Changed& changed);

}  // namespace rekey::mapping
