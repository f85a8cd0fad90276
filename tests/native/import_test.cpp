#include <catch2/catch_test_macros.hpp>
#include <map>

#include "core/oauth/authorization.hpp"
#include "native/store/change_notices.hpp"
#include "native/store/imported.hpp"
#include "native/system/rfc3339.hpp"
#include "native/work/import_ahead.hpp"
#include "tests/native/work_harness.hpp"

// What the answers of the provider make of an import.

namespace rekey::work::import_test {

namespace {

using Answer = ScriptedClient::Answer;
using imports::Entity;
using imports::LeftOut;

/// A company with one row in every list, but for answers that a test puts first.
class Company {
 public:
  explicit Company(Harness& harness) {
    harness.client->answer = [this](const http::ClientRequest& request) { return say(request); };
  }
  /// From here on a list is answered so, for this many requests.
  void answer(Entity entity, int times, int status, wire::Json body,
              std::vector<std::pair<std::string, std::string>> headers = {}) {
    http::ClientResponse response{status, {{"Content-Type", "application/json"}}, wire::dump(body)};
    for (const auto& [name, value] : headers) response.headers.set(name, value);
    scripted_[std::string(wire::name_of(entity))] = {times, std::move(response)};
  }
  std::string time;     ///< of its answers; empty: they have none
  std::string changed;  ///< what its customer is called now; empty: it does not tell
  void refuse(Entity entity) { answer(entity, 1000, 400, fault("ValidationFault", "5030")); }

  static wire::Json fault(const std::string& type, const std::string& code) {
    return {{"Fault",
             {{"type", type}, {"Error", {{{"Message", "No"}, {"Detail", "No"}, {"code", code}}}}}}};
  }

 private:
  Answer say(const http::ClientRequest& request) {
    const auto query = oauth::decode(request.url);
    if (query.find("/cdc?") != std::string::npos) return say_changes();
    const auto from = query.find("from ") + 5;
    const auto entity = query.substr(from, query.find(' ', from) - from);
    if (auto& [times, response] = scripted_[entity]; times-- > 0) return response;
    if (query.find("count(*)") != std::string::npos)
      return ScriptedClient::json(200, {{"QueryResponse", {{"totalCount", 1}}}});
    wire::Json body = {{"QueryResponse", {{entity, {{{"Id", "1"}, {"Name", "One"}}}}}}};
    if (!time.empty()) body["time"] = time;
    return ScriptedClient::json(200, body);
  }
  Answer say_changes() {
    if (changed.empty()) return ScriptedClient::json(503, fault("SystemFault", "10000"));
    wire::Json row = wire::Json::object(), block = row, response = row, body = row;
    row["Id"] = "1";
    row["Name"] = changed;
    block["Customer"] = wire::Json::array({row});
    response["QueryResponse"] = wire::Json::array({block});
    body["CDCResponse"] = wire::Json::array({response});
    body["time"] = time;
    return ScriptedClient::json(200, body);
  }

  std::map<std::string, std::pair<int, http::ClientResponse>> scripted_;
};

/// An answer with these customers.
std::string customers(const std::string& rows) {
  return "{\"QueryResponse\":{\"customer\":[" + rows + "]},\"time\":\"2026-11-02T03:04:05-08:00\"}";
}

struct Import {
  Harness harness;
  RunImport effect{0, harness.link(3600)};
  Company company{harness};
  Import() { effect.run = harness.state().import.run; }

  Again run(int attempts = 0) { return harness.perform(effect, attempts); }
  imports::Phase phase() { return harness.state().import.phase; }
  bool is_done() { return std::holds_alternative<imports::Done>(phase()); }
  /// Its customer, as it is in use.
  std::string customer() {
    auto db = harness.databases->borrow();
    const auto row =
        store::imported_row(*db, {harness.owner.connection, "123", Entity::customer}, "1");
    return row ? row->body : std::string();
  }
  std::map<Entity, LeftOut> left_out() {
    std::map<Entity, LeftOut> out;
    for (const auto& each : imports::lists_left_out(harness.state().import))
      out[each.entity] = *each.left_out;
    return out;
  }
};

}  // namespace

TEST_CASE("import: a list that is not for the company is left out, and the rest is read",
          "[work]") {
  Import import;
  import.company.refuse(Entity::department);
  CHECK_FALSE(import.run());
  const auto phase = import.phase();
  REQUIRE(std::holds_alternative<imports::Done>(phase));
  CHECK(import.left_out() ==
        std::map<Entity, LeftOut>{{Entity::department, LeftOut::not_for_company}});
  for (const auto& each : std::get<imports::Done>(phase).progress)
    CHECK(each.done == (each.entity == Entity::department ? 0 : 1));
}

TEST_CASE("import: a list that mapping needs is left out as one that it needs", "[work]") {
  Import import;
  import.company.refuse(Entity::vendor);
  CHECK_FALSE(import.run());
  CHECK(std::holds_alternative<imports::Done>(import.phase()));
  CHECK(import.left_out() ==
        std::map<Entity, LeftOut>{{Entity::vendor, LeftOut::mapping_needs_it}});
}

TEST_CASE("import: which lists mapping needs is what the host has mapped", "[work]") {
  Import import;
  import.harness.clients.lists = {mapping::Section::items, mapping::Section::locations};
  for (const auto each : {Entity::vendor, Entity::item, Entity::department, Entity::class_})
    import.company.refuse(each);
  CHECK_FALSE(import.run());
  CHECK(import.left_out() ==
        std::map<Entity, LeftOut>{{Entity::vendor, LeftOut::not_for_company},
                                  {Entity::item, LeftOut::mapping_needs_it},
                                  {Entity::department, LeftOut::mapping_needs_it},
                                  {Entity::class_, LeftOut::not_for_company}});
}

TEST_CASE("import: when every list is refused the import has stopped as refused", "[work]") {
  Import import;
  for (const auto each : imports::current_plan()) import.company.refuse(each);
  CHECK(import.run());  // what each company has is asked for twice
  for (int turns = 0; import.run(1) && turns < 10; ++turns) {
  }
  const auto phase = import.phase();
  REQUIRE(std::holds_alternative<imports::Failed>(phase));
  CHECK(std::get<imports::Failed>(phase).reason == imports::Stopped::refused);
  CHECK(import.left_out().size() == imports::current_plan().size());
}

TEST_CASE("import: trouble of the provider is waited out, whatever code it comes with", "[work]") {
  const auto system_fault = Company::fault("SystemFault", "10000");
  const auto company_fault = Company::fault("AuthorizationFault", "3100");
  const std::tuple<int, wire::Json> answers[] = {
      {200, system_fault}, {400, system_fault}, {500, company_fault}, {503, company_fault}};
  for (const auto& [status, body] : answers) {
    INFO(status << " " << wire::dump(body));
    Import import;
    import.company.answer(Entity::item, 1, status, body);
    const auto again = import.run();
    REQUIRE(again);
    CHECK(*again.at == import.harness.driver->now() + refresh::pause_after(1));
    CHECK(std::holds_alternative<imports::Running>(import.phase()));
    CHECK_FALSE(import.run(1));
    CHECK(std::holds_alternative<imports::Done>(import.phase()));
    CHECK(import.left_out().empty());
  }
}

TEST_CASE("import: the provider is not asked again before the time that it says", "[work]") {
  Import import;
  import.company.answer(Entity::term, 1, 429, Company::fault("ThrottleExceeded", "3001"),
                        {{ "Retry-After",
                           "90" }});
  const auto told = import.run();
  REQUIRE(told);
  CHECK(*told.at == import.harness.later(90));
  import.company.answer(Entity::term, 1, 429, Company::fault("ThrottleExceeded", "3001"));
  const auto not_told = import.run(1);
  REQUIRE(not_told);
  CHECK(*not_told.at == import.harness.later(60));
}

TEST_CASE("import: a wait that the import would not outlive stops it at once", "[work]") {
  Import import;
  import.company.answer(Entity::term, 1, 429, Company::fault("ThrottleExceeded", "3001"),
                        {{ "Retry-After",
                           "600" }});
  CHECK_FALSE(import.run());
  const auto phase = import.phase();
  REQUIRE(std::holds_alternative<imports::Failed>(phase));
  CHECK(std::get<imports::Failed>(phase).reason == imports::Stopped::unreachable);
}

TEST_CASE("import: lost rights and a lapsed company stop it, and no list is left out", "[work]") {
  for (const auto& [status, code] : {std::pair{403, "3100"}, std::pair{400, "120"}}) {
    INFO(status << " " << code);
    Import import;
    import.company.answer(Entity::item, 1000, status, Company::fault("AuthorizationFault", code));
    CHECK_FALSE(import.run());
    const auto phase = import.phase();
    REQUIRE(std::holds_alternative<imports::Failed>(phase));
    CHECK(std::get<imports::Failed>(phase).reason == imports::Stopped::refused);
    CHECK(import.left_out().empty());
  }
}

TEST_CASE("import: a list that cannot be read and that mapping does not need is left out",
          "[work]") {
  Import import;
  import.company.answer(Entity::department, 1000, 200, "<html></html>");
  CHECK(import.run(0));
  CHECK_FALSE(import.run(4));
  CHECK(std::holds_alternative<imports::Done>(import.phase()));
  CHECK(import.left_out() == std::map<Entity, LeftOut>{{Entity::department, LeftOut::not_read}});
}

TEST_CASE("import: what mapping needs and cannot be read stops it as unreadable", "[work]") {
  Import import;
  import.company.answer(Entity::account, 1000, 200, "<html></html>");
  CHECK(import.run(0));
  CHECK_FALSE(import.run(4));
  const auto phase = import.phase();
  REQUIRE(std::holds_alternative<imports::Failed>(phase));
  CHECK(std::get<imports::Failed>(phase).reason == imports::Stopped::unreadable);
}

TEST_CASE("import: what each company has is asked for twice before it is left out", "[work]") {
  Import import;
  import.harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(400, Company::fault("ValidationFault", "4001"));
};
const auto first = [&] {
  const auto state = import.harness.state();
  return std::get<imports::Running>(state.import.phase).progress.front();
};
REQUIRE(first().entity == Entity::company_info);
CHECK(import.harness.perform(import.effect, 0));
CHECK_FALSE(first().left_out);
CHECK(import.harness.perform(import.effect, 1));
CHECK(first().left_out);
}  // namespace rekey::work::import_test

TEST_CASE("import: a page has its room until it is stored, and not only until it is there",
          "[work]") {
  Import t;
  auto& clients = t.harness.clients;
  const ImportAhead ahead(Tokens(*t.harness.driver, clients), clients, t.harness.owner,
                          t.effect.version);
  {
    const auto page = ahead.page(Entity::item, {1, 10});
    const auto there = async::wait_for(arrival(page.page));
    CHECK(there->has_value());
    clients.pool->wait_for_tasks();
    CHECK(clients.pages_ahead->load() == 1);
  }
  CHECK(clients.pages_ahead->load() == 0);
}

TEST_CASE("import: what changed while it was read stays noted until somebody has looked",
          "[work]") {
  Import t;
  t.company.time = rfc3339(t.harness.driver->now());
  t.company.answer(Entity::item, 1, 503, Company::fault("SystemFault", "10000"));
  CHECK(t.run());  // it does not go on as it began: something may have changed
  const auto noted = [&] {
    auto db = t.harness.databases->borrow();
    return store::next_changes_at(*db).has_value();
  };
  SECTION("the provider does not tell") {
    CHECK_FALSE(t.run(1));
    CHECK(t.is_done());
    CHECK(noted());
  }
  SECTION("the provider tells") {
    t.company.changed = "New";
    CHECK_FALSE(t.run(1));
    CHECK_FALSE(noted());
    CHECK(t.customer().find("New") != std::string::npos);
  }
}

TEST_CASE("import: a person's skip that ends it loses no change that was in hand", "[work]") {
  Import t;
  t.company.time = rfc3339(t.harness.driver->now());
  CHECK_FALSE(t.run());
  CHECK(t.customer().find("One") != std::string::npos);
  auto& driver = *t.harness.driver;
  const auto connection = t.harness.owner.connection;
  REQUIRE(driver.take(connection, wire::by_time(), imports::import_anew()));
  t.effect.run = t.harness.state().import.run;
  t.company.changed = "New";
  // When some lists have been gone through, all that are left are skipped.
  const auto skip = [&] {
    const auto phase = t.phase();
    const auto* running = std::get_if<imports::Running>(&phase);
    const bool some = running && running->progress[2].finished;
    for (const auto entity : imports::current_plan())
      if (some) (void)driver.take(connection, wire::by_time(), imports::SkipListPressed{entity});
    return false;
  };
  const Place place{skip, [] { return false; }};
  Performer performer(driver, t.harness.clients);
  CHECK_FALSE(async::wait_for(performer.perform({1, connection, t.effect, 0}, place)));
  CHECK(t.is_done());
  CHECK(t.left_out().contains(Entity::customer));
  CHECK(t.customer().find("New") != std::string::npos);
}

TEST_CASE("import: records that are none are set aside, broken characters mended, the rest is kept",
          "[work]") {
  Import import;
  const auto answer = import.harness.client->answer;
  import.harness.client->answer = [&](const http::ClientRequest& request)
                                      ->Answer {
                                        const auto query = oauth::decode(request.url);
  if (query.find("from Customer") == std::string::npos) return answer(request);
  if (query.find("count(*)") != std::string::npos)
    return ScriptedClient::json(200, {{"QueryResponse", {{"totalCount", 6}}}});
  return http::ClientResponse{200,
                              {},
                              customers("{\"Id\":\"1\",\"DisplayName\":\"Bakery \\ud83c\"},null,"
                                        "{\"DisplayName\":\"No id\"},{\"Id\":7},"
                                        "{\"Id\":\"8\",\"DisplayName\":\"M\xFCller\"},"
                                        "{\"Id\":\"9\",\"DisplayName\":12}")};
};
CHECK_FALSE(import.run());
const auto phase = import.phase();
REQUIRE(std::holds_alternative<imports::Done>(phase));
for (const auto& each : std::get<imports::Done>(phase).progress) {
  if (each.entity != Entity::customer) continue;
  CHECK(each.done == 4);
  CHECK(each.set_aside == 2);
  CHECK(each.mended == 2);
}
auto db = import.harness.databases->borrow();
const auto aside =
    store::set_aside_page(*db, {import.harness.owner.connection, "123", Entity::customer}, 0, 10);
REQUIRE(aside.size() == 2);
CHECK(aside[0].reason == "no_object");
CHECK(aside[1].name == "No id");
}  // namespace rekey::work::import_test

}  // namespace rekey::work::import_test
