// Which form of a counted text a number takes, by language (Unicode CLDR, plural rules of
// cardinals).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rekey::text {

enum class PluralForm { zero, one, two, few, many, other };
constexpr std::array<std::string_view, 6> names_of(PluralForm) {
  return {"zero", "one", "two", "few", "many", "other"};
}

/// The form for a whole number in a language ("fr-CA"). A language without rules here has those of
/// English.
PluralForm plural_form(std::string_view language, std::int64_t count);

/// Every form that a counted text of a language must have.
std::vector<PluralForm> plural_forms(std::string_view language);

}  // namespace rekey::text
