// Two lists of records taken apart into what is compared, as numbers into one dictionary.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/mapping/configuration.hpp"

namespace rekey::mapping {

/// What is compared besides the words of names and streets. Order: see `order` of Comparison.
enum class Trait {
  email,
  email_domain,
  phone,
  tax_number,
  number,
  website,
  house,
  city,
  postcode,
  country,
  company,
  parent,
  kind,
  detail,
  legal_form,
  order,
};
constexpr std::size_t trait_count = 16;

/// A text of the dictionary; 0 is "nothing".
using Term = std::uint32_t;

/// One record, taken apart.
struct Features {
  std::uint32_t record = 0;  ///< its place in the list it came from
  std::vector<Term> name;
  std::vector<Term> company;  ///< where it says something else than `name`
  std::vector<Term> person;   ///< given and family name, the same
  std::vector<Term> street;
  std::vector<Term> emails, domains, phones;
  std::array<Term, trait_count> one{};  ///< the traits of which a record has one
  Term whole = 0;                       ///< the name's essence
  Term of(Trait trait) const { return one[static_cast<std::size_t>(trait)]; }
  void set(Trait trait, Term term) { one[static_cast<std::size_t>(trait)] = term; }
};

/// All texts of two lists, sorted, so that no number depends on the order of the records.
struct Dictionary {
  /// What kind of text a term is; the same letters as another kind are another term.
  enum class Kind : char { word = 'a', street = 'b', whole = 'c', trait = 'd' };
  std::vector<std::string> texts;                  ///< with their kind before them
  std::vector<std::array<std::uint32_t, 2>> seen;  ///< in how many records of each list
  std::vector<double> share;     ///< the chance that another record has it, by what was seen
  std::vector<double> surprise;  ///< -ln(share)
  std::string_view text(Term term) const { return std::string_view(texts[term]).substr(1); }
};

/// Both lists; each sorted by id (then by content), active records only.
struct Both {
  Dictionary dictionary;
  std::array<std::vector<Features>, 2> lists;
  std::size_t longer() const { return std::max(lists[0].size(), lists[1].size()); }
};

/// Takes both lists apart.
Both take_apart(const std::vector<Record>& ours, const std::vector<Record>& theirs);

/// The last digits of a phone number that are the same with and without country code; empty where
/// there are too few.
std::string phone_digits(std::string_view phone);
/// Letters and digits only, in small letters: postcodes, tax numbers, numbers.
std::string letters_and_digits(std::string_view text);
/// The domain of a website or of an e-mail address, without "www".
std::string domain_of(std::string_view address);

}  // namespace rekey::mapping
