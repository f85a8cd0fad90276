#include "native/intuit/facts.hpp"

#include <array>

#include "native/intuit/row_text.hpp"
#include "native/intuit/tax.hpp"

namespace rekey::intuit {

namespace {

using wire::Json;

constexpr std::array<std::string_view, 12> months = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

/// The only row of a list that has one; null: it has none.
const Json& only_row(const accounting::SmallLists& lists, imports::Entity entity) {
  static const Json nothing = nullptr;
  const auto rows = lists.find(entity);
  return rows == lists.end() || rows->second.empty() ? nothing : rows->second.front();
}

std::optional<std::string> known(std::string text) {
  if (text.empty()) return {};
  return text;
}

std::optional<bool> yes_or_no(const Json& row, const char* outer, const char* inner) {
  const auto* within = member_of(row, outer);
  if (!within || readable(*within, inner).empty()) return {};
  const bool yes = says(*within, inner, false);
  // What is neither is not known.
  if (yes != says(*within, inner, true)) return {};
  return yes;
}

std::optional<std::int64_t> month_in(const std::string& name) {
  for (std::size_t i = 0; i < months.size(); ++i)
    if (name == months[i]) return static_cast<std::int64_t>(i) + 1;
  return {};
}

}  // namespace

mapping::CompanyFacts facts_of(const accounting::SmallLists& lists) {
  const auto& company = only_row(lists, imports::Entity::company_info);
  const auto& preferences = only_row(lists, imports::Entity::preferences);
  mapping::CompanyFacts out;
  out.name = known(readable(company, "CompanyName"));
  out.legal_name = known(readable(company, "LegalName"));
  out.country = known(country_of(company));
  if (const auto* currencies = member_of(preferences, "CurrencyPrefs"))
    out.home_currency = known(readable(*currencies, "HomeCurrency", "value"));
  out.multi_currency = yes_or_no(preferences, "CurrencyPrefs", "MultiCurrencyEnabled");
  out.sales_tax = yes_or_no(preferences, "TaxPrefs", "UsingSalesTax");
  out.automated_sales_tax = yes_or_no(preferences, "TaxPrefs", "PartnerTaxEnabled");
  out.fiscal_year_starts = month_in(readable(company, "FiscalYearStartMonth"));
  if (!out.fiscal_year_starts)
    out.fiscal_year_starts =
        month_in(readable(preferences, "AccountingInfoPrefs", "FirstMonthOfFiscalYear"));
  return out;
}

}  // namespace rekey::intuit
