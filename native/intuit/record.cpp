#include "native/intuit/record.hpp"

#include "core/wire/json.hpp"

namespace rekey::intuit {

namespace {

using wire::Json;
using wire::text_at;

std::string inner_text(const Json& json, const char* outer, const char* inner) {
  const auto at = json.find(outer);
  return at != json.end() && at->is_object() ? text_at(*at, inner) : std::string();
}

/// QuickBooks adds this to the name of what is not active any more.
std::string without_deleted(std::string name) {
  constexpr std::string_view suffix = " (deleted)";
  if (name.size() > suffix.size() &&
      name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0)
    name.resize(name.size() - suffix.size());
  return name;
}

}  // namespace

mapping::Record record_of(imports::Entity entity, const Json& row) {
  mapping::Record out;
  out.id = text_at(row, "Id");
  const auto active = row.find("Active");
  out.active = active == row.end() || !active->is_boolean() || active->get<bool>();
  switch (entity) {
    case imports::Entity::account:
      out.name = text_at(row, "FullyQualifiedName");
      out.detail = text_at(row, "AcctNum");
      if (out.detail.empty()) out.detail = text_at(row, "AccountType");
      break;
    case imports::Entity::tax_code:
      out.name = text_at(row, "Name");
      out.detail = text_at(row, "Description");
      break;
    case imports::Entity::customer:
    case imports::Entity::vendor:
      out.name = text_at(row, "DisplayName");
      out.detail = inner_text(row, "PrimaryEmailAddr", "Address");
      break;
    default:
      out.name = text_at(row, "Name");
  }
  if (out.name.empty()) out.name = text_at(row, "Name");
  out.name = without_deleted(std::move(out.name));
  return out;
}

}  // namespace rekey::intuit
