// What a company's tax codes are to people: with their rates, and with the two that no query lists.
#pragma once

#include <string>
#include <vector>

#include "core/mapping/configuration.hpp"
#include "native/accounting/system.hpp"

namespace rekey::intuit {

/// Where a company is, as CompanyInfo or an address in it says; empty: it does not.
std::string country_of(const wire::Json& company_info);

/// The rates of a tax code in words: "20 %", or what differs between sales and purchases; empty
/// when it has none, or one that is not among the company's rates.
std::string rates_of(const wire::Json& tax_code, const std::vector<wire::Json>& rates);

/// Whether the company is one of the United States under automated sales tax: QuickBooks works out
/// the rate, and a line of a sale takes the code TAX or NON, which the query for tax codes does not
/// list.
bool has_automated_sales_tax(const accounting::SmallLists& lists);

/// These two.
std::vector<mapping::Record> automated_tax_codes();

}  // namespace rekey::intuit
