#include "native/sandbox/company.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "native/sandbox/seed.hpp"

namespace rekey::sandbox {

namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

TaxRegime regime_of(std::uint64_t seed) {
  return mix(seed, 181) % 2 == 0 ? TaxRegime::vat : TaxRegime::sales_tax;
}

}  // namespace

std::optional<CompanySpec> parse_company(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == text.npos || colon + 1 == text.size()) return std::nullopt;
  // The id becomes part of addresses.
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
  if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), fits))
    return std::nullopt;
  CompanySpec spec{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
  // A name may hold colons; only a whole number after the last one is a size.
  const auto last = spec.name.rfind(':');
  if (last == std::string::npos) return spec;
  const auto size = whole_number(std::string_view(spec.name).substr(last + 1));
  if (!size) return spec;
  spec.size = *size;
  spec.name.resize(last);
  if (spec.name.empty() || *size > 10'000'000) return std::nullopt;
  return spec;
}

Company::Company(CompanySpec spec)
    : spec_(std::move(spec)),
      people_(seed_of(spec_.id), spec_.size),
      books_(made_books(seed_of(spec_.id), spec_.name, regime_of(seed_of(spec_.id)))) {}

std::uint64_t Company::rows(Entity entity) const {
  if (entity == Entity::customer) return people_.customers();
  if (entity == Entity::vendor) return people_.vendors();
  return books_.at(entity).size();
}

bool Company::active(Entity entity, std::uint64_t row) const {
  if (entity == Entity::customer) return people_.customer_active(row);
  if (entity == Entity::vendor) return people_.vendor_active(row);
  return books_.at(entity)[row].value("Active", true);
}

nlohmann::json Company::read(Entity entity, std::uint64_t row) const {
  if (entity == Entity::customer) return people_.customer(row);
  if (entity == Entity::vendor) return people_.vendor(row);
  return books_.at(entity)[row];
}

std::optional<std::uint64_t> Company::row_of(Entity entity, std::string_view id) const {
  if (entity == Entity::customer || entity == Entity::vendor) {
    // Customers and vendors are numbered in one row of ids, as Intuit's name lists are.
    const std::uint64_t first = entity == Entity::customer ? 1 : people_.customers() + 1;
    const auto number = whole_number(id);
    if (!number || *number < first || *number >= first + rows(entity)) return std::nullopt;
    if (id.front() == '0') return std::nullopt;
    return *number - first;
  }
  const auto& list = books_.at(entity);
  for (std::size_t row = 0; row < list.size(); ++row)
    if (list[row]["Id"] == id) return row;
  return std::nullopt;
}

}  // namespace rekey::sandbox
