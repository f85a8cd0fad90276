#include "native/sandbox/books/derived.hpp"

#include "native/sandbox/books/api_fault.hpp"
#include "native/sandbox/books/writes.hpp"
#include "native/sandbox/schema/property.hpp"
#include "native/sandbox/schema/query_compare.hpp"
#include "native/sandbox/text/letters.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;
using Fault = std::optional<ApiFault>;

ApiFault missing_property(const std::string& what) {
  return validation("2020", "Required param missing, need to supply the required value",
                    "Required parameter " + what + " is missing in the request", what);
}

ApiFault against_a_rule(const std::string& rule, const std::string& element = "") {
  return validation("6000", "A business validation error has occurred",
                    "Business Validation Error: " + rule, element);
}

bool is_person(Entity entity) {
  return entity == Entity::customer || entity == Entity::vendor;
}

const char* name_property(Entity entity) {
  return is_person(entity) || entity == Entity::tax_agency ? "DisplayName" : "Name";
}

std::string text_of(const json& record, const char* name) {
  const auto found = record.find(name);
  return found != record.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A person without a display name is called by the parts of the name.
std::string put_together(const json& record) {
  std::string out;
  for (const char* part : {"Title", "GivenName", "MiddleName", "FamilyName", "Suffix"})
    if (const auto text = trimmed(text_of(record, part)); !text.empty())
      out += (out.empty() ? "" : " ") + text;
  return out.empty() ? trimmed(text_of(record, "CompanyName")) : out;
}

Fault set_name(Entity entity, json& record) {
  const char* property = name_property(entity);
  std::string name = trimmed(text_of(record, property));
  while (name.ends_with(inactive_suffix)) name.resize(name.size() - inactive_suffix.size());
  if (name.empty() && is_person(entity)) name = put_together(record);
  if (name.empty()) return missing_property(property);
  const bool odd =
      name.find_first_of(entity == Entity::account ? ":\"\t\n\r" : ":\t\n\r") != name.npos;
  if (odd && entity != Entity::term && entity != Entity::payment_method)
    return against_a_rule("A name must hold no colon, tab or line end", property);
  if (is_person(entity) && !record.contains("PrintOnCheckName")) record["PrintOnCheckName"] = name;
  if (!record.value("Active", true)) name += inactive_suffix;
  record[property] = name;
  return std::nullopt;
}

constexpr std::size_t deepest = 5;

/// The names above a record, the topmost first; a fault when it would stand below itself.
Fault set_place(const Company& company, Entity entity, json& record) {
  const char* property = name_property(entity);
  std::string full = text_of(record, property);
  std::size_t level = 0;
  json below = record;
  while (below.contains("ParentRef")) {
    const std::string id = below["ParentRef"]["value"];
    if (record["Id"] == id) return against_a_rule("A record cannot be its own parent", "ParentRef");
    if (++level >= deepest)
      return against_a_rule("Records can stand five deep below each other at most", "ParentRef");
    const auto above = company.row_of(entity, id);
    if (!above) break;  // it is gone
    below = company.read(entity, *above);
    full = text_of(below, property) + ":" + full;
  }
  if (property_named(entity, "FullyQualifiedName")) record["FullyQualifiedName"] = full;
  const bool is_below = level != 0;
  if (property_named(entity, "Level")) {
    record.erase("Level");
    if (is_below) record["Level"] = level;
  }
  for (const char* flag : {"Job", "SubAccount", "SubItem", "SubClass", "SubDepartment"})
    if (property_named(entity, flag)) record[flag] = is_below;
  return std::nullopt;
}

Fault check_unique(const Company& company, Entity entity, const json& record) {
  const auto taken = [&](const std::string& id) {
    return validation("6240", "Duplicate Name Exists Error",
                      "The name supplied already exists. : Id=" + id, name_property(entity));
  };
  const std::string own = record["Id"];
  if (is_person(entity)) {
    const auto other = company.person_called(text_of(record, "DisplayName"));
    return other && *other != own ? Fault(taken(*other)) : std::nullopt;
  }
  const bool tree = property_named(entity, "FullyQualifiedName") != nullptr;
  const char* property = tree ? "FullyQualifiedName" : name_property(entity);
  const std::string name = text_of(record, property);
  for (std::uint64_t row = 0; row < company.rows(entity); ++row) {
    const json other = company.read(entity, row);
    if (other["Id"] != own && same_ignoring_case(text_of(other, property), name))
      return taken(other["Id"]);
  }
  return std::nullopt;
}

Fault complete_account(json& record) {
  struct Kind {
    std::string_view type, classification, subtype;
  };
  constexpr Kind kinds[] = {
      {"Bank", "Asset", "Checking"},
      {"Other Current Asset", "Asset", "OtherCurrentAssets"},
      {"Fixed Asset", "Asset", "OtherFixedAssets"},
      {"Other Asset", "Asset", "OtherLongTermAssets"},
      {"Accounts Receivable", "Asset", "AccountsReceivable"},
      {"Equity", "Equity", "OpeningBalanceEquity"},
      {"Expense", "Expense", "OtherMiscellaneousServiceCost"},
      {"Other Expense", "Expense", "OtherMiscellaneousExpense"},
      {"Cost of Goods Sold", "Expense", "SuppliesMaterialsCogs"},
      {"Accounts Payable", "Liability", "AccountsPayable"},
      {"Credit Card", "Liability", "CreditCard"},
      {"Long Term Liability", "Liability", "OtherLongTermLiabilities"},
      {"Other Current Liability", "Liability", "OtherCurrentLiabilities"},
      {"Income", "Revenue", "SalesOfProductIncome"},
      {"Other Income", "Revenue", "OtherMiscellaneousIncome"},
  };
  const bool has_subtype = record.contains("AccountSubType");
  for (const Kind& kind : kinds) {
    const bool meant = record.contains("AccountType")
                           ? record["AccountType"] == kind.type
                           : has_subtype && record["AccountSubType"] == kind.subtype;
    if (!meant) continue;
    record["AccountType"] = kind.type;
    record["Classification"] = kind.classification;
    if (!has_subtype) record["AccountSubType"] = kind.subtype;
    for (const char* balance : {"CurrentBalance", "CurrentBalanceWithSubAccounts"})
      if (!record.contains(balance)) record[balance] = 0;
    return std::nullopt;
  }
  return missing_property("AccountType");
}

Fault complete_term(json& record) {
  if (!record.contains("DueDays") && !record.contains("DayOfMonthDue"))
    return missing_property("DueDays");
  record["Type"] = record.contains("DueDays") ? "STANDARD" : "DATE_DRIVEN";
  return std::nullopt;
}

Fault complete_item(json& record) {
  if (!record.contains("Type")) record["Type"] = "Service";
  const std::string type = record["Type"];
  if (type == "Inventory")
    for (const char* needed :
         {"IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef", "QtyOnHand", "InvStartDate"})
      if (!record.contains(needed)) return missing_property(needed);
  if ((type == "Service" || type == "NonInventory") && !record.contains("IncomeAccountRef") &&
      !record.contains("ExpenseAccountRef"))
    return missing_property("IncomeAccountRef");
  record["TrackQtyOnHand"] = type == "Inventory";
  return std::nullopt;
}

void complete_person(const Company& company, Entity entity, json& record) {
  if (!record.contains("Balance")) record["Balance"] = 0;
  if (entity == Entity::customer && !record.contains("BalanceWithJobs"))
    record["BalanceWithJobs"] = 0;
  if (record.contains("CurrencyRef")) return;
  const json home = company.read(Entity::preferences, 0)["CurrencyPrefs"]["HomeCurrency"]["value"];
  record["CurrencyRef"] = {{"value", home}, {"name", home}};
}

Fault complete(const Company& company, Entity entity, json& record) {
  if (entity == Entity::account) return complete_account(record);
  if (entity == Entity::term) return complete_term(record);
  if (entity == Entity::item) return complete_item(record);
  if (entity == Entity::payment_method && !record.contains("Type"))
    record["Type"] = "NON_CREDIT_CARD";
  if (is_person(entity)) complete_person(company, entity, record);
  return std::nullopt;
}

}  // namespace

Fault derive(const Company& company, Entity entity, json& record) {
  if (writing_of(entity) == Writing::update_only) return std::nullopt;
  if (auto fault = set_name(entity, record)) return fault;
  if (auto fault = set_place(company, entity, record)) return fault;
  if (auto fault = complete(company, entity, record)) return fault;
  company.name_references(entity, record);
  return check_unique(company, entity, record);
}

}  // namespace rekey::sandbox
