// The short lists of a made-up company: accounts, taxes, items, classes, places, terms.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "native/sandbox/schema/entity.hpp"

namespace rekey::sandbox {

/// A company keeps its taxes either as value added tax or as American sales tax.
enum class TaxRegime { vat, sales_tax };

/// Records of every kind but customers and vendors, complete; a few hundred in all, beside the
/// items.
using Books = std::map<Entity, std::vector<nlohmann::json>>;

/// The books of a company. `name` is what it is called. `items`: how many of them, if that is more
/// than the usual few.
Books made_books(std::uint64_t seed, const std::string& name, TaxRegime regime,
                 std::uint64_t items);

/// Parts of the above, one file each.
std::vector<nlohmann::json> made_accounts(std::uint64_t seed, const std::string& currency);
void add_taxes(Books& books, std::uint64_t seed, TaxRegime regime);
void add_lists(Books& books, std::uint64_t seed, std::uint64_t items);
nlohmann::json made_company_info(std::uint64_t seed, const std::string& name, TaxRegime regime);
nlohmann::json made_preferences(std::uint64_t seed, TaxRegime regime);

}  // namespace rekey::sandbox
