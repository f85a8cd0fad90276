#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>
#include <string>
#include <unordered_set>

#include "native/sandbox/books/company.hpp"
#include "native/sandbox/books/query_run.hpp"
#include "native/sandbox/made/names.hpp"
#include "native/sandbox/text/letters.hpp"

namespace rekey::sandbox_company_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

Company demo() {
  return Company({"9130347712345678", "Marlowe Lantern Supply", 1200});
}

json ask(const Company& company, std::string_view text) {
  const auto query = parse_query(text);
  REQUIRE(query);
  const auto answer = run_query(company, *query);
  REQUIRE(answer);
  return *answer;
}

std::size_t in_list(const json& answer, const char* entity) {
  return answer.contains(entity) ? answer[entity].size() : 0;
}

/// Whether the text has a letter between two code points; enough to tell scripts apart.
bool has_between(const std::string& text, unsigned first, unsigned last) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto a = static_cast<unsigned char>(text[i]), b = static_cast<unsigned char>(text[i + 1]);
    const unsigned char c = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0;
    unsigned point = 0;
    if ((a & 0xe0U) == 0xc0U) point = (a & 0x1fU) << 6U | (b & 0x3fU);
    if ((a & 0xf0U) == 0xe0U) point = (a & 0x0fU) << 12U | (b & 0x3fU) << 6U | (c & 0x3fU);
    if (point >= first && point <= last) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("company: a size is read from the end, and a name may hold colons", "[sandbox]") {
  CHECK(parse_company("1:Acorn")->size == 1200);
  CHECK(parse_company("1:Acorn:50")->size == 50);
  CHECK(parse_company("1:Acorn:50")->name == "Acorn");
  CHECK(parse_company("1:A: the shop")->name == "A: the shop");
  CHECK(parse_company("1:A: the shop:7")->size == 7);
  for (const char* bad :
       {"", "1", "1:", ":Acorn", ":", "1::5", "1:A:99999999999", "1/2:A", "1 2:A"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_company(bad));
  }
}

TEST_CASE("company: the same id gives the same books, another id gives others", "[sandbox]") {
  const Company one = demo(), again = demo(), other({"4620816365000001", "Other", 1200});
  for (const Entity entity : all_entities())
    for (std::uint64_t row = 0; row < std::min<std::uint64_t>(one.rows(entity), 50); ++row)
      REQUIRE(one.read(entity, row) == again.read(entity, row));
  int different = 0;
  for (std::uint64_t row = 0; row < 50; ++row)
    different += one.read(Entity::customer, row)["DisplayName"] !=
                 other.read(Entity::customer, row)["DisplayName"];
  CHECK(different > 40);
}

TEST_CASE("company: the demo's has 1,200 customers, 300 vendors and a real chart of accounts",
          "[sandbox]") {
  const Company company = demo();
  CHECK(company.rows(Entity::customer) == 1200);
  CHECK(company.rows(Entity::vendor) == 300);
  CHECK(company.rows(Entity::account) >= 55);
  for (const Entity entity : all_entities()) CHECK(company.rows(entity) >= 1);
}

TEST_CASE("company: display names are unique over customers and vendors, at any size",
          "[sandbox]") {
  const Company company({"77", "Large", 100'000});
  std::unordered_set<std::string> seen;
  for (std::uint64_t row = 0; row < 100'000; ++row) {
    const std::string name = company.people().customer_display(row);
    INFO(name);
    REQUIRE(seen.insert(name).second);
  }
  for (std::uint64_t row = 0; row < 25'000; ++row) {
    const std::string name = company.people().vendor_display(row);
    INFO(name);
    REQUIRE(seen.insert(name).second);
  }
}

TEST_CASE("company: names come in many scripts, with sub-customers, inactive ones and near-twins",
          "[sandbox]") {
  const Company company = demo();
  std::map<std::string, int> scripts;
  int children = 0, inactive = 0;
  std::set<std::string> currencies;
  for (std::uint64_t row = 0; row < 1200; ++row) {
    const json customer = company.read(Entity::customer, row);
    const std::string name = customer["DisplayName"];
    scripts["accents"] += has_between(name, 0xc0, 0x17f);
    scripts["greek"] += has_between(name, 0x370, 0x3ff);
    scripts["cyrillic"] += has_between(name, 0x400, 0x4ff);
    scripts["arabic"] += has_between(name, 0x600, 0x6ff);
    scripts["kana or han"] += has_between(name, 0x3040, 0x9fff);
    scripts["hangul"] += has_between(name, 0xac00, 0xd7a3);
    currencies.insert(customer["CurrencyRef"]["value"]);
    if (!customer["Active"]) {
      ++inactive;
      CHECK(name.ends_with(" (deleted)"));
    }
    if (!customer["Job"]) continue;
    ++children;
    const auto parent =
        company.row_of(Entity::customer, customer["ParentRef"]["value"].get<std::string>());
    REQUIRE(parent);
    const json above = company.read(Entity::customer, *parent);
    CHECK(customer["FullyQualifiedName"] ==
          above["FullyQualifiedName"].get<std::string>() + ":" + name);
    CHECK_FALSE(above["Job"]);
  }
  for (const auto& [script, count] : scripts) {
    CAPTURE(script);
    CHECK(count >= 10);
  }
  CHECK(children > 100);
  CHECK(inactive > 50);
  CHECK(inactive < 200);
  CHECK(currencies.size() >= 10);
}

TEST_CASE("company: a near-twin is like its original and never the same", "[sandbox]") {
  for (const char* name : {"Löwenbach Optik GmbH", "Thornmere Joinery Ltd", "霧浜工房", "Ы", "a"})
    for (std::uint64_t dice = 0; dice < 30; ++dice) CHECK(near_duplicate(name, dice) != name);
  CHECK(near_duplicate("Löwenbach", 0) == "Lowenbach");
}

TEST_CASE("company: a record is found by its id, and only its own kind has it", "[sandbox]") {
  const Company company = demo();
  for (const Entity entity : all_entities()) {
    const std::uint64_t last = company.rows(entity) - 1;
    for (const std::uint64_t row : {std::uint64_t{0}, last})
      CHECK(company.row_of(entity, company.read(entity, row)["Id"].get<std::string>()) == row);
  }
  CHECK_FALSE(company.row_of(Entity::customer, "1201"));
  CHECK(company.row_of(Entity::vendor, "1201"));
  CHECK_FALSE(company.row_of(Entity::vendor, "1"));
  for (const char* bad : {"", "0", "-1", "01", "x", "99999999999999999999999"})
    CHECK_FALSE(company.row_of(Entity::customer, bad));
}

TEST_CASE("run: lists answer active records unless Active is asked about", "[sandbox]") {
  const Company company = demo();
  const auto total = [&](const char* where) {
    return ask(company, "SELECT count(*) FROM Customer " + std::string(where))["totalCount"]
        .get<int>();
  };
  const int active = total(""), inactive = total("WHERE Active = false");
  CHECK(active < 1200);
  CHECK(active + inactive == 1200);
  CHECK(total("WHERE Active IN (true, false)") == 1200);
  CHECK(total("WHERE Active = true") == active);
}

TEST_CASE("run: pages put together are the whole list, each record once, in order of ids",
          "[sandbox]") {
  const Company company = demo();
  std::vector<int> ids;
  for (int start = 1;; start += 333) {
    const json page =
        ask(company, "SELECT * FROM Customer WHERE Active IN (true,false) STARTPOSITION " +
                         std::to_string(start) + " MAXRESULTS 333");
    if (page.empty()) break;
    CHECK(page["startPosition"] == start);
    CHECK(page["maxResults"] == page["Customer"].size());
    for (const json& customer : page["Customer"])
      ids.push_back(std::stoi(customer["Id"].get<std::string>()));
  }
  REQUIRE(ids.size() == 1200);
  for (int i = 0; i < 1200; ++i) CHECK(ids[static_cast<std::size_t>(i)] == i + 1);
}

TEST_CASE("run: a page past the end is an empty object", "[sandbox]") {
  CHECK(ask(demo(), "SELECT * FROM Customer STARTPOSITION 5000") == json::object());
}

TEST_CASE("run: conditions compare texts without case, numbers as numbers, times as instants",
          "[sandbox]") {
  const Company company = demo();
  const std::string name = company.read(Entity::account, 0)["Name"];
  CHECK(in_list(ask(company, "SELECT * FROM Account WHERE Name = 'current account'"), "Account") ==
        1);
  CHECK(name == "Current Account");
  const json rich = ask(company, "SELECT * FROM Customer WHERE Balance > '9000' MAXRESULTS 1000");
  CHECK(in_list(rich, "Customer") > 0);
  for (const json& customer : rich["Customer"]) CHECK(customer["Balance"].get<double>() > 9000);
  const auto since = [&](const char* time) {
    return ask(company, "SELECT count(*) FROM Customer WHERE MetaData.LastUpdatedTime > '" +
                            std::string(time) + "'")["totalCount"]
        .get<int>();
  };
  CHECK(since("1999-01-01") > 0);
  CHECK(since("2023-01-01T00:00:00-08:00") == since("2023-01-01T08:00:00Z"));
  CHECK(since("2023-01-01T00:00:00Z") >= since("2023-06-01T00:00:00Z"));
  CHECK(since("2099-01-01") == 0);
}

TEST_CASE("run: LIKE takes a percent sign anywhere, and nothing else is special", "[sandbox]") {
  const Company company = demo();
  const auto names = [&](const char* pattern) {
    return in_list(ask(company, "SELECT * FROM Account WHERE Name LIKE '" + std::string(pattern) +
                                    "' MAXRESULTS 1000"),
                   "Account");
  };
  CHECK(names("Accounts Receivable%") == 3);
  CHECK(names("%EUR") == 2);
  CHECK(names("%receivable%EUR%") == 1);
  CHECK(names("Current Account") == 1);
  CHECK(names("Current") == 0);
  CHECK(names("Current_Account") == 0);
  CHECK(names("%") > 50);
}

TEST_CASE("run: an ordering sorts before the page is cut", "[sandbox]") {
  const Company company = demo();
  const json up = ask(company, "SELECT * FROM Account ORDERBY Name MAXRESULTS 5");
  const json down = ask(company, "SELECT * FROM Account ORDERBY Name DESC MAXRESULTS 1000");
  const auto& all = down["Account"];
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(up["Account"][i]["Name"] == all[all.size() - 1 - i]["Name"]);
  const json last = ask(company, "SELECT * FROM Customer ORDERBY Id DESC MAXRESULTS 2");
  CHECK(std::stoi(last["Customer"][0]["Id"].get<std::string>()) >
        std::stoi(last["Customer"][1]["Id"].get<std::string>()));
}

TEST_CASE("run: where the first property says nothing, the next one orders", "[sandbox]") {
  const Company company = demo();
  const json rows = ask(company,
                        "SELECT * FROM Account WHERE Active IN (true, false) ORDERBY AccountType "
                        "DESC, Name MAXRESULTS 1000")["Account"];
  REQUIRE(rows.size() == company.rows(Entity::account));
  std::size_t ties = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto type = [&](std::size_t at) {
      return lower_case(rows[at]["AccountType"].get<std::string>());
    };
    const auto name = [&](std::size_t at) {
      return lower_case(rows[at]["Name"].get<std::string>());
    };
    CHECK(type(i - 1) >= type(i));
    if (type(i - 1) != type(i)) continue;
    ++ties;
    CHECK(name(i - 1) <= name(i));
  }
  CHECK(ties > 20);
  // The same once more, and others in between: what is kept of orders is not mistaken.
  for (const char* other : {"Name", "Name DESC, AccountType", "AccountType, Name"})
    CHECK(ask(company, "SELECT * FROM Account ORDERBY " + std::string(other))["Account"] != rows);
  CHECK(ask(company,
            "SELECT * FROM Account WHERE Active IN (true, false) ORDERBY AccountType DESC, "
            "Name MAXRESULTS 1000")["Account"] == rows);
}

TEST_CASE("run: chosen properties are answered alone, and unknown ones refused", "[sandbox]") {
  const Company company = demo();
  const json some = ask(company, "SELECT Id, DisplayName FROM Customer MAXRESULTS 1");
  CHECK(some["Customer"][0].size() == 4);  // with domain and sparse
  CHECK(some["Customer"][0].contains("DisplayName"));
  const auto bad = run_query(company, *parse_query("SELECT Shoe FROM Customer"));
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == "4001");
}

TEST_CASE("run: a word that only looks like a number is compared as a word", "[sandbox]") {
  const Company company = demo();
  CHECK(ask(company, "SELECT * FROM Customer WHERE Balance = 'nan'") == json::object());
}

}  // namespace rekey::sandbox_company_test
