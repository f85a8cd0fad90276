#include "native/intuit/tax.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "native/intuit/row_text.hpp"
#include "native/words/words.hpp"

namespace rekey::intuit {

namespace {

using wire::Json;

/// 20 for 20 or "20.0"; none for what is no number that a rate may be.
std::optional<double> number_in(const Json* value) {
  const auto text = readable(value);
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  if (!std::isfinite(number) || std::abs(number) > 1000) return {};
  return number;
}

/// As few decimals as it needs, four at most: rates are added, and 0.1 + 0.2 is to be 0.3.
std::string percent(double rate) {
  std::array<char, 32> text{};
  const double rounded = std::round(rate * 10'000) / 10'000;
  const auto [end, failed] = std::to_chars(text.data(), text.data() + text.size(), rounded);
  if (failed != std::errc{}) return {};
  return words::say("record.percent", {{"rate", std::string(text.data(), end)}});
}

std::optional<double> rate_with_id(const std::vector<Json>& rates, const std::string& id) {
  if (id.empty()) return {};
  for (const auto& each : rates)
    if (readable(each, "Id") == id) return number_in(member_of(each, "RateValue"));
  return {};
}

/// The sum of a list's rates in words; empty: it has none, or they cannot be told or added.
std::string sum_of(const Json& code, const char* list, const std::vector<Json>& rates) {
  const auto* outer = member_of(code, list);
  const auto* details = outer ? member_of(*outer, "TaxRateDetail") : nullptr;
  if (!details || !details->is_array() || details->empty()) return {};
  double sum = 0;
  for (const auto& each : *details) {
    const auto applies = readable(each, "TaxTypeApplicable");
    // A tax on a tax is not added, but depends on the one before.
    if (!applies.empty() && applies != "TaxOnAmount") return {};
    const auto rate = rate_with_id(rates, readable(each, "TaxRateRef", "value"));
    if (!rate) return {};
    sum += *rate;
  }
  return percent(sum);
}

bool is_united_states(std::string country) {
  for (char& c : country)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  // CompanyInfo has two letters, addresses have three since 2025.
  return country == "US" || country == "USA" || country == "UNITED STATES" ||
         country == "UNITED STATES OF AMERICA";
}

}  // namespace

std::string country_of(const Json& company_info) {
  auto country = readable(company_info, "Country");
  for (const char* address : {"CompanyAddr", "LegalAddr"})
    if (country.empty()) country = readable(company_info, address, "Country");
  return country;
}

std::string rates_of(const Json& tax_code, const std::vector<Json>& rates) {
  const auto sales = sum_of(tax_code, "SalesTaxRateList", rates);
  const auto purchases = sum_of(tax_code, "PurchaseTaxRateList", rates);
  if (purchases.empty() || sales == purchases) return sales;
  if (sales.empty()) return words::say("record.rate_of_purchases", {{"purchases", purchases}});
  return words::say("record.rates", {{"sales", sales}, {"purchases", purchases}});
}

bool has_automated_sales_tax(const accounting::SmallLists& lists) {
  const auto any = [&](imports::Entity entity, auto&& is_so) {
    const auto rows = lists.find(entity);
    if (rows == lists.end()) return false;
    for (const auto& each : rows->second)
      if (is_so(each)) return true;
    return false;
  };
  // There are no others than companies of the United States with it; so it is enough that this one
  // is not known to be elsewhere.
  return !any(imports::Entity::company_info, [](const Json& row) {
    const auto country = country_of(row);
    return !country.empty() && !is_united_states(country);
  }) && any(imports::Entity::preferences, [](const Json& row) {
    const auto* prefs = member_of(row, "TaxPrefs");
    return prefs && says(*prefs, "PartnerTaxEnabled", false);
  });
}

std::vector<mapping::Record> automated_tax_codes() {
  return {{"TAX", "TAX", words::say("record.taxable"), true},
          {"NON", "NON", words::say("record.not_taxable"), true}};
}

}  // namespace rekey::intuit
