// What was imported of a company, as records that people can choose.
#include "native/work/company_records.hpp"

#include <catch2/catch_test_macros.hpp>

#include "native/intuit/quickbooks_online.hpp"
#include "native/store/connections.hpp"
#include "native/store/schema.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::work::company_records_test {

namespace {

using imports::Entity;

struct Company {
  Company() {
    store::prepare_schema(db);
    store::put_tenant(db, "acme", "Acme", from_ms(0));
    connection = store::ensure_connection(db, "acme", "quickbooks-online", from_ms(0)).id;
  }
  /// Makes a list these rows.
  void import(Entity entity, const std::vector<wire::Json>& bodies) {
    const store::List list{connection, "77", entity};
    std::vector<imports::Row> rows;
    for (const auto& each : bodies)
      rows.push_back({each.at("Id").get<std::string>(), wire::dump(each)});
    store::begin_list(db, list, ++run, {});
    store::put_staged(db, list, run, 0, rows, from_ms(run));
    const store::ListRead read{entity, static_cast<std::int64_t>(rows.size())};
    store::use_staged(db, connection, "77", std::span(&read, 1), from_ms(run));
  }
  CompanyRecords records() { return {db, *system, connection, "77"}; }
  std::string ids(Entity entity) {
    std::string out;
    for (const auto& each : records().list(db, entity)) out += each.id + " ";
    std::string one_by_one;
    records().each(
        db, entity, [](const std::string&) { return true; },
        [&](const mapping::Record& each) { one_by_one += each.id + " "; });
    CHECK(one_by_one == out);
    return out;
  }

  store::TestDatabase file;
  store::Database db{file.name()};
  std::shared_ptr<const accounting::System> system =
      intuit::quickbooks_online().make({}, nullptr, [] { return from_ms(0); });
  std::string connection;
  std::int64_t run = 0;
};

wire::Json tax_code(const char* id, const char* rate) {
  return {{"Id", id},
          {"Name", "Std"},
          {"SalesTaxRateList", {{"TaxRateDetail", {{{"TaxRateRef", {{"value", rate}}}}}}}}};
}

}  // namespace

TEST_CASE("company records: two tax codes of one name are told apart by their rates", "[work]") {
  Company company;
  company.import(Entity::tax_code, {tax_code("2", "1"), tax_code("3", "2")});
  company.import(Entity::tax_rate,
                 {{{"Id", "1"}, {"RateValue", 20}}, {{"Id", "2"}, {"RateValue", 5}}});
  const auto codes = company.records().list(company.db, Entity::tax_code);
  REQUIRE(codes.size() == 2);
  CHECK(codes[0].detail == "20 %");
  CHECK(codes[1].detail == "5 %");
}

TEST_CASE("company records: TAX and NON stand beside the codes, and never twice", "[work]") {
  Company company;
  company.import(Entity::tax_code, {tax_code("2", "1")});
  CHECK(company.ids(Entity::tax_code) == "2 ");
  company.import(Entity::company_info, {{{"Id", "1"}, {"Country", "US"}}});
  company.import(Entity::preferences, {{{"Id", "1"}, {"TaxPrefs", {{"PartnerTaxEnabled", true}}}}});
  CHECK(company.ids(Entity::tax_code) == "2 TAX NON ");
  CHECK(company.ids(Entity::customer).empty());
  // A company that lists one of them itself.
  company.import(Entity::tax_code, {tax_code("2", "1"), tax_code("TAX", "1")});
  CHECK(company.ids(Entity::tax_code) == "2 TAX NON ");
  // What is gone is not there.
  company.import(Entity::company_info, {{{"Id", "1"}, {"Country", "CA"}}});
  CHECK(company.ids(Entity::tax_code) == "2 TAX ");
}

}  // namespace rekey::work::company_records_test
