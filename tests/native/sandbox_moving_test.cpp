// Lists that move while they are read, queries that are not followed, and records that are bad.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>

#include "native/sandbox/books/moving.hpp"
#include "native/sandbox/books/query_run.hpp"
#include "native/sandbox/control/fault_rows.hpp"
#include "sandbox_writer.hpp"

namespace rekey::sandbox_moving_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

const Instant now = from_ms(1'795'000'000'000);

std::vector<std::string> ids_of(const json& response, const char* list = "Customer") {
  std::vector<std::string> out;
  for (const auto& record : response.value(list, json::array()))
    out.push_back(record.value("Id", ""));
  return out;
}

json run(const Company& company, const std::string& text) {
  const auto query = parse_query(text);
  REQUIRE(query);
  const auto answer = run_query(company, *query);
  REQUIRE(answer);
  return *answer;
}

/// All ids of a list by pages of so many.
std::vector<std::string> paged(const Company& company, const std::string& query,
                               std::size_t size = 7) {
  std::vector<std::string> out;
  for (;;) {
    const auto page =
        ids_of(run(company, query + " STARTPOSITION " + std::to_string(out.size() + 1) +
                                " MAXRESULTS " + std::to_string(size)));
    out.insert(out.end(), page.begin(), page.end());
    if (page.size() < size) return out;
  }
}

const std::string everyone = "select * from Customer where Active in (true, false)";

json rule_of(const std::string& kind, const json& more = json::object()) {
  json rule = {{"route", "query"}, {"kind", kind}, {"count", -1}};
  rule.update(more);
  return rule;
}

}  // namespace

TEST_CASE("moving: each move does what it says, and the same dice do the same", "[sandbox]") {
  for (const std::uint64_t dice : {1u, 2u, 3u, 4u, 5u}) {
    Company one({"77", "One", 50}), two({"77", "One", 50});
    for (const auto move :
         {RowMove::insert, RowMove::remove, RowMove::rename, RowMove::merge, RowMove::change}) {
      CAPTURE(dice, static_cast<int>(move));
      const auto before = paged(one, everyone);
      const auto moved = move_row(one, Entity::customer, move, dice, now);
      const auto again = move_row(two, Entity::customer, move, dice, now);
      REQUIRE(moved);
      REQUIRE(again);
      CHECK(moved->id == again->id);
      const auto after = paged(one, everyone);
      const bool fewer = move == RowMove::remove || move == RowMove::merge;
      CHECK(after.size() == before.size() + (move == RowMove::insert ? 1 : 0) - (fewer ? 1 : 0));
      CHECK((std::count(after.begin(), after.end(), moved->id) == 0) == fewer);
      CHECK(run(one, "select * from Customer where Id = '" + moved->id + "'").empty() == fewer);
    }
    CHECK(paged(one, everyone) == paged(two, everyone));
  }
}

TEST_CASE("moving: a list in another order has each row once, and one by ids is not touched",
          "[sandbox]") {
  Company company({"78", "One", 83});
  const auto before = paged(company, everyone);
  REQUIRE(before.size() == 83);
  for (std::uint64_t dice = 1; dice < 30; ++dice) {
    REQUIRE(move_row(company, Entity::customer, RowMove::reorder, dice, now));
    auto after = paged(company, everyone);
    CHECK(after != before);
    CHECK(paged(company, everyone + " orderby Id") == before);
    std::sort(after.begin(), after.end());
    CHECK(std::set<std::string>(after.begin(), after.end()).size() == before.size());
  }
}

TEST_CASE("moving: what moves is told by cdc, and what is gone as Deleted", "[sandbox]") {
  Writer writer;
  const auto changes = [&](const json& body) {
    return json_of(writer.harness.post_json("/sandbox/changes", body));
  };
  const json gone =
      changes({{"realm", realm}, {"entity", "Customer"}, {"what", "remove"}, {"id", 7}});
  CHECK(gone["changed"] == json::array({{{"id", "7"}}}));
  changes({{"realm", realm}, {"entity", "Vendor"}, {"what", "insert"}, {"times", 3}});
  const json answer = writer.read("cdc?entities=Customer,Vendor&changedSince=2026-11-17");
  const json blocks = answer["CDCResponse"][0]["QueryResponse"];
  CHECK(blocks[0]["Vendor"].size() == 3);
  REQUIRE(blocks[1]["Customer"].size() == 1);
  CHECK(blocks[1]["Customer"][0]["Id"] == "7");
  CHECK(blocks[1]["Customer"][0]["status"] == "Deleted");
  CHECK(writer.harness.api(realm + "/customer/7", writer.token).status == 400);
  // What is gone cannot be changed, and no record of the same name is in the way of another.
  CHECK(writer.refused("customer", {{"Id", "7"}, {"SyncToken", "0"}, {"DisplayName", "X"}})
            .starts_with("400 610"));
  CHECK(writer.harness
            .post_json("/sandbox/changes", {{"realm", realm}, {"entity", "Customer"}, {"id", "7"}})
            .status == 404);
  CHECK(
      writer.harness.post_json("/sandbox/changes", {{"realm", realm}, {"entity", "Star"}}).status ==
      400);
}

TEST_CASE("moving: cdc answers a thousand records in all, those that changed first", "[sandbox]") {
  Writer writer;
  for (const char* entity : {"Customer", "Vendor"})
    writer.harness.post_json(
        "/sandbox/changes",
        {{"realm", realm}, {"entity", entity}, {"what", "insert"}, {"times", 700}});
  const json answer = writer.read("cdc?entities=Customer,Vendor&changedSince=2026-11-17");
  const json blocks = answer["CDCResponse"][0]["QueryResponse"];
  CHECK(blocks[0]["Vendor"].size() + blocks[1]["Customer"].size() == 1000);
}

TEST_CASE("moving: bounds of ids cut the same rows off as looking at every row", "[sandbox]") {
  Company company({"79", "One", 300});
  for (std::uint64_t dice = 0; dice < 20; ++dice)
    move_row(company, Entity::customer, dice % 2 ? RowMove::insert : RowMove::remove, dice, now);
  const auto all = paged(company, everyone + " orderby Id");
  // As numbers: 9 stands before 10.
  CHECK(std::is_sorted(all.begin(), all.end(), [](const std::string& a, const std::string& b) {
    return std::stoi(a) < std::stoi(b);
  }));
  for (const std::string bound : {"0", "9", "10", "99", "100", "250", "300", "376", "9999"}) {
    for (const std::string op : {">", ">=", "<", "<="}) {
      std::vector<std::string> expected;
      for (const auto& id : all) {
        const int a = std::stoi(id), b = std::stoi(bound);
        if (op == ">" ? a > b : op == ">=" ? a >= b : op == "<" ? a < b : a <= b)
          expected.push_back(id);
      }
      CAPTURE(bound, op);
      const std::string within = everyone + " and Id " + op + " '" + bound + "'";
      CHECK(paged(company, within, 70) == expected);
      CHECK(paged(company, within + " orderby Id", 70) == expected);
      std::reverse(expected.begin(), expected.end());
      CHECK(paged(company, within + " orderby Id desc", 70) == expected);
      CHECK(run(company, "select count(*) from Customer where Active in (true, false) and Id " +
                             op + " '" + bound + "'")["totalCount"] == expected.size());
    }
  }
}

TEST_CASE("moving: a window of times has what was changed in it, and pages hold together",
          "[sandbox]") {
  Company company({"80", "One", 120});
  for (std::uint64_t dice = 0; dice < 10; ++dice)
    move_row(company, Entity::customer, RowMove::rename, dice, now);
  const std::string since = everyone + " and MetaData.LastUpdatedTime >= '2026-11-01'";
  const auto changed = paged(company, since);
  CHECK(changed.size() <= 10);
  CHECK(changed.size() >= 5);
  const auto older = paged(company, everyone + " and MetaData.LastUpdatedTime < '2026-11-01'");
  CHECK(changed.size() + older.size() == 120);
}

TEST_CASE("fault: rows move after each query, by the seed", "[sandbox]") {
  const auto walk = [](std::uint64_t seed) {
    Writer writer;
    writer.harness.post_json("/sandbox/faults",
                             rule_of("rows_move", {{"seed", seed}, {"rows", 3}}));
    std::vector<std::string> seen;
    for (int start = 1; start < 60; start += 10)
      for (const auto& id : ids_of(writer.rows("select * from Customer startposition " +
                                               std::to_string(start) + " maxresults 10")))
        seen.push_back(id);
    return seen;
  };
  CHECK(walk(1) == walk(1));
  CHECK(walk(1) != walk(2));
  // The list moved, so that a walk by positions misses rows or sees some twice.
  const auto seen = walk(3);
  std::set<std::string> once(seen.begin(), seen.end());
  Writer calm;
  const auto there = ids_of(calm.rows("select * from Customer maxresults 1000"));
  const bool whole = std::all_of(there.begin(), there.end(),
                                 [&](const std::string& id) { return once.contains(id); });
  CHECK((once.size() != seen.size() || !whole));
}

TEST_CASE("fault: parts of a query are not followed", "[sandbox]") {
  Writer writer;
  const std::string page =
      "select * from Customer orderby DisplayName desc startposition 5 maxresults 4";
  const json right = writer.rows(page);
  writer.harness.post_json("/sandbox/faults", rule_of("ignore_orderby"));
  CHECK(ids_of(writer.rows(page)) ==
        ids_of(writer.rows("select * from Customer startposition 5 maxresults 4")));
  writer.harness.send("DELETE", "/sandbox/faults", {}, "");
  writer.harness.post_json("/sandbox/faults", rule_of("ignore_startposition"));
  const json first = writer.rows(page);
  CHECK(first["startPosition"] == 1);
  CHECK(ids_of(first) != ids_of(right));
  writer.harness.send("DELETE", "/sandbox/faults", {}, "");
  CHECK(ids_of(first) ==
        ids_of(writer.rows("select * from Customer orderby DisplayName desc maxresults 4")));
}

TEST_CASE("fault: a list may have a small letter, and a page be short before the end",
          "[sandbox]") {
  Writer writer;
  writer.harness.post_json("/sandbox/faults", rule_of("wrong_case", {{"count", 1}}));
  const json wrong = writer.rows("select * from Customer maxresults 6");
  CHECK_FALSE(wrong.contains("Customer"));
  CHECK(wrong["customer"].size() == 6);
  writer.harness.post_json("/sandbox/faults", rule_of("short_page", {{"count", 1}}));
  const json half = writer.rows("select * from Customer maxresults 7");
  CHECK(half["Customer"].size() == 4);
  CHECK(half["maxResults"] == 4);
}

TEST_CASE("fault: one record in some is bad, the same one wherever it is read", "[sandbox]") {
  for (const std::string_view bad : bad_names) {
    CAPTURE(bad);
    Writer writer;
    const auto good = ids_of(writer.rows("select * from Customer maxresults 1000"));
    writer.harness.post_json("/sandbox/faults",
                             rule_of("bad_records", {{"bad", bad}, {"every", 4}}));
    const auto raw = [&](const std::string& query) {
      return writer.harness.query(query, writer.token).body;
    };
    const std::string body = raw("select * from Customer maxresults 1000");
    CHECK(body == raw("select * from Customer maxresults 1000"));
    if (bad == "half_emoji") {
      CHECK(body.find("\\ud83c") != std::string::npos);
      CHECK(json::parse(body, nullptr, false).is_discarded());
      continue;
    }
    if (bad == "bad_byte") {
      CHECK(body.find('\xff') != std::string::npos);
      CHECK(json::parse(body, nullptr, false).is_discarded());
      continue;
    }
    const json rows = json::parse(body)["QueryResponse"]["Customer"];
    REQUIRE(rows.size() == good.size());
    const auto spoilt = std::count_if(rows.begin(), rows.end(), [&](const json& row) {
      if (bad == "null_row") return row.is_null();
      if (bad == "no_id") return !row.contains("Id");
      if (bad == "no_name") return !row.contains("DisplayName");
      if (bad == "long_name") return row["DisplayName"].get<std::string>().size() >= 500;
      return row["DisplayName"].is_number();
    });
    CHECK(spoilt > 0);
    CHECK(static_cast<std::size_t>(spoilt) < good.size() / 2);
  }
}

TEST_CASE("fault: moves and bad records that there are not are refused", "[sandbox]") {
  for (const json& bad :
       {json{{"kind", "rows_move"}, {"moves", "fly"}},
        json{{"kind", "bad_records"}, {"bad", "no_name,nonsense"}},
        json{{"kind", "rows_move"}, {"rows", 0}}, json{{"kind", "bad_records"}, {"every", 0}}}) {
    CAPTURE(bad.dump());
    CHECK_FALSE(parse_fault(bad));
  }
}

}  // namespace rekey::sandbox_moving_test
