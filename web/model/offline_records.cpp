#include "web/model/offline_records.hpp"

#include <array>

namespace rekey::web::offline {

namespace {

using mapping::Record;
using mapping::Records;

constexpr std::array<const char*, 30> firsts{
    "Alder",   "Bramble", "Cedar",  "Dogwood",  "Elmroot",    "Foxglove", "Gorse",   "Hazel",
    "Ivybank", "Juniper", "Kelp",   "Larkspur", "Maple",      "Nettle",   "Oakmoss", "Primrose",
    "Quince",  "Rowan",   "Sorrel", "Thistle",  "Umbel",      "Verbena",  "Willow",  "Yarrow",
    "Anemone", "Bracken", "Clover", "Damson",   "Elderberry", "Fennel"};
constexpr std::array<const char*, 16> trades{
    "Bakery", "Cycles", "Joinery", "Lighting", "Optics",  "Pottery", "Print",    "Textiles",
    "Dental", "Motors", "Foods",   "Media",    "Roofing", "Travel",  "Plumbing", "Studio"};

std::string firm(std::size_t i) {
  const auto trade = i * 5 + i / firsts.size() * 3;
  return std::string(firsts[i % firsts.size()]) + " " + trades[trade % trades.size()];
}

std::string email(std::size_t i) {
  return "office" + std::to_string(i) + "@example.test";
}

/// The host's name of a firm; the accounting system has some of them with a legal form, some
/// otherwise spelled, some not at all, and some no longer active.
Record theirs_of(std::size_t i, std::size_t first_id) {
  Record out{std::to_string(first_id + i), firm(i), "", i % 13 != 12};
  if (i % 4 == 1) out.name += " Ltd";
  if (i % 7 == 3) out.name.insert(1, 1, out.name[1]);
  if (i % 3 == 0) out.emails = {email(i)};
  return out;
}

Records make_ours() {
  Records out;
  out.accounts = {{"4000", "Sales", "4000", true},
                  {"4100", "Services", "4100", true},
                  {"6100", "Freight", "6100", true},
                  {"6800", "Bank charges", "6800", true}};
  out.tax_codes = {{"S", "Standard rate 20 %", "", true}, {"Z", "Zero rated", "", true}};
  for (std::size_t i = 0; i < 60; ++i) {
    auto& customer = out.customers.emplace_back();
    customer = {"c" + std::to_string(i), firm(i), email(i), true};
    customer.emails = {email(i)};
  }
  for (std::size_t i = 60; i < 75; ++i)
    out.suppliers.push_back({"s" + std::to_string(i), firm(i), "", true});
  return out;
}

Records make_theirs() {
  Records out;
  out.accounts = {{"1", "Sales of Product Income", "Income", true},
                  {"2", "Services", "Income", true},
                  {"3", "Shipping, Freight and Delivery", "Expense", true},
                  {"4", "Bank Charges & Fees", "Expense", true},
                  {"5", "Sales", "Income", true}};
  out.tax_codes = {{"1", "20.0% S", "Standard", true}, {"2", "0.0% Z", "Zero rated", true}};
  for (std::size_t i = 0; i < 60; ++i)
    if (i % 6 != 5) out.customers.push_back(theirs_of(i, 100));
  for (std::size_t i = 60; i < 75; ++i)
    if (i % 5 != 4) out.suppliers.push_back(theirs_of(i, 100));
  return out;
}

}  // namespace

const Records& ours() {
  static const auto all = make_ours();
  return all;
}

const Records& theirs() {
  static const auto all = make_theirs();
  return all;
}

const std::vector<Record>& terms() {
  static const std::vector<Record> all{
      {"1", "Due on receipt", "", true}, {"2", "Net 15", "", true}, {"3", "Net 30", "", true}};
  return all;
}

std::int64_t count_of(imports::Entity entity) {
  const auto size = [](const auto& list) { return static_cast<std::int64_t>(list.size()); };
  switch (entity) {
    case imports::Entity::company_info:
    case imports::Entity::preferences:
      return 1;
    case imports::Entity::account:
      return size(theirs().accounts);
    case imports::Entity::tax_code:
    case imports::Entity::tax_rate:
      return size(theirs().tax_codes);
    case imports::Entity::term:
      return size(terms());
    case imports::Entity::customer:
      return size(theirs().customers);
    case imports::Entity::vendor:
      return size(theirs().suppliers);
    case imports::Entity::item:
      return 40;
    // The page shows nothing of the other lists but how long they are.
    default:
      return 5;
  }
}

}  // namespace rekey::web::offline
