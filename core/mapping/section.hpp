// The lists of the host that the customer maps, and which of them a host has.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace rekey::mapping {

/// The lists that can be mapped, in the order in which people see them.
enum class Section { accounts, tax_codes, items, customers, suppliers, classes, locations };
constexpr std::array<std::string_view, 7> names_of(Section) {
  return {"accounts", "tax_codes", "items", "customers", "suppliers", "classes", "locations"};
}
constexpr std::array<Section, 7> all_sections = {
    Section::accounts,  Section::tax_codes, Section::items,    Section::customers,
    Section::suppliers, Section::classes,   Section::locations};

/// Those that every host has unless its operator says otherwise. They were there before the others,
/// which are left out of JSON where there is nothing in them.
constexpr std::array<Section, 4> usual_sections = {Section::accounts, Section::tax_codes,
                                                   Section::customers, Section::suppliers};

/// Which lists a host has mapped.
using Sections = std::vector<Section>;

constexpr bool is_among(Section section, std::span<const Section> sections) {
  return std::find(sections.begin(), sections.end(), section) != sections.end();
}

/// The part of a whole that has a member for each section.
template <class Whole>
constexpr auto& part_of(Whole& whole, Section section) {
  switch (section) {
    case Section::accounts:
      return whole.accounts;
    case Section::tax_codes:
      return whole.tax_codes;
    case Section::items:
      return whole.items;
    case Section::customers:
      return whole.customers;
    case Section::suppliers:
      return whole.suppliers;
    case Section::classes:
      return whole.classes;
    case Section::locations:
      break;
  }
  return whole.locations;
}

}  // namespace rekey::mapping
