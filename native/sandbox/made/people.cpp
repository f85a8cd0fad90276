#include "native/sandbox/made/people.hpp"

#include "native/sandbox/made/seed.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

// Different questions about a row must not get the same dice.
enum Salt : std::uint64_t { activity = 11, parent, twin, contact, money, twist, vendor_salt };

double cents(std::uint64_t dice, std::uint64_t upto) {
  return static_cast<double>(dice % (upto * 100)) / 100.0;
}

/// Made between 2018 and mid 2025, and changed some time in the year after.
Stamp stamp_of(std::uint64_t dice) {
  const std::int64_t created = 1'514'793'600 + static_cast<std::int64_t>(dice % 236'000'000);
  const std::int64_t updated = created + static_cast<std::int64_t>((dice >> 20) % 31'000'000);
  return {from_ms(created * 1000), from_ms(updated * 1000)};
}

}  // namespace

json record(const std::string& id, std::uint64_t dice) {
  const auto [created, updated] = stamp_of(dice);
  return {
      {"Id", id},
      {"SyncToken", std::to_string((dice >> 40) % 5)},
      {"domain", "QBO"},
      {"sparse", false},
      {"MetaData",
       {{"CreateTime", pacific_seconds(created)}, {"LastUpdatedTime", pacific_seconds(updated)}}}};
}

json reference(const std::string& value, const std::string& name) {
  return {{"value", value}, {"name", name}};
}

std::string near_duplicate(const std::string& name, std::uint64_t dice) {
  const std::string folded = fold_accents(name);
  if (folded != name) return folded;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z'); };
  if (dice % 3 != 0) {
    // A letter typed twice, somewhere inside.
    for (std::size_t i = 2 + dice % 5; i < name.size(); ++i)
      if (letter(name[i]) && letter(name[i - 1])) return name.substr(0, i) + name.substr(i - 1);
  }
  return name + (dice % 2 ? " (old)" : " II");
}

People::Shape People::shape(std::uint64_t row) const {
  const auto is_child = [](std::uint64_t at) { return at % 9 == 5; };
  const auto is_twin = [](std::uint64_t at) { return at % 23 == 11; };
  // The four rows before a child are never children themselves, so one level is enough.
  if (is_child(row)) return {Kind::child, row - 1 - mix(seed_, parent, row) % 4};
  if (!is_twin(row)) return {Kind::plain, row};
  std::uint64_t of = row - 1 - mix(seed_, twin, row) % 8;
  while (is_child(of)) --of;
  return {Kind::twin, of};
}

Name People::base_name(std::uint64_t row) const {
  const Shape s = shape(row);
  Name name = made_name(seed_, Stream::customers, s.of);
  if (s.kind == Kind::twin) name.display = near_duplicate(name.display, mix(seed_, twist, row));
  if (s.kind == Kind::child) {
    const Language& l = *base_name(s.of).language;
    name = {};
    name.display = made_city(l, mix(seed_, twist, row)) + " " + std::to_string(row + 1);
    name.language = &l;
  }
  return name;
}

bool People::customer_active(std::uint64_t row) const {
  if (mix(seed_, activity, row) % 14 == 0) return false;
  const Shape s = shape(row);
  return s.kind != Kind::child || customer_active(s.of);
}

std::string People::customer_display(std::uint64_t row) const {
  return base_name(row).display;
}

std::string People::full_name(std::uint64_t row) const {
  const Shape s = shape(row);
  std::string own = base_name(row).display;
  if (!customer_active(row)) own += inactive_suffix;
  return s.kind == Kind::child ? full_name(s.of) + ":" + own : own;
}

void People::add_contact(json& out, const Name& name, std::uint64_t dice) const {
  const Language& l = *name.language;
  if (!name.given.empty()) out["GivenName"] = name.given;
  if (!name.family.empty()) out["FamilyName"] = name.family;
  if (!name.company.empty()) out["CompanyName"] = name.company;
  if (dice % 6 != 0) {
    std::string slug = plain_slug(name.display);
    if (slug.size() < 4) slug = "office" + std::to_string(dice % 100000);
    const std::string mailbox = name.company.empty() ? slug + "@mail" : "accounts@" + slug;
    out["PrimaryEmailAddr"] = {{"Address", mailbox + ".example"}};
  }
  if (dice % 5 != 1)
    out["PrimaryPhone"] = {{"FreeFormNumber", std::string(l.dial) + " 555 " +
                                                  std::to_string(10000 + (dice >> 8) % 90000)}};
  out["BillAddr"] = {{"Id", std::to_string(dice % 900000 + 1)},
                     {"Line1", made_street(l, dice >> 4)},
                     {"City", made_city(l, dice >> 9)},
                     {"PostalCode", std::to_string(10000 + (dice >> 13) % 89999)},
                     {"Country", l.country}};
  out["CurrencyRef"] = reference(std::string(l.currency), std::string(l.currency));
}

Stamp People::stamp(bool of_customer, std::uint64_t row) const {
  return stamp_of(mix(of_customer ? seed_ : seed_ + vendor_salt, contact, row));
}

json People::customer(std::uint64_t row) const {
  const Shape s = shape(row);
  const Name name = base_name(row);
  const std::uint64_t dice = mix(seed_, contact, row), sum = mix(seed_, money, row);
  json out = record(std::to_string(row + 1), dice);
  const bool active = customer_active(row);
  const bool child = s.kind == Kind::child;
  out["DisplayName"] = name.display + std::string(active ? "" : inactive_suffix);
  out["PrintOnCheckName"] = name.display;
  out["FullyQualifiedName"] = full_name(row);
  out["Active"] = active;
  out["Job"] = child;
  out["BillWithParent"] = child && dice % 2 == 0;
  out["IsProject"] = false;
  out["Taxable"] = dice % 4 != 0;
  out["PreferredDeliveryMethod"] = dice % 3 == 0 ? "Print" : "Email";
  out["SalesTermRef"] = {{"value", std::to_string(dice % 5 + 1)}};
  const double balance = active && sum % 5 < 2 ? cents(sum >> 5, 25'000) : 0.0;
  out["Balance"] = balance;
  out["BalanceWithJobs"] = balance;
  add_contact(out, name, dice);
  if (child) {
    out["ParentRef"] = reference(std::to_string(s.of + 1), full_name(s.of));
    out["Level"] = 1;
  }
  return out;
}

bool People::vendor_active(std::uint64_t row) const {
  return mix(seed_ + vendor_salt, activity, row) % 16 != 0;
}

std::string People::vendor_display(std::uint64_t row) const {
  // Who buys and sells is in the books twice, and the second needs another display name.
  if (row % 17 == 8 && shape(row).kind == Kind::plain) return customer_display(row) + " (V)";
  return made_name(seed_, Stream::vendors, row).display;
}

json People::vendor(std::uint64_t row) const {
  const std::uint64_t dice = mix(seed_ + vendor_salt, contact, row);
  const bool both = row % 17 == 8 && shape(row).kind == Kind::plain;
  Name name = made_name(seed_, both ? Stream::customers : Stream::vendors, row);
  json out = record(std::to_string(customers_ + row + 1), dice);
  const bool active = vendor_active(row);
  out["DisplayName"] = vendor_display(row) + std::string(active ? "" : inactive_suffix);
  out["PrintOnCheckName"] = name.display;
  out["Active"] = active;
  out["Vendor1099"] = false;
  out["TermRef"] = {{"value", std::to_string(dice % 5 + 1)}};
  out["Balance"] = active && dice % 3 == 0 ? cents(dice >> 7, 9'000) : 0.0;
  if (dice % 4 == 0) out["AcctNum"] = "K-" + std::to_string(1000 + dice % 9000);
  add_contact(out, name, dice);
  return out;
}

}  // namespace rekey::sandbox
