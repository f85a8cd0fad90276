// The kinds of record that a company has, and the plan by which an import reads them.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "core/mapping/section.hpp"

namespace rekey::imports {

/// What a company has. Not all of it is imported: see `current_plan`.
enum class Entity {
  company_info,
  preferences,
  account,
  tax_code,
  tax_rate,
  term,
  payment_method,
  class_,
  department,
  item,
  customer,
  vendor,
  tax_agency,
};
constexpr std::array<std::string_view, 13> names_of(Entity) {
  return {"CompanyInfo", "Preferences",   "Account",  "TaxCode",    "TaxRate",
          "Term",        "PaymentMethod", "Class",    "Department", "Item",
          "Customer",    "Vendor",        "TaxAgency"};
}

/// The list that a section of the host's directory is mapped to.
constexpr Entity entity_of(mapping::Section section) {
  switch (section) {
    case mapping::Section::accounts:
      return Entity::account;
    case mapping::Section::tax_codes:
      return Entity::tax_code;
    case mapping::Section::items:
      return Entity::item;
    case mapping::Section::customers:
      return Entity::customer;
    case mapping::Section::suppliers:
      return Entity::vendor;
    case mapping::Section::classes:
      return Entity::class_;
    case mapping::Section::locations:
      break;
  }
  return Entity::department;
}

/// Whether the customer maps the host's directory to the records of this list, of a host that has
/// these sections mapped.
constexpr bool mapping_needs(Entity entity,
                             std::span<const mapping::Section> wanted = mapping::usual_sections) {
  for (const auto section : wanted)
    if (entity_of(section) == entity) return true;
  return false;
}

/// What an import reads, in this order: small and decisive things first.
using Plan = std::vector<Entity>;

/// The plan of every import that begins now. The event that begins an import carries it, so that a
/// change of this list changes no import that has begun, and no stored history.
Plan current_plan();

/// The plan of imports whose first event carries none: they began before events carried plans.
/// Frozen: stored histories are replayed with it.
Plan plan_of_2026();

}  // namespace rekey::imports
