// What the host reads of what was imported, without sockets.
#include "native/server/records_api.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "native/store/access.hpp"
#include "native/store/imported.hpp"
#include "native/system/rfc3339.hpp"
#include "tests/native/server_harness.hpp"

namespace rekey::server::records_api_test {

namespace {

using imports::Entity;
using wire::Json;

constexpr std::int64_t minute = 60'000;

/// A company that is connected, and a key that may read it.
struct Api : ServerHarness {
  Api() {
    link(3600);
    add_records_api(router, service);
    auto db = databases->borrow();
    add_key(*db, "reads", "connections:read");
    add_key(*db, "tokens", "tokens");
  }
  static void add_key(store::Database& db, const std::string& key, const std::string& scopes) {
    store::put_api_key(db, vault::hex_encode(vault::sha256(key)), {key, key, scopes, {}, {}, {}});
  }

  store::List list(Entity entity) const { return {owner.connection, "123", entity}; }
  void begin(Entity entity) {
    auto db = databases->borrow();
    store::begin_list(*db, list(entity), ++run, {});
  }
  void stage(Entity entity, const std::vector<Json>& bodies) {
    std::vector<imports::Row> rows;
    for (const auto& each : bodies)
      rows.push_back({each.at("Id").get<std::string>(), wire::dump(each)});
    auto db = databases->borrow();
    store::put_staged(*db, list(entity), run, 0, rows, driver->now());
  }
  void use(Entity entity) {
    auto db = databases->borrow();
    const store::ListRead read{entity, 0};
    store::use_staged(*db, owner.connection, "123", std::span(&read, 1), driver->now());
  }
  void import(Entity entity, const std::vector<Json>& bodies) {
    begin(entity);
    stage(entity, bodies);
    use(entity);
  }
  void change(Entity entity, const std::vector<store::ListChange>& changes) {
    auto db = databases->borrow();
    store::apply_changes(*db, list(entity), changes, {}, driver->now());
  }

  http::Response call(const std::string& entity, const std::string& query = "",
                      const std::string& accept = "", const std::string& key = "reads") {
    http::Request request;
    request.method = "GET";
    request.path = "/v1/connections/" + owner.connection + "/records/" + entity;
    request.query = query;
    request.headers = {{"Authorization", "Bearer " + key}};
    if (!accept.empty()) request.headers.set("Accept", accept);
    return router.handle(request);
  }
  Json ask(const std::string& entity, const std::string& query = "") {
    const auto response = call(entity, query);
    INFO(query << " " << response.status << " " << response.body.substr(0, 300));
    REQUIRE(response.status == 200);
    auto body = *wire::parse(response.body, "The answer");
    CHECK(response.headers.get("Rekey-As-Of") == body.at("as_of").get<std::string>());
    return body;
  }
  /// The records of all pages.
  std::vector<Json> pages(const std::string& entity, const std::string& query = "") {
    std::vector<Json> out;
    for (std::string after;;) {
      const auto page = ask(entity, query + (after.empty() ? "" : "&after=" + after));
      for (const auto& each : page.at("records")) out.push_back(each);
      if (page.at("next").is_null()) return out;
      after = page.at("next").get<std::string>();
      REQUIRE(out.size() < 100'000);
    }
  }
  /// The records of one answer of lines, and its largest piece.
  std::pair<std::vector<Json>, std::size_t> lines(const std::string& entity,
                                                  const std::string& query = "") {
    auto response = call(entity, query, "application/x-ndjson");
    REQUIRE(response.status == 200);
    CHECK(response.headers.get("Content-Type") == "application/x-ndjson");
    CHECK(response.headers.get("Rekey-As-Of"));
    std::pair<std::vector<Json>, std::size_t> out;
    for (auto piece = response.body; !piece.empty();
         piece = response.more ? response.more() : std::string()) {
      out.second = std::max(out.second, piece.size());
      for (std::size_t at = 0; at < piece.size();) {
        const auto end = piece.find('\n', at);
        REQUIRE(end != piece.npos);
        out.first.push_back(*wire::parse(piece.substr(at, end - at), "A line"));
        at = end + 1;
      }
    }
    return out;
  }

  std::int64_t run = 0;
};

Json customer(const std::string& id, const std::string& name) {
  return {{"Id", id}, {"DisplayName", name}, {"Balance", 12.5}};
}

std::vector<Json> customers(int count) {
  std::vector<Json> out;
  for (int i = 0; i < count; ++i)
    out.push_back(customer(std::to_string(i), "Customer " + std::to_string(i)));
  return out;
}

std::string ids_of(const std::vector<Json>& records) {
  std::string out;
  for (const auto& each : records)
    out += (each.at("gone").get<bool>() ? "-" : "") + each.at("id").get<std::string>() + " ";
  return out;
}

std::string since(const std::string& time) {
  return "changed_since=" + time;
}

}  // namespace

TEST_CASE("records: pages and lines have the same, each once, with the row as it came", "[work]") {
  Api api;
  api.import(Entity::customer, customers(2300));
  const auto paged = api.pages("Customer");
  REQUIRE(paged.size() == 2300);
  std::set<std::string> ids;
  for (const auto& each : paged) ids.insert(each.at("id").get<std::string>());
  CHECK(ids.size() == 2300);
  const auto [lines, largest] = api.lines("Customer");
  CHECK(lines == paged);
  // However many there are, few are in memory.
  CHECK(largest < 100'000);
  CHECK(api.lines("customers").first == paged);
  const auto& first = paged.front();
  CHECK(first.at("name") == "Customer 0");
  CHECK(first.at("row") == customer("0", "Customer 0"));
  CHECK(first.at("active") == true);
  CHECK(first.at("changed_at") == to_ms(api.driver->now()));
  const auto page = api.ask("Customer");
  CHECK(page.at("entity") == "Customer");
  CHECK(page.at("company").at("realm_id") == "123");
  CHECK(page.at("records").size() == 1000);
}

TEST_CASE("records: an answer of lines goes on after a cursor, and ends where it is full",
          "[work]") {
  Api api;
  api.import(Entity::customer, customers(1000));
  const auto page = api.ask("Customer");
  REQUIRE(page.at("next").is_string());
  const auto rest = "after=" + page.at("next").get<std::string>();
  CHECK(api.ask("Customer", rest).at("records").empty());
  CHECK(api.ask("Customer", rest).at("next").is_null());
  CHECK(api.lines("Customer", rest).first.empty());
  CHECK(api.lines("Customer").first.size() == 1000);
}

TEST_CASE("records: what changed since the last answer, gone ones too", "[work]") {
  Api api;
  api.import(Entity::customer, customers(5));
  api.now_ms += 10 * minute;
  const auto first = api.ask("Customer").at("as_of").get<std::string>();
  CHECK(api.pages("Customer", since(first)).empty());
  api.now_ms += 10 * minute;
  api.change(Entity::customer, {{"3", wire::dump(customer("3", "Renamed"))}, {"1", {}}});
  api.now_ms += minute;
  api.change(Entity::customer, {{"9", wire::dump(customer("9", "New"))},
                                {"2", wire::dump(customer("2", "Customer 2"))}});
  const auto changed = api.pages("Customer", since(first));
  // Oldest change first; what was sent again as it was has not changed.
  CHECK(ids_of(changed) == "-1 3 9 ");
  CHECK(changed[0].at("name") == "Customer 1");
  CHECK(changed[1].at("name") == "Renamed");
  CHECK(api.lines("Customer", since(first)).first == changed);
  CHECK(ids_of(api.pages("Customer")) == "0 2 3 4 9 ");
  CHECK(ids_of(api.pages("Customer", since("1970-01-01T00:00:00Z"))) == "0 2 4 -1 3 9 ");
}

TEST_CASE("records: pages of changes have each change once, and the time of the first page",
          "[work]") {
  Api api;
  api.import(Entity::customer, customers(2300));
  const auto all = "changed_since=1970-01-01T00:00:00Z";
  CHECK(api.pages("Customer", all).size() == 2300);
  CHECK(api.lines("Customer", all).first.size() == 2300);
  const auto page = api.ask("Customer", all);
  api.now_ms += 30 * minute;
  const auto next =
      api.ask("Customer", std::string(all) + "&after=" + page.at("next").get<std::string>());
  CHECK(next.at("as_of") == page.at("as_of"));
  CHECK(api.ask("Customer", all).at("as_of") != page.at("as_of"));
}

TEST_CASE("records: what was read before the host asked, and came into use after, is told",
          "[work]") {
  Api api;
  api.import(Entity::customer, customers(3));
  const auto read_at = rfc3339(api.driver->now());
  api.now_ms += 10 * minute;
  api.begin(Entity::customer);
  auto renamed = customers(3);
  renamed[1] = customer("1", "Renamed");
  api.stage(Entity::customer, renamed);
  api.now_ms += 10 * minute;
  // While it is read, the answer is of the import before, and of its time.
  const auto between = api.ask("Customer");
  CHECK(between.at("records")[1].at("name") == "Customer 1");
  CHECK(between.at("as_of") == read_at);
  api.now_ms += 10 * minute;
  api.use(Entity::customer);
  const auto changed = api.pages("Customer", since(between.at("as_of").get<std::string>()));
  bool told = false;
  for (const auto& each : changed) told = told || each.at("name") == "Renamed";
  CHECK(told);
}

TEST_CASE("records: TAX and NON are told beside the tax codes, without a row", "[work]") {
  Api api;
  api.import(Entity::tax_code, {{{"Id", "2"}, {"Name", "California"}}});
  api.import(Entity::company_info, {{{"Id", "1"}, {"Country", "US"}}});
  api.import(Entity::preferences, {{{"Id", "1"}, {"TaxPrefs", {{"PartnerTaxEnabled", true}}}}});
  const auto codes = api.pages("TaxCode");
  CHECK(ids_of(codes) == "2 TAX NON ");
  CHECK(codes.back().at("row").is_null());
  CHECK(api.lines("tax_codes").first == codes);
  CHECK(api.pages("TaxCode", since("2999-01-01T00:00:00Z")).empty());
}

TEST_CASE("records: what is not there, or was asked wrongly, is told as such", "[work]") {
  Api api;
  const auto code = [&](const http::Response& response) {
    return std::to_string(response.status) + " " +
           wire::text_at(*wire::parse(response.body, "The answer"), "code");
  };
  CHECK(code(api.call("Customer")) == "404 not_imported");
  CHECK(code(api.call("Customer", "", "application/x-ndjson")) == "404 not_imported");
  api.begin(Entity::customer);
  api.stage(Entity::customer, customers(2));
  CHECK(code(api.call("Customer")) == "404 not_imported");
  api.use(Entity::customer);
  CHECK(api.pages("Customer").size() == 2);
  CHECK(code(api.call("Vendor")) == "404 not_imported");
  CHECK(code(api.call("Customers")) == "404 not_found");
  CHECK(code(api.call("Customer", "", "", "tokens")) == "403 scope_missing");
  CHECK(code(api.call("Customer", "", "", "nobody")) == "401 key_unknown");
  for (const char* time : {"yesterday", "2026-01-31", "1790000000000", ""})
    CHECK(code(api.call("Customer", since(time))) == "400 bad_input");
  // A plus that was not encoded, as a person types it.
  for (const char* time : {"2026-01-31T09:05:00Z", "2026-01-31T09:05:00.25%2B01:00",
                           "2026-01-31T09:05:00+01:00", "2026-01-31T09:05:00-08:00"})
    CHECK(api.call("Customer", since(time)).status == 200);
  for (const char* cursor : {"x", "MTox", "MTo1ICA", "MTo1IDcgYQ"})
    CHECK(code(api.call("Customer", std::string("after=") + cursor)) == "400 bad_input");
}

TEST_CASE("records: a cursor of one order is none of the other", "[work]") {
  Api api;
  api.import(Entity::customer, customers(1500));
  const auto by_id = "after=" + api.ask("Customer").at("next").get<std::string>();
  const auto by_change =
      "after=" + api.ask("Customer", since("1970-01-01T00:00:00Z")).at("next").get<std::string>();
  CHECK(api.call("Customer", by_change).status == 400);
  CHECK(api.call("Customer", by_id + "&" + since("1970-01-01T00:00:00Z")).status == 400);
  CHECK(api.call("Customer", by_id).status == 200);
}

}  // namespace rekey::server::records_api_test
