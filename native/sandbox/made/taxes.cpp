// Tax codes, rates and agencies, by regime.
#include "native/sandbox/made/books.hpp"
#include "native/sandbox/made/people.hpp"
#include "native/sandbox/made/seed.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

struct Rate {
  std::string_view name, description;
  double percent;
  int agency;
};

/// A code with the numbers (from 1) of its rate for sales and for purchases; 0 for none.
struct TaxLine {
  std::string_view id, name, description;
  bool taxable;
  int sales, purchases;
};

constexpr Rate vat_rates[] = {
    {"20.0% S (Sales)", "Standard rate, sales", 20, 1},
    {"20.0% S (Purchases)", "Standard rate, purchases", 20, 1},
    {"5.0% R (Sales)", "Reduced rate, sales", 5, 1},
    {"5.0% R (Purchases)", "Reduced rate, purchases", 5, 1},
    {"0.0% Z (Sales)", "Zero rate, sales", 0, 1},
    {"0.0% Z (Purchases)", "Zero rate, purchases", 0, 1},
    {"Exempt (Sales)", "Exempt supplies", 0, 1},
    {"Exempt (Purchases)", "Exempt purchases", 0, 1},
    {"20.0% RC SG (Sales)", "Reverse charge, services", 0, 1},
    {"20.0% RC SG (Purchases)", "Reverse charge, services", 20, 1},
    {"17.5% S (Sales)", "Standard rate until 2010", 17.5, 1},
};

constexpr TaxLine vat_codes[] = {
    {"1", "20.0% S", "Standard rate", true, 1, 2},
    {"2", "5.0% R", "Reduced rate", true, 3, 4},
    {"3", "0.0% Z", "Zero rate", true, 5, 6},
    {"4", "Exempt", "Exempt from tax", true, 7, 8},
    {"5", "20.0% RC SG", "Reverse charge, services and goods", true, 9, 10},
    {"6", "No VAT", "Outside the scope of tax", false, 0, 0},
    {"7", "0.0% ECG", "Goods to other countries of the union", true, 5, 6},
    {"8", "0.0% ECS", "Services to other countries of the union", true, 5, 6},
    {"9", "5.0% RC", "Reverse charge, reduced", true, 9, 4},
    {"10", "20.0% Postponed", "Import, accounted for later", true, 0, 2},
    {"11", "-17.5% S", "Standard rate until 2010", true, 11, 0},
};

constexpr Rate sales_rates[] = {
    {"Dryfork State", "State sales tax", 6, 1},   {"Ridge County", "County sales tax", 1.25, 2},
    {"Lakemont City", "City sales tax", 0.75, 2}, {"Marlow State", "State sales tax", 4.5, 3},
    {"Out of State", "No nexus", 0, 1},
};

constexpr TaxLine sales_codes[] = {
    {"TAX", "TAX", "Taxable", true, 0, 0},
    {"NON", "NON", "Not taxable", false, 0, 0},
    {"2", "Dryfork", "State only", true, 1, 0},
    {"3", "Lakemont", "State, county and city", true, 2, 0},
    {"4", "Marlow Falls", "State only", true, 4, 0},
    {"5", "Out of State", "Shipped elsewhere", true, 5, 0},
};

json rate_list(std::span<const Rate> rates, int number) {
  if (number == 0) return {{"TaxRateDetail", json::array()}};
  const auto index = static_cast<std::size_t>(number - 1);
  return {{"TaxRateDetail",
           {{{"TaxRateRef", reference(std::to_string(number), std::string(rates[index].name))},
             {"TaxTypeApplicable", "TaxOnAmount"},
             {"TaxOrder", 0}}}}};
}

std::vector<json> made_rates(std::span<const Rate> rates, std::uint64_t seed) {
  std::vector<json> rows;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    json row = record(std::to_string(i + 1), mix(seed, 121, i));
    row["Name"] = rates[i].name;
    row["Description"] = rates[i].description;
    row["Active"] = true;
    row["RateValue"] = rates[i].percent;
    row["AgencyRef"] = {{"value", std::to_string(rates[i].agency)}};
    row["SpecialTaxType"] = rates[i].percent == 0 ? "ZERO_RATE" : "NONE";
    row["DisplayType"] = "ReadOnly";
    row["EffectiveTaxRate"] = {
        {{"RateValue", rates[i].percent}, {"EffectiveDate", "2011-01-04T00:00:00-08:00"}}};
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<json> made_codes(std::span<const TaxLine> codes, std::span<const Rate> rates,
                             std::uint64_t seed) {
  std::vector<json> rows;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const TaxLine& line = codes[i];
    // A minus marks a code that is no longer used.
    const bool active = line.name.front() != '-';
    json row = record(std::string(line.id), mix(seed, 122, i));
    row["Name"] = active ? std::string(line.name) : std::string(line.name.substr(1)) + " (deleted)";
    row["Description"] = line.description;
    row["Active"] = active;
    row["Hidden"] = false;
    row["Taxable"] = line.taxable;
    row["TaxGroup"] = line.sales != 0 || line.purchases != 0;
    row["SalesTaxRateList"] = rate_list(rates, line.sales);
    row["PurchaseTaxRateList"] = rate_list(rates, line.purchases);
    rows.push_back(std::move(row));
  }
  return rows;
}

json made_agency(std::size_t number, std::string_view name, bool purchases, std::uint64_t seed) {
  json row = record(std::to_string(number), mix(seed, 123, number));
  row["DisplayName"] = name;
  row["Active"] = true;
  row["TaxTrackedOnSales"] = true;
  row["TaxTrackedOnPurchases"] = purchases;
  return row;
}

}  // namespace

void add_taxes(Books& books, std::uint64_t seed, TaxRegime regime) {
  if (regime == TaxRegime::vat) {
    books[Entity::tax_rate] = made_rates(vat_rates, seed);
    books[Entity::tax_code] = made_codes(vat_codes, vat_rates, seed);
    books[Entity::tax_agency] = {made_agency(1, "Office of Value Added Tax", true, seed)};
    return;
  }
  books[Entity::tax_rate] = made_rates(sales_rates, seed);
  books[Entity::tax_code] = made_codes(sales_codes, sales_rates, seed);
  books[Entity::tax_agency] = {made_agency(1, "Dryfork Department of Revenue", false, seed),
                               made_agency(2, "Ridge County Treasurer", false, seed),
                               made_agency(3, "Marlow Tax Commission", false, seed)};
}

}  // namespace rekey::sandbox
