#include <catch2/catch_test_macros.hpp>
#include <string>

#include "native/sandbox/schema/query.hpp"

namespace rekey::sandbox_query_test {

using namespace rekey::sandbox;

namespace {

/// "code@column" of the refusal, or "ok".
std::string verdict(std::string_view text) {
  const auto query = parse_query(text);
  return query ? "ok" : query.error().code + "@" + std::to_string(query.error().column);
}

}  // namespace

TEST_CASE("query: a plain select reads everything of an entity, from the first, a hundred at most",
          "[sandbox]") {
  const auto query = parse_query("SELECT * FROM Customer");
  REQUIRE(query);
  CHECK(query->entity == Entity::customer);
  CHECK_FALSE(query->count);
  CHECK(query->properties.empty());
  CHECK(query->conditions.empty());
  CHECK(query->start == 1);
  CHECK(query->limit == 100);
}

TEST_CASE("query: every clause is understood, in any case and with ORDERBY in one word or two",
          "[sandbox]") {
  for (const char* text :
       {"SELECT * FROM Vendor WHERE Active IN (true, false) AND DisplayName LIKE 'A%' ORDERBY "
        "DisplayName DESC STARTPOSITION 11 MAXRESULTS 1000",
        "select * from vendor where active in (TRUE,False) and displayname like 'A%' order by "
        "displayname desc startposition 11 maxresults 1000"}) {
    CAPTURE(text);
    const auto query = parse_query(text);
    REQUIRE(query);
    CHECK(query->entity == Entity::vendor);
    REQUIRE(query->conditions.size() == 2);
    CHECK(query->conditions[0].property == "Active");
    CHECK(query->conditions[0].op == Operator::in);
    CHECK(query->conditions[0].values == std::vector<std::string>{"true", "false"});
    CHECK(query->conditions[1].property == "DisplayName");
    CHECK(query->conditions[1].op == Operator::like);
    REQUIRE(query->orderings.size() == 1);
    CHECK(query->orderings[0].property == "DisplayName");
    CHECK(query->orderings[0].descending);
    CHECK(query->start == 11);
    CHECK(query->limit == 1000);
  }
}

TEST_CASE("query: count(*) asks for a number, with or without blanks", "[sandbox]") {
  for (const char* text : {"select count(*) from Item", "SELECT COUNT ( * ) FROM Item"}) {
    const auto query = parse_query(text);
    REQUIRE(query);
    CHECK(query->count);
    CHECK(query->entity == Entity::item);
  }
}

TEST_CASE("query: every operator is told from the others", "[sandbox]") {
  const std::pair<const char*, Operator> all[] = {
      {"=", Operator::equal},   {"!=", Operator::differs}, {"<", Operator::less},
      {">", Operator::greater}, {"<=", Operator::at_most}, {">=", Operator::at_least},
      {"LIKE", Operator::like}};
  for (const auto& [text, op] : all) {
    const auto query =
        parse_query("SELECT * FROM Customer WHERE Balance " + std::string(text) + " '5'");
    REQUIRE(query);
    CHECK(query->conditions.at(0).op == op);
  }
}

TEST_CASE("query: a quote and a backslash in a text are written with a backslash", "[sandbox]") {
  const auto query = parse_query(R"(SELECT * FROM Customer WHERE DisplayName = 'O\'Hollow \\ Co')");
  REQUIRE(query);
  CHECK(query->conditions.at(0).values.at(0) == R"(O'Hollow \ Co)");
}

TEST_CASE("query: chosen properties are kept, and a star beside them means everything",
          "[sandbox]") {
  CHECK(parse_query("SELECT Id, DisplayName FROM Customer")->properties ==
        std::vector<std::string>{"Id", "DisplayName"});
  CHECK(parse_query("SELECT *, Sku FROM Item")->properties.empty());
}

TEST_CASE("query: what does not read is 4000 with the column of the first wrong word",
          "[sandbox]") {
  CHECK(verdict("") == "4000@1");
  CHECK(verdict("   ") == "4000@4");
  CHECK(verdict("DELETE FROM Customer") == "4000@1");
  CHECK(verdict("SELECT FROM Customer") == "4000@8");
  CHECK(verdict("SELECT * Customer") == "4000@10");
  CHECK(verdict("SELECT * FROM") == "4000@14");
  CHECK(verdict("SELECT * FROM Customer WHERE") == "4000@29");
  CHECK(verdict("SELECT * FROM Customer WHERE Id") == "4000@32");
  CHECK(verdict("SELECT * FROM Customer WHERE Id =") == "4000@34");
  CHECK(verdict("SELECT * FROM Customer WHERE Id = 'a") == "4000@35");
  CHECK(verdict("SELECT * FROM Customer WHERE Id IN ('1'") == "4000@40");
  CHECK(verdict("SELECT * FROM Customer WHERE Id = '1' OR Id = '2'") == "4000@39");
  CHECK(verdict("SELECT * FROM Customer LIMIT 5") == "4000@24");
  CHECK(verdict("SELECT * FROM Customer STARTPOSITION -1") == "4000@38");
  CHECK(verdict("SELECT * FROM Customer MAXRESULTS 1.5") == "4000@35");
  CHECK(verdict("SELECT * FROM Customer; DROP TABLE Customer") == "4000@23");
  CHECK(verdict("SELECT count(Id) FROM Customer") == "4000@14");
  CHECK(verdict("SELECT * FROM Customer MAXRESULTS 99999999999999999999999") == "4000@35");
}

TEST_CASE("query: a bare number in a condition is refused, a quoted one is not", "[sandbox]") {
  CHECK(verdict("SELECT * FROM Customer WHERE Balance > 0") == "4000@40");
  CHECK(verdict("SELECT * FROM Customer WHERE Balance > '0'") == "ok");
}

TEST_CASE("query: what reads but is not there is 4001 with the column of its name", "[sandbox]") {
  CHECK(verdict("SELECT * FROM Unicorn") == "4001@15");
  CHECK(verdict("SELECT * FROM Customer WHERE Shoe = '1'") == "4001@30");
  CHECK(verdict("SELECT * FROM Customer WHERE CustomerTypeRef = '1'") == "4001@30");
  CHECK(verdict("SELECT * FROM Customer ORDERBY Shoe") == "4001@32");
  CHECK(verdict("SELECT * FROM Customer STARTPOSITION 0") == "4001@38");
  CHECK(verdict("SELECT * FROM Customer MAXRESULTS 0") == "4001@35");
  CHECK(verdict("SELECT * FROM Customer MAXRESULTS 1001") == "4001@35");
  CHECK(parse_query("SELECT * FROM Customer WHERE Shoe = '1'")
            .error()
            .detail.find("Property Shoe not found for Entity Customer") != std::string::npos);
}

TEST_CASE(
    "query: any prefix and any single changed byte of a good query is answered, not crashed on",
    "[sandbox]") {
  const std::string good =
      "SELECT Id, DisplayName FROM Customer WHERE Active IN (true,false) AND DisplayName LIKE "
      "'%\\'x%' ORDERBY Id ASC STARTPOSITION 3 MAXRESULTS 7";
  REQUIRE(parse_query(good));
  int refused = 0;
  for (std::size_t length = 0; length < good.size(); ++length) {
    const std::string prefix = good.substr(0, length);
    const auto query = parse_query(prefix);
    if (!query) {
      ++refused;
      CHECK(query.error().column >= 1);
      CHECK(query.error().column <= length + 1);
    }
    for (const char c : {'\0', '\'', '\\', '(', ' ', '\xff', '9'}) {
      std::string changed = good;
      changed[length] = c;
      if (const auto other = parse_query(changed); !other)
        CHECK((other.error().code == "4000" || other.error().code == "4001"));
    }
  }
  CHECK(refused > 60);
}

TEST_CASE("query: several properties may be ordered by, each in its direction", "[sandbox]") {
  const auto query =
      parse_query("SELECT * FROM Customer ORDERBY FamilyName desc, GivenName, Id ASC MAXRESULTS 3");
  REQUIRE(query);
  REQUIRE(query->orderings.size() == 3);
  CHECK(query->orderings[0].property == "FamilyName");
  CHECK(query->orderings[0].descending);
  CHECK(query->orderings[1].property == "GivenName");
  CHECK(!query->orderings[1].descending);
  CHECK(query->orderings[2].property == "Id");
  CHECK(query->limit == 3);
  CHECK(parse_query("SELECT * FROM Customer ORDERBY FamilyName, MAXRESULTS 3").error().code ==
        "4001");
  CHECK(parse_query("SELECT * FROM Customer ORDERBY FamilyName,").error().code == "4000");
}

TEST_CASE("query: a blank in quotes is nothing, and CURRENT_DATE is the day", "[sandbox]") {
  const auto query = parse_query(
      "SELECT * FROM Customer WHERE CompanyName = ' ' AND MetaData.CreateTime <= current_date",
      rekey::from_ms(1'795'000'000'000));
  REQUIRE(query);
  CHECK(query->conditions[0].values == std::vector<std::string>{""});
  CHECK(query->conditions[1].values == std::vector<std::string>{"2026-11-18"});
}

}  // namespace rekey::sandbox_query_test
