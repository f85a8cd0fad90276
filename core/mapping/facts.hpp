// What a company has decided about itself, as far as its accounting system says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/wire/fields.hpp"

namespace rekey::mapping {

using wire::rare_field;

/// Facts that people read beside their mappings, and cannot change here. None: not known.
struct CompanyFacts {
  std::optional<std::string> name = {};
  std::optional<std::string> legal_name = {};
  std::optional<std::string> country = {};        ///< as the accounting system has it: "US"
  std::optional<std::string> home_currency = {};  ///< ISO 4217
  std::optional<bool> multi_currency = {};
  std::optional<bool> sales_tax = {};                   ///< it uses sales tax (or VAT)
  std::optional<bool> automated_sales_tax = {};         ///< which the accounting system computes
  std::optional<std::int64_t> fiscal_year_starts = {};  ///< its first month, 1 to 12
  bool operator==(const CompanyFacts&) const = default;
  static constexpr auto fields() {
    return std::tuple{rare_field("name", &CompanyFacts::name),
                      rare_field("legal_name", &CompanyFacts::legal_name),
                      rare_field("country", &CompanyFacts::country),
                      rare_field("home_currency", &CompanyFacts::home_currency),
                      rare_field("multi_currency", &CompanyFacts::multi_currency),
                      rare_field("sales_tax", &CompanyFacts::sales_tax),
                      rare_field("automated_sales_tax", &CompanyFacts::automated_sales_tax),
                      rare_field("fiscal_year_starts", &CompanyFacts::fiscal_year_starts)};
  }
};

}  // namespace rekey::mapping
