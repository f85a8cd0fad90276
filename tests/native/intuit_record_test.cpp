// What rows of the accounting API are to people, whatever is in them.
#include "native/intuit/record.hpp"

#include <catch2/catch_test_macros.hpp>
#include <random>

#include "native/intuit/quickbooks_online.hpp"
#include "native/intuit/row_text.hpp"
#include "native/intuit/tax.hpp"
#include "native/words/words.hpp"

namespace rekey::intuit_record_test {

namespace {

using imports::Entity;
using mapping::Record;
using wire::Json;

Json row_of(const char* text) {
  return *wire::parse(text, "A row");
}

Record record(Entity entity, const char* row, const accounting::SmallLists& lists = {}) {
  return intuit::record_of(entity, row_of(row), lists);
}

std::string unnamed(const std::string& id) {
  return words::say("record.unnamed", {{"id", id}});
}

/// Names that rows have, so that random ones are looked at.
constexpr const char* member_names[] = {"Id",
                                        "Name",
                                        "DisplayName",
                                        "FullyQualifiedName",
                                        "Active",
                                        "ParentRef",
                                        "name",
                                        "value",
                                        "GivenName",
                                        "FamilyName",
                                        "CompanyName",
                                        "AcctNum",
                                        "PrimaryEmailAddr",
                                        "Address",
                                        "BillAddr",
                                        "ShipAddr",
                                        "Line1",
                                        "City",
                                        "Country",
                                        "WebAddr",
                                        "URI",
                                        "TaxIdentifier",
                                        "SalesTaxRateList",
                                        "TaxRateDetail",
                                        "TaxRateRef",
                                        "PrimaryPhone",
                                        "Description",
                                        "FreeFormNumber",
                                        "RateValue",
                                        "TaxPrefs",
                                        "Sku",
                                        "Type",
                                        "PartnerTaxEnabled"};
constexpr const char* odd_texts[] = {"",           " ",         ":",    "::",   "Amy:Kitchen",
                                     " (deleted)", "a@b, ;c@d", "true", "20 %", "XXX12"};

using Dice = std::mt19937;

std::size_t pick(Dice& dice, std::size_t sides) {
  return dice() % sides;
}

std::string any_text(Dice& dice) {
  std::string bytes;
  switch (pick(dice, 3)) {
    case 0:
      return odd_texts[pick(dice, std::size(odd_texts))];
    case 1:
      return std::string(pick(dice, 3) * 1200, static_cast<char>('a' + pick(dice, 26)));
    default:
      for (auto n = pick(dice, 30); n > 0; --n) bytes += static_cast<char>(pick(dice, 256));
      return bytes;
  }
}

/// A value of any kind, as deep as `depth`.
Json anything(Dice& dice, int depth) {
  Json out;
  switch (pick(dice, depth > 0 ? 9 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return pick(dice, 2) == 0;
    case 2:
      return static_cast<std::int64_t>(dice()) - (std::int64_t{1} << 31);
    case 3:
      return static_cast<double>(dice()) / 7;
    case 4:
    case 5:
      return any_text(dice);
    case 6:
      out = Json::array();
      for (auto n = pick(dice, 4); n > 0; --n) out.push_back(anything(dice, depth - 1));
      return out;
    default:
      out = Json::object();
      for (auto n = pick(dice, 12); n > 0; --n)
        out[member_names[pick(dice, std::size(member_names))]] = anything(dice, depth - 1);
      return out;
  }
}

}  // namespace

TEST_CASE("record: a customer or supplier is read with every field", "[intuit]") {
  const auto full = record(Entity::customer, R"({"Id":"3","DisplayName":"Kitchen",
    "FullyQualifiedName":"Amy:Kitchen","ParentRef":{"value":"1"},"GivenName":"Amy",
    "FamilyName":"Lau","CompanyName":"Lau Ltd","Active":true,"AcctNum":"70001",
    "PrimaryEmailAddr":{"Address":"amy@lau.example, office@lau.example;amy@lau.example"},
    "PrimaryPhone":{"FreeFormNumber":"(01) 555"},"Mobile":{"FreeFormNumber":"07700"},
    "BillAddr":{"Line1":"1 Mill Lane","Line3":"Floor 2","City":"Leeds","PostalCode":"LS1",
    "Country":"GBR"},"WebAddr":{"URI":"https://lau.example"},"TaxIdentifier":"GB 123"})");
  CHECK(full.name == "Kitchen");
  CHECK(full.parent == "Amy");
  CHECK(mapping::path_of(full) == "Amy:Kitchen");
  CHECK(full.given_name == "Amy");
  CHECK(full.family_name == "Lau");
  CHECK(full.company == "Lau Ltd");
  CHECK(full.emails == std::vector<std::string>{"amy@lau.example", "office@lau.example"});
  CHECK(full.phones == std::vector<std::string>{"(01) 555", "07700"});
  CHECK(full.street == "1 Mill Lane, Floor 2");
  CHECK(full.city == "Leeds");
  CHECK(full.postcode == "LS1");
  CHECK(full.country == "GBR");
  CHECK(full.website == "https://lau.example");
  CHECK(full.number == "70001");
  CHECK(full.tax_number == "GB 123");
  for (const char* masked : {R"({"TaxIdentifier":"XXXXXX1234"})", R"({"TaxIdentifier":"*****12"})"})
    CHECK(record(Entity::vendor, masked).tax_number.empty());
  CHECK(record(Entity::customer, R"({"Id":"4","DisplayName":"Shed","BillAddr":{},
    "ShipAddr":{"City":"York"}})")
            .city == "York");
}

TEST_CASE("record: accounts are called by their path, other lists by their name", "[intuit]") {
  const auto fees = record(Entity::account, R"({"Id":"1","Name":"Fees",
    "FullyQualifiedName":"Income:Fees","AcctNum":"4100","AccountType":"Income",
    "Classification":"Revenue"})");
  CHECK(fees.name == "Income:Fees");
  CHECK(fees.detail == "4100");
  CHECK(fees.number == "4100");
  CHECK(fees.kind == "Income");
  CHECK(mapping::path_of(fees) == "Income:Fees");
  const auto plain =
      record(Entity::account, R"({"Id":"2","Name":"Fees","Classification":"Revenue"})");
  CHECK(plain.name == "Fees");
  CHECK(plain.kind == "Revenue");
  CHECK(plain.detail == "Revenue");
  const auto lamp = record(Entity::item, R"({"Id":"3","Name":"Desk Lamp","Type":"Inventory",
    "FullyQualifiedName":"Lighting:Desk Lamp","Sku":"S-1"})");
  CHECK(lamp.name == "Desk Lamp");
  CHECK(lamp.parent == "Lighting");
  CHECK(lamp.number == "S-1");
  CHECK(lamp.kind == "Inventory");
  for (const auto entity : {Entity::class_, Entity::department})
    CHECK(record(entity, R"({"Id":"4","Name":"Online","FullyQualifiedName":"Retail:Shop:Online"})")
              .parent == "Retail:Shop");
  CHECK(record(Entity::term, R"({"Id":"5","Name":"Net 30"})") == Record{"5", "Net 30", "", true});
}

TEST_CASE("record: the word that QuickBooks adds to inactive ones goes, in paths too", "[intuit]") {
  const auto gone = record(Entity::customer, R"row({"Id":"3","DisplayName":"Ash (deleted)",
    "FullyQualifiedName":"Oak (deleted):Elm:Ash (deleted)","Active":false})row");
  CHECK(gone.name == "Ash");
  CHECK(gone.parent == "Oak:Elm");
  CHECK_FALSE(gone.active);
  CHECK_FALSE(record(Entity::customer, R"({"Id":"3","DisplayName":"A","Active":"false"})").active);
  CHECK(record(Entity::customer, R"({"Id":"3","DisplayName":"A","Active":{}})").active);
}

TEST_CASE("record: a missing name is made of what there is, or said to be none", "[intuit]") {
  const auto name = [](const char* row) { return record(Entity::customer, row).name; };
  CHECK(name(R"({"Id":"1","FullyQualifiedName":"Amy:Kitchen"})") == "Kitchen");
  CHECK(name(R"({"Id":"1","DisplayName":null,"CompanyName":"Lau Ltd"})") == "Lau Ltd");
  CHECK(name(R"({"Id":"1","DisplayName":"  ","GivenName":"Amy","FamilyName":"Lau"})") == "Amy Lau");
  CHECK(name(R"({"Id":"1","FamilyName":"Lau"})") == "Lau");
  CHECK(name(R"({"Id":"1","DisplayName":["x"]})") == unnamed("1"));
  CHECK(name(R"({"Id":"1","DisplayName":17})") == "17");
  CHECK(name(R"({"Id":"1","DisplayName":true})") == "true");
  CHECK(name("{\"Id\":\"1\",\"DisplayName\":\" Amy\\n\\tLau\\u0000 \"}") == "Amy  Lau");
  CHECK(record(Entity::account, R"({"Id":8})").name == unnamed("8"));
  CHECK(record(Entity::account, R"({"Id":8})").id == "8");
  CHECK(record(Entity::customer, "null").name == unnamed(""));
  CHECK(unnamed("1") != unnamed("2"));
}

TEST_CASE("record: a name of 500 characters is whole, and a longer one has no half a character",
          "[intuit]") {
  std::string name;
  for (int i = 0; i < 500; ++i) name += "\xf0\x9f\x8c\xb3";
  CHECK(intuit::record_of(Entity::customer, {{"Id", "1"}, {"DisplayName", name}}).name == name);
  const auto longer =
      intuit::record_of(Entity::customer, {{"Id", "1"}, {"DisplayName", "ab" + name + name}}).name;
  CHECK(longer.size() == intuit::longest_text - 2);
  CHECK(longer.substr(longer.size() - 4) == "\xf0\x9f\x8c\xb3");
  // It can be chosen and saved.
  mapping::Configuration chosen;
  chosen.customers = {{"c", "1", longer}};
  CHECK(mapping::checked(chosen));
}

TEST_CASE("record: whatever a row holds, it is a record with a name that can be shown",
          "[intuit]") {
  Dice dice(20261130);
  for (int i = 0; i < 8'000; ++i) {
    const auto entity = wire::all_of<Entity>[dice() % wire::all_of<Entity>.size()];
    const auto row = anything(dice, 4);
    accounting::SmallLists lists;
    for (const auto small : {Entity::tax_rate, Entity::preferences, Entity::company_info})
      lists[small] = {anything(dice, 3), anything(dice, 3)};
    Record read;
    INFO(i);  // with which of the rows; they are the same each time
    REQUIRE_NOTHROW(read = intuit::record_of(entity, row, lists));
    REQUIRE_NOTHROW(intuit::has_automated_sales_tax(lists));
    REQUIRE(!read.name.empty());
    REQUIRE(read.name.size() <= intuit::longest_text);
    REQUIRE(read.name.find('\n') == read.name.npos);
    REQUIRE(read.emails.size() <= 20);
    REQUIRE(wire::parse(wire::dump(wire::write(read)), "It"));
  }
}

TEST_CASE("record: tax codes show their rates", "[intuit]") {
  accounting::SmallLists lists;
  lists[Entity::tax_rate] = {row_of(R"({"Id":"1","RateValue":20})"),
                             row_of(R"({"Id":"2","RateValue":"17.5"})"),
                             row_of(R"({"Id":3,"RateValue":0})"),
                             row_of(R"({"Id":"4","RateValue":0.1})"),
                             row_of(R"({"Id":"5","RateValue":0.2})"),
                             row_of(R"({"Id":"6","RateValue":"none"})"),
                             Json(nullptr)};
  const auto list = [](std::initializer_list<const char*> ids, const char* applies) {
    Json details = Json::array();
    for (const auto* id : ids)
      details.push_back({{"TaxRateRef", {{"value", id}}}, {"TaxTypeApplicable", applies}});
    return Json{{"TaxRateDetail", details}};
  };
  const auto detail = [&](std::initializer_list<const char*> sales,
                          std::initializer_list<const char*> purchases, const char* description,
                          const char* applies = "TaxOnAmount") {
    return intuit::record_of(Entity::tax_code,
                             {{"Id", "9"},
                              {"Name", "Std"},
                              {"Description", description},
                              {"SalesTaxRateList", list(sales, applies)},
                              {"PurchaseTaxRateList", list(purchases, applies)}},
                             lists)
        .detail;
  };
  CHECK(detail({"1"}, {"1"}, "") == "20 %");
  CHECK(detail({"1"}, {}, "Standard") == "Standard · 20 %");
  CHECK(detail({"1"}, {}, "It is 20 % now") == "It is 20 % now");
  CHECK(detail({"2"}, {"3"}, "") == "17.5 % on sales, 0 % on purchases");
  CHECK(detail({}, {"1"}, "") == "20 % on purchases");
  // Several are added, without what binary fractions add to it.
  CHECK(detail({"4", "5"}, {}, "") == "0.3 %");
  CHECK(detail({"1", "4"}, {}, "", "TaxOnTax").empty());
  CHECK(detail({"1", "7"}, {}, "Odd") == "Odd");
  CHECK(detail({"6"}, {}, "Odd") == "Odd");
  CHECK(detail({}, {}, "None") == "None");
}

TEST_CASE("record: companies under automated sales tax have TAX and NON", "[intuit]") {
  const auto system = intuit::quickbooks_online().make({}, nullptr, [] { return from_ms(0); });
  const auto codes = [&](const char* info, const char* preferences, Entity entity) {
    accounting::SmallLists lists;
    lists[Entity::company_info] = {row_of(info)};
    lists[Entity::preferences] = {row_of(preferences)};
    std::string out;
    for (const auto& each : system->records_beside(entity, lists)) out += each.id + " ";
    return out;
  };
  constexpr const char* automated = R"({"TaxPrefs":{"PartnerTaxEnabled":true}})";
  for (const char* info :
       {R"({"Country":"US"})", R"({"Country":"usa"})", R"({"LegalAddr":{"Country":"USA"}})", "{}"})
    CHECK(codes(info, automated, Entity::tax_code) == "TAX NON ");
  CHECK(codes(R"({"Country":"US"})", R"({"TaxPrefs":{"PartnerTaxEnabled":"true"}})",
              Entity::tax_code) == "TAX NON ");
  CHECK(codes(R"({"Country":"US"})", automated, Entity::customer).empty());
  CHECK(codes(R"({"Country":"CA"})", automated, Entity::tax_code).empty());
  CHECK(codes(R"({"Country":"GBR"})", automated, Entity::tax_code).empty());
  for (const char* other : {R"({"TaxPrefs":{"PartnerTaxEnabled":false}})",
                            R"({"TaxPrefs":{"UsingSalesTax":true}})", R"({"TaxPrefs":[]})", "null"})
    CHECK(codes(R"({"Country":"US"})", other, Entity::tax_code).empty());
  CHECK(system->records_beside(Entity::tax_code, {}).empty());
}

}  // namespace rekey::intuit_record_test
