// The word parts that names are made of, by language.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace rekey::sandbox {

using Words = std::vector<std::string_view>;

/// One language's parts. A given name is one of `given_a` with one of `given_b`, a family name the
/// same; patterns use {g} given, {f} family, {t} trade, {s} legal suffix.
struct Language {
  std::string_view tag;
  std::string_view country;   ///< ISO 3166 alpha-3, as Intuit answers it
  std::string_view currency;  ///< ISO 4217
  std::string_view dial;
  Words given_a, given_b, family_a, family_b, trades, suffixes, cities, streets;
  std::string_view person;
  std::string_view firm;
};

/// Every language, in a fixed order.
std::span<const Language> languages();

}  // namespace rekey::sandbox
