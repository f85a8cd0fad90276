// The kinds of record that a company has, and the plan by which an import reads them.
#pragma once

#include <array>
#include <string_view>
#include <vector>

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

/// Whether the customer maps the host's directory to the records of this list.
constexpr bool mapping_needs(Entity entity) {
  return entity == Entity::account || entity == Entity::tax_code || entity == Entity::customer ||
         entity == Entity::vendor;
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
