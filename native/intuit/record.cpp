#include "native/intuit/record.hpp"

#include <algorithm>
#include <array>

#include "core/wire/json.hpp"
#include "native/intuit/row_text.hpp"
#include "native/intuit/tax.hpp"
#include "native/words/words.hpp"

namespace rekey::intuit {

namespace {

using imports::Entity;
using mapping::Record;
using wire::Json;

constexpr std::size_t most_texts = 20;  ///< in a list of e-mails or phones

void add_once(std::vector<std::string>& texts, const std::string& text) {
  if (text.empty() || texts.size() >= most_texts) return;
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

/// One field of QuickBooks may hold several addresses, separated by commas.
void add_emails(std::vector<std::string>& emails, const std::string& field) {
  constexpr std::string_view between = ",; ";
  for (std::size_t at = 0; at < field.size();) {
    const auto end = std::min(field.find_first_of(between, at), field.size());
    add_once(emails, field.substr(at, end - at));
    at = end + 1;
  }
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const auto& each : texts)
    if (!each.empty()) return each;
  return {};
}

/// Texts with something between, those that are empty left out.
std::string joined(std::initializer_list<std::string> texts, std::string_view between) {
  std::string out;
  for (const auto& each : texts) {
    if (each.empty()) continue;
    if (!out.empty()) out += between;
    out += each;
  }
  return cut(std::move(out));
}

std::string last_of_path(const std::string& path) {
  return path.substr(path.rfind(':') == path.npos ? 0 : path.rfind(':') + 1);
}

/// "Amy" of "Amy:Kitchen", each name of it without " (deleted)"; of a row without its path, what it
/// says of the record above.
std::string parent_of(const Json& row) {
  const auto path = readable(row, "FullyQualifiedName");
  const auto end = path.rfind(':');
  if (end == path.npos) return without_deleted(readable(row, "ParentRef", "name"));
  std::string out;
  for (std::size_t at = 0; at < end;) {
    const auto next = std::min(path.find(':', at), end);
    out += (out.empty() ? "" : ":") + without_deleted(path.substr(at, next - at));
    at = next + 1;
  }
  return out;
}

std::string name_of(Entity entity, const Json& row) {
  const auto path = readable(row, "FullyQualifiedName");
  // Accounts are known by their path.
  auto name = entity == Entity::account
                  ? path
                  : first_of({readable(row, "DisplayName"), readable(row, "Name"),
                              last_of_path(path), readable(row, "CompanyName")});
  if (name.empty()) name = readable(row, "Name");
  if (name.empty()) name = joined({readable(row, "GivenName"), readable(row, "FamilyName")}, " ");
  if (name.empty()) name = readable(row, "PrintOnCheckName");
  name = without_deleted(std::move(name));
  if (!name.empty()) return name;
  const auto id = readable(row, "Id");
  return cut(words::say("record.unnamed", {{"id", id}}));
}

/// QuickBooks shows the last digits only, unless the company's country has it otherwise.
bool is_masked(const std::string& number) {
  return number.find("XXX") != number.npos || number.find("xxx") != number.npos ||
         number.find('*') != number.npos;
}

std::string tax_number_of(const Json& row) {
  for (const char* name : {"TaxIdentifier", "PrimaryTaxIdentifier", "BusinessNumber", "GSTIN"})
    if (auto number = readable(row, name); !number.empty() && !is_masked(number)) return number;
  return {};
}

void add_address(Record& out, const Json& row) {
  for (const char* name : {"BillAddr", "ShipAddr"}) {
    const auto* address = member_of(row, name);
    if (!address || !address->is_object() || address->empty()) continue;
    const auto line = [&](const char* which) { return readable(*address, which); };
    out.street =
        joined({line("Line1"), line("Line2"), line("Line3"), line("Line4"), line("Line5")}, ", ");
    out.city = line("City");
    out.postcode = line("PostalCode");
    out.country = line("Country");
    if (!out.street.empty() || !out.city.empty() || !out.postcode.empty()) return;
  }
}

void add_person(Record& out, const Json& row) {
  out.given_name = readable(row, "GivenName");
  out.family_name = readable(row, "FamilyName");
  out.company = readable(row, "CompanyName");
  out.detail = readable(row, "PrimaryEmailAddr", "Address");
  add_emails(out.emails, out.detail);
  for (const char* phone : {"PrimaryPhone", "Mobile", "AlternatePhone"})
    add_once(out.phones, readable(row, phone, "FreeFormNumber"));
  add_address(out, row);
  out.website = readable(row, "WebAddr", "URI");
  out.number = readable(row, "AcctNum");
  out.tax_number = tax_number_of(row);
}

std::string tax_detail_of(const Json& row, const accounting::SmallLists& lists) {
  const auto description = readable(row, "Description");
  const auto known = lists.find(Entity::tax_rate);
  const auto rates = known == lists.end() ? std::string() : rates_of(row, known->second);
  if (rates.empty() || description.find(rates) != description.npos) return description;
  return joined({description, rates}, " · ");
}

}  // namespace

Record record_of(Entity entity, const Json& row, const accounting::SmallLists& lists) {
  Record out;
  out.id = readable(row, "Id");
  out.active = says(row, "Active", true);
  out.name = name_of(entity, row);
  out.parent = parent_of(row);
  switch (entity) {
    case Entity::account:
      out.number = readable(row, "AcctNum");
      out.kind = first_of({readable(row, "AccountType"), readable(row, "Classification")});
      out.detail = first_of({out.number, out.kind});
      break;
    case Entity::tax_code:
      out.detail = tax_detail_of(row, lists);
      break;
    case Entity::item:
      out.number = readable(row, "Sku");
      out.kind = readable(row, "Type");
      out.detail = first_of({out.number, out.kind});
      break;
    case Entity::customer:
    case Entity::vendor:
      add_person(out, row);
      break;
    default:
      break;
  }
  return out;
}

}  // namespace rekey::intuit
