#include "native/sandbox/schema/entity.hpp"

#include <algorithm>

#include "core/wire/fields.hpp"
#include "native/sandbox/text/letters.hpp"

namespace rekey::sandbox {

namespace {

constexpr std::string_view common[] = {"Id", "Active", "MetaData.CreateTime",
                                       "MetaData.LastUpdatedTime"};
constexpr std::string_view filters_of_people[] = {
    "DisplayName", "GivenName", "MiddleName",        "FamilyName",
    "CompanyName", "Balance",   "PrintOnCheckName",  "PrimaryEmailAddr",
    "ParentRef",   "Job",       "FullyQualifiedName"};
constexpr std::string_view filters_of_account[] = {
    "Name",      "AccountType", "AccountSubType", "Classification", "FullyQualifiedName",
    "ParentRef", "SubAccount",  "CurrentBalance", "AcctNum"};
constexpr std::string_view filters_of_item[] = {
    "Name", "Type", "Sku", "FullyQualifiedName", "UnitPrice", "ParentRef"};
constexpr std::string_view filters_of_company[] = {"CompanyName", "LegalName", "Country"};
constexpr std::string_view filters_of_agency[] = {"DisplayName"};
constexpr std::string_view filters_of_tree[] = {"Name", "FullyQualifiedName", "ParentRef"};
constexpr std::string_view filters_of_others[] = {"Name", "Description", "Type"};

std::span<const std::string_view> own_filters(Entity entity) {
  switch (entity) {
    case Entity::customer:
    case Entity::vendor:
      return filters_of_people;
    case Entity::account:
      return filters_of_account;
    case Entity::item:
      return filters_of_item;
    case Entity::company_info:
      return filters_of_company;
    case Entity::tax_agency:
      return filters_of_agency;
    case Entity::class_:
    case Entity::department:
      return filters_of_tree;
    case Entity::preferences:
      return {};
    default:
      return filters_of_others;
  }
}

}  // namespace

std::span<const Entity> all_entities() {
  return wire::all_of<Entity>;
}

std::string_view entity_name(Entity entity) {
  return wire::name_of(entity);
}

std::optional<Entity> entity_named(std::string_view name) {
  for (const Entity entity : all_entities())
    if (same_ignoring_case(entity_name(entity), name)) return entity;
  return std::nullopt;
}

std::optional<std::string_view> filterable(Entity entity, std::string_view property) {
  for (const auto known : common)
    if (same_ignoring_case(known, property)) return known;
  for (const auto known : own_filters(entity))
    if (same_ignoring_case(known, property)) return known;
  return std::nullopt;
}

}  // namespace rekey::sandbox
