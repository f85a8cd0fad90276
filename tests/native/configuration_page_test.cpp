// What the page is told of a configuration beside its lines, and what is in the way of a save;
// without sockets.
#include "native/server/configuration_page.hpp"

#include <catch2/catch_test_macros.hpp>

#include "native/store/imported.hpp"
#include "native/store/records.hpp"
#include "native/work/matcher.hpp"
#include "tests/native/server_harness.hpp"

namespace rekey::server::configuration_page_test {

namespace {

using imports::Entity;
using mapping::Section;
using wire::Json;
using wire::SaveProblem;

/// A company that is connected, and somebody at the page.
struct Page : ServerHarness {
  Page() {
    link(3600);
    who.session.visit.tenant = owner.tenant;
    who.session.visit.connection = owner.connection;
    who.actor = {wire::Actor::Kind::user, "u-1", "Ida Brook"};
  }

  void import(Entity entity, const std::vector<Json>& bodies,
              const std::vector<store::SetAside>& aside = {}) {
    auto db = databases->borrow();
    const store::List list{owner.connection, "123", entity};
    std::vector<imports::Row> rows;
    for (const auto& each : bodies)
      rows.push_back({each.at("Id").get<std::string>(), wire::dump(each)});
    store::begin_list(*db, list, ++run, {});
    store::put_staged(*db, list, run, 0, rows, driver->now());
    store::put_set_aside(*db, list, run, aside);
    const store::ListRead read{entity, 0};
    store::use_staged(*db, owner.connection, "123", std::span(&read, 1), driver->now());
  }
  /// An account of the host, by id and kind.
  void host_has_accounts(const std::vector<std::pair<std::string, std::string>>& accounts) {
    mapping::Records records;
    for (const auto& [id, kind] : accounts) {
      mapping::Record record{id, "Account " + id, "", true};
      record.kind = kind;
      records.accounts.push_back(std::move(record));
    }
    auto db = databases->borrow();
    store::put_directory(*db, owner.tenant, records);
    store::ask_matching_of_tenant(*db, owner.tenant, driver->now());
  }
  /// Choices can be changed once everything was imported.
  void import_ends() {
    for (const auto each : imports::current_plan())
      (void)driver->take(owner.connection, wire::by_provider(),
                         imports::PageImported{state().import.run, each, 0, {}, true});
    REQUIRE(imports::in_use(state().import));
  }
  void match() {
    REQUIRE(work::Matcher::pass(*driver, clients, [] { return false; }));
  }
  static http::Request with_body(const Json& body) {
    http::Request request;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = wire::dump(body);
    return request;
  }
  void choose(const std::string& ours, const std::string& theirs) {
    const Json choice = {{"section", "accounts"}, {"ours", ours}, {"theirs", theirs}};
    const auto response = patch_configuration(
        service, with_body({{"seen", state().save.revision}, {"choices", Json::array({choice})}}),
        who);
    INFO(response.body);
    REQUIRE(response.status == 200);
  }
  wire::SaveAnswer save(Json more = Json::object()) {
    more["seen"] = state().save.revision;
    const auto response = save_configuration(service, with_body(more), who);
    INFO(response.body);
    REQUIRE(response.status == 200);
    return wire::read_as<wire::SaveAnswer>(*wire::parse(response.body, "It"), "It").value();
  }
  template <class T>
  T read(http::Response (*get)(Service&, const http::Request&, const Who&),
         const std::string& query = "") {
    http::Request request;
    request.query = query;
    const auto response = get(service, request, who);
    INFO(response.body);
    REQUIRE(response.status == 200);
    return wire::read_as<T>(*wire::parse(response.body, "It"), "It").value();
  }

  Who who;
  std::int64_t run = 0;
};

Json account(const std::string& id, const std::string& type) {
  return {{"Id", id}, {"FullyQualifiedName", "Books " + id}, {"AccountType", type}};
}

using Problems = std::vector<std::pair<SaveProblem, std::string>>;

Problems problems_in(const wire::SaveAnswer& answer) {
  Problems out;
  for (const auto& each : answer.problems) out.emplace_back(each.problem, each.ours);
  return out;
}

}  // namespace

TEST_CASE("configuration page: the summary tells the company's facts, and what was set aside",
          "[server]") {
  Page page;
  CHECK(page.read<wire::ConfigurationSummary>(get_summary).facts == mapping::CompanyFacts{});
  page.import(Entity::company_info, {{{"Id", "1"},
                                      {"CompanyName", "Alder Works"},
                                      {"LegalName", "Alder Works Ltd"},
                                      {"Country", "GB"},
                                      {"FiscalYearStartMonth", "April"}}});
  page.import(Entity::preferences,
              {{{"Id", "1"},
                {"TaxPrefs", {{"UsingSalesTax", true}, {"PartnerTaxEnabled", "maybe"}}},
                {"CurrencyPrefs",
                 {{"MultiCurrencyEnabled", false}, {"HomeCurrency", {{"value", "GBP"}}}}}}});
  page.import(Entity::customer, {{{"Id", "1"}, {"DisplayName", "Elm"}}},
              {{2, "", "no_id", "Lime & Sons"}, {3, "", "no_object", ""}});
  page.service.pages.required_lists = {Section::accounts};
  const auto summary = page.read<wire::ConfigurationSummary>(get_summary);
  CHECK(summary.facts == mapping::CompanyFacts{.name = "Alder Works",
                                               .legal_name = "Alder Works Ltd",
                                               .country = "GB",
                                               .home_currency = "GBP",
                                               .multi_currency = false,
                                               .sales_tax = true,
                                               .fiscal_year_starts = 4});
  CHECK(summary.set_aside == std::vector<wire::SetAside>{{Entity::customer, 2}});
  CHECK(summary.required == mapping::Sections{Section::accounts});
}

TEST_CASE("configuration page: what was set aside is listed part by part, with its name",
          "[server]") {
  Page page;
  const auto many = [](int count) {
    std::vector<store::SetAside> out;
    for (int i = 1; i <= count; ++i) out.push_back({i, "", "no_id", "No. " + std::to_string(i)});
    return out;
  };
  page.import(Entity::account, {}, many(60));
  page.import(Entity::customer, {}, many(150));
  std::vector<std::pair<Entity, std::string>> seen;
  for (std::string query;;) {
    const auto some = page.read<wire::SetAsidePage>(get_set_aside, query);
    CHECK(some.records.size() <= 100);
    for (const auto& each : some.records) {
      CHECK(each.why == imports::Unfit::no_id);
      seen.emplace_back(each.entity, each.name);
    }
    if (!some.next) break;
    query = "cursor=" + *some.next;
  }
  REQUIRE(seen.size() == 210);
  CHECK(seen.front() == std::pair(Entity::account, std::string("No. 1")));
  CHECK(seen[60] == std::pair(Entity::customer, std::string("No. 1")));
  CHECK(seen.back() == std::pair(Entity::customer, std::string("No. 150")));
  http::Request request;
  request.query = "cursor=x";
  CHECK(get_set_aside(page.service, request, page.who).status == 400);
}

TEST_CASE("configuration page: an account of another kind is neither suggested nor saved",
          "[server]") {
  Page page;
  page.host_has_accounts({{"1", "Revenue"}, {"2", "our own word"}, {"3", "bank"}});
  page.import(Entity::account, {account("10", "Income"), account("11", "Expense")});
  page.import_ends();
  page.match();
  page.choose("1", "11");
  page.choose("2", "11");
  page.choose("3", "10");
  CHECK(problems_in(page.save()) ==
        Problems{{SaveProblem::wrong_kind, "1"}, {SaveProblem::wrong_kind, "3"}});
  page.choose("1", "10");
  page.choose("3", "");
  CHECK(page.save().outcome);
}

TEST_CASE("configuration page: what the newest import has not is in the way before lines say so",
          "[server]") {
  Page page;
  const std::vector<std::pair<std::string, std::string>> ours = {{"1", ""}, {"2", ""}, {"3", ""}};
  page.host_has_accounts(ours);
  page.import(Entity::account, {account("10", ""), account("11", ""), account("12", "")});
  page.import_ends();
  page.match();
  page.choose("1", "10");
  page.choose("2", "11");
  page.choose("3", "12");
  auto inactive = account("11", "");
  inactive["Active"] = false;
  page.import(Entity::account, {inactive, account("12", "")});
  page.host_has_accounts(ours);
  const Problems expected = {{SaveProblem::target_gone, "1"}, {SaveProblem::target_inactive, "2"}};
  const auto early = page.save();
  CHECK(problems_in(early) == expected);
  CHECK(early.problems.front().name == "Account 1");
  page.match();
  CHECK(problems_in(page.save()) == expected);
  page.choose("1", "12");
  page.choose("2", "");
  CHECK(page.save().outcome);
}

TEST_CASE("configuration page: each record of a required list is decided before a save",
          "[server]") {
  Page page;
  page.import(Entity::account, {account("10", "Income")});
  page.import_ends();
  page.match();
  // Before there are lines for them, too.
  page.host_has_accounts({{"a", ""}, {"b", ""}, {"c", ""}});
  CHECK(page.save().outcome);
  (void)page.perform(StoreConfiguration{page.state().save.revision});
  page.service.pages.required_lists = {Section::accounts};
  page.choose("a", "10");
  page.choose("b", "");
  const auto refused = page.save();
  CHECK(problems_in(refused) == Problems{{SaveProblem::undecided, "c"}});
  CHECK(refused.problems.front().name == "Account c");
  CHECK_FALSE(refused.more);
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 101; ++i) many.emplace_back(std::to_string(i), "");
  page.host_has_accounts(many);
  const auto told = page.save();
  CHECK(told.problems.size() == 100);
  CHECK(told.more);
  many.pop_back();
  page.host_has_accounts(many);
  CHECK_FALSE(page.save().more);
  page.host_has_accounts({{"a", ""}});
  CHECK(page.save().outcome);
}

}  // namespace rekey::server::configuration_page_test
