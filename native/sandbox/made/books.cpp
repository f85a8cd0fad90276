#include "native/sandbox/made/books.hpp"

#include <algorithm>

#include "native/sandbox/made/people.hpp"
#include "native/sandbox/made/seed.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

struct Product {
  std::string_view name, category, type;
  int income, cost;  ///< ids of accounts in the chart; 0 for none
};

constexpr Product products[] = {
    {"Lighting", "", "Category", 0, 0},
    {"Furniture", "", "Category", 0, 0},
    {"Workshop", "", "Category", 0, 0},
    {"Desk Lamp", "Lighting", "Inventory", 32, 41},
    {"Floor Lamp", "Lighting", "Inventory", 32, 41},
    {"Pendant Lamp", "Lighting", "Inventory", 32, 41},
    {"Lantern, copper", "Lighting", "Inventory", 33, 41},
    {"Oak Table", "Furniture", "NonInventory", 32, 42},
    {"Café Chair", "Furniture", "NonInventory", 32, 42},
    {"Büroregal 180", "Furniture", "NonInventory", 33, 42},
    {"椿の棚", "Furniture", "NonInventory", 33, 42},
    {"Assembly", "Workshop", "Service", 36, 0},
    {"Repair, hourly", "Workshop", "Service", 37, 0},
    {"Call-out", "Workshop", "Service", 37, 0},
    {"Delivery", "", "Service", 38, 0},
    {"Express Delivery", "", "Service", 38, 0},
    {"Design Consultation", "", "Service", 35, 0},
    {"Gift Voucher", "", "NonInventory", 26, 0},
    {"Sample Set (old)", "", "NonInventory", 32, 42},
    {"Hours", "", "Service", 35, 0},
};

json named(std::size_t number, const std::string& name, std::uint64_t dice, bool active = true) {
  json row = record(std::to_string(number), dice);
  row["Name"] = name + (active ? "" : " (deleted)");
  row["Active"] = active;
  return row;
}

constexpr std::size_t categories = 3;  // the first of them

// What there is more than these are more of the same, with a number: "Desk Lamp 27".
const Product& product_at(std::size_t i) {
  if (i < std::size(products)) return products[i];
  return products[categories + i % (std::size(products) - categories)];
}

std::vector<json> made_items(std::uint64_t seed, std::uint64_t count) {
  std::vector<json> rows;
  for (std::size_t i = 0; i < std::max<std::uint64_t>(std::size(products), count); ++i) {
    const Product& p = product_at(i);
    const std::uint64_t dice = mix(seed, 131, i);
    const auto number = i < std::size(products) ? "" : " " + std::to_string(i + 1);
    json row = named(i + 1, std::string(p.name) + number, dice, !p.name.ends_with("(old)"));
    row["FullyQualifiedName"] = row["Name"];
    row["Type"] = p.type;
    row["SubItem"] = !p.category.empty();
    if (!p.category.empty()) {
      const std::size_t parent = p.category == "Lighting" ? 1 : p.category == "Furniture" ? 2 : 3;
      row["ParentRef"] = reference(std::to_string(parent), std::string(p.category));
      row["Level"] = 1;
      row["FullyQualifiedName"] = std::string(p.category) + ":" + row["Name"].get<std::string>();
    }
    if (p.income != 0) {
      row["UnitPrice"] = static_cast<double>(dice % 40'000 + 500) / 100.0;
      row["IncomeAccountRef"] = {{"value", std::to_string(p.income)}};
      row["Taxable"] = true;
      row["Sku"] = "S-" + std::to_string(100 + i);
    }
    if (p.cost != 0) row["ExpenseAccountRef"] = {{"value", std::to_string(p.cost)}};
    row["TrackQtyOnHand"] = p.type == "Inventory";
    if (p.type == "Inventory") {
      row["QtyOnHand"] = dice % 90;
      row["AssetAccountRef"] = {{"value", "10"}};
      row["InvStartDate"] = "2019-04-01";
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<json> made_terms(std::uint64_t seed) {
  struct Term {
    std::string_view name;
    int days;
  };
  constexpr Term terms[] = {
      {"Due on receipt", 0}, {"Net 10", 10}, {"Net 15", 15}, {"Net 30", 30}, {"Net 60", 60}};
  std::vector<json> rows;
  for (const Term& term : terms) {
    json row = named(rows.size() + 1, std::string(term.name), mix(seed, 141, rows.size()));
    row["Type"] = "STANDARD";
    row["DueDays"] = term.days;
    rows.push_back(std::move(row));
  }
  json monthly = named(rows.size() + 1, "15th of next month", mix(seed, 141, rows.size()));
  monthly["Type"] = "DATE_DRIVEN";
  monthly["DayOfMonthDue"] = 15;
  monthly["DueNextMonthDays"] = 10;
  rows.push_back(std::move(monthly));
  return rows;
}

/// A list of names in two levels: "Parent:Child" goes under the earlier "Parent".
std::vector<json> made_tree(std::uint64_t seed, std::initializer_list<std::string_view> names,
                            const char* sub_flag) {
  std::vector<json> rows;
  for (const std::string_view full : names) {
    const auto colon = full.find(':');
    const std::string own(colon == full.npos ? full : full.substr(colon + 1));
    json row = named(rows.size() + 1, own, mix(seed, 151, rows.size()));
    row["FullyQualifiedName"] = full;
    row[sub_flag] = colon != full.npos;
    if (colon != full.npos)
      for (const json& parent : rows)
        if (parent["Name"] == std::string(full.substr(0, colon)))
          row["ParentRef"] = reference(parent["Id"], parent["Name"]);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<json> made_payment_methods(std::uint64_t seed) {
  std::vector<json> rows;
  for (const char* name : {"Cash", "Cheque", "Bank transfer", "Direct debit", "Credit card",
                           "Debit card", "Gift voucher"}) {
    json row = named(rows.size() + 1, name, mix(seed, 161, rows.size()));
    row["Type"] = std::string_view(name) == "Credit card" ? "CREDIT_CARD" : "NON_CREDIT_CARD";
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

void add_lists(Books& books, std::uint64_t seed, std::uint64_t items) {
  books[Entity::item] = made_items(seed, items);
  books[Entity::term] = made_terms(seed);
  books[Entity::payment_method] = made_payment_methods(seed);
  books[Entity::class_] = made_tree(
      seed, {"Retail", "Retail:Shop floor", "Retail:Online", "Trade", "Projects"}, "SubClass");
  books[Entity::department] =
      made_tree(seed + 1, {"Head office", "Eastmere branch", "Warehouse", "Warehouse:Returns"},
                "SubDepartment");
}

Books made_books(std::uint64_t seed, const std::string& name, TaxRegime regime,
                 std::uint64_t items) {
  Books books;
  books[Entity::account] = made_accounts(seed, regime == TaxRegime::vat ? "GBP" : "USD");
  add_taxes(books, seed, regime);
  add_lists(books, seed, items);
  books[Entity::company_info] = {made_company_info(seed, name, regime)};
  books[Entity::preferences] = {made_preferences(seed, regime)};
  return books;
}

}  // namespace rekey::sandbox
