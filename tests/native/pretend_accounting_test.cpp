#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

#include "native/accounting/provider_source.hpp"
#include "native/server/page_api.hpp"
#include "native/store/configurations.hpp"
#include "native/store/records.hpp"
#include "native/work/matcher.hpp"
#include "tests/native/abacus_books.hpp"

// The seam for another accounting system: a customer of "Abacus Books" goes the whole way.

namespace rekey::pretend_accounting_test {

namespace {

using Catch::Matchers::ContainsSubstring;
using wire::Json;

/// A backend that was started with the provider file, and the page of one tenant.
struct Journey : work::Harness {
  abacus::AbacusServer abacus;
  std::string cookie;
  std::optional<server::Memory> memory;
  std::optional<server::SessionKeeper> sessions;
  const work::WebhookTargets webhook_targets{{}};
  std::optional<server::Service> service;
  server::Router router = server::make_router();

  Journey() {
    client->answer = [this](const http::ClientRequest& request) { return abacus.answer(request); };
    const std::string path = "abacus-" + vault::random_token(8) + ".json";
    std::ofstream(path) << abacus::provider_file;
    clients.provider = accounting::load_provider(path, abacus::known, *client).value();
    std::remove(path.c_str());
    const auto clock = [this] { return driver->now(); };
    clients.tokens = std::make_shared<oauth::TokenEndpoint>(
        clients.provider, oauth::ClientIdentity{"client", Secret(std::string("secret"))}, client,
        clock);
    clients.accounting = abacus::known[0].make(clients.provider, client, clock);
    memory.emplace(databases, driver->hub());
    sessions.emplace(*driver, std::chrono::hours{24});
    service.emplace(server::Service{*driver,
                                    *memory,
                                    clients,
                                    webhook_targets,
                                    clients.provider,
                                    "client",
                                    "https://here.example",
                                    "https://here.example/callback",
                                    "Host",
                                    "",
                                    false,
                                    {},
                                    *sessions});
    server::add_page_api(router, *service);
    sign_in();
  }
  void sign_in() {
    auto db = databases->borrow();
    store::put_tenant(*db, "firm", "A firm", driver->now());
    store::put_directory(*db, "firm", {{{"a-1", "Timber", "", true}}, {}, {}, {}});
    const auto made =
        store::ensure_connection(*db, "firm", clients.provider.integration, driver->now());
    owner = {"firm", made.id};
    const auto link = server::mint_page_link(*service, *db, {"firm", made.id, {}, {}, {}});
    const auto begun =
        call("POST", "/api/session", {{"token", link.url.substr(link.url.find("#session=") + 9)}});
    const auto set = begun.headers.get("Set-Cookie").value_or("");
    cookie = set.substr(0, set.find(';'));
  }
  http::Response call(const std::string& method, const std::string& path, const Json& body = {}) {
    http::Request request;
    request.method = method;
    request.path = path;
    request.headers = {{"X-Rekey", "1"}, {"Content-Type", "application/json"}, {"Cookie", cookie}};
    request.headers.set(std::string(wire::connection_header), owner.connection);
    if (method != "GET") request.body = wire::dump(body);
    return router.handle(request);
  }
  Json ask(const std::string& method, const std::string& path, const Json& body = {}) {
    const auto response = call(method, path, body);
    INFO(path << " " << response.status << " " << response.body);
    REQUIRE(response.status == 200);
    return *wire::parse(response.body, "The answer");
  }
  /// Does what waits to be done, until nothing does; an import's pauses pass by themselves.
  void work() {
    work_now();
    for (int pauses = 0;
         pauses < 5 && std::holds_alternative<imports::Running>(state().import.phase); ++pauses) {
      now_ms += 5000;
      work_now();
    }
  }
  void work_now() {
    for (bool any = true; any;) {
      any = false;
      for (const auto lane : store::lanes) {
        std::optional<store::Job> job;
        {
          auto db = databases->borrow();
          job = store::lease_job(*db, lane, "worker", driver->now(), later(15));
        }
        if (!job) continue;
        any = true;
        const auto again = perform(job->effect, job->attempts);
        auto db = databases->borrow();
        if (again)
          store::postpone_job(*db, job->id, *again.at);
        else
          store::finish_job(*db, job->id);
      }
    }
  }
  /// Consents, and comes back with the code.
  void connect() {
    const auto begun = ask("POST", "/api/commands", {{"command", "connect"}});
    const auto url = begun.at("redirect").get<std::string>();
    REQUIRE_THAT(url, ContainsSubstring("https://id.abacus.example/authorize?"));
    const auto asked = http::parse_form(url.substr(url.find('?') + 1));
    CHECK(http::find(asked, "scope") == "books:read");
    abacus.challenge = http::find(asked, "code_challenge").value_or("");
    ask("POST", "/api/callback", {{"state", *http::find(asked, "state")}, {"code", "the-code"}});
    work();
  }
  const connect::Linked* linked() {
    now_linked = state().connect.phase;
    return std::get_if<connect::Linked>(&now_linked);
  }
  connect::Phase now_linked;
};

void check_imported(Journey& journey) {
  const auto imported = journey.state().import;
  REQUIRE(std::holds_alternative<imports::Done>(imported.phase));
  for (const auto& each : std::get<imports::Done>(imported.phase).progress) {
    INFO(wire::name_of(each.entity));
    CHECK(each.done == (imports::mapping_needs(each.entity) ? 3 : 0));
    CHECK(each.left_out.has_value() == !imports::mapping_needs(each.entity));
  }
}

void choose_and_save(Journey& journey) {
  while (work::Matcher::pass(*journey.driver, journey.clients, [] { return false; })) continue;
  CHECK(journey.ask("GET", "/api/records/accounts").at("records") ==
        wire::write(std::vector<mapping::Record>{{"k3", "Glue", "5300", false},
                                                 {"k1", "Timber", "5100", true},
                                                 {"k2", "Varnish", "5200", true}}));
  CHECK(journey.ask("GET", "/api/records/suppliers").at("records").size() == 3);
  const auto lines = journey.ask("GET", "/api/configuration/accounts").at("lines");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].at("candidates").size() == 1);
  const Json choice = {{"section", "accounts"}, {"ours", "a-1"}, {"theirs", "k1"}};
  const auto seen = journey.ask("GET", "/api/configuration/summary").at("revision");
  journey.ask("PATCH", "/api/configuration", {{"seen", seen}, {"choices", Json::array({choice})}});
  const auto answer =
      journey.ask("POST", "/api/configuration/save", {{"seen", seen.get<std::int64_t>() + 1}});
  CHECK(answer.at("problems").empty());
  journey.work();
  {
    auto db = journey.databases->borrow();
    const auto saved = store::newest_configuration(*db, journey.owner.connection, "F-7", true);
    REQUIRE(saved);
    CHECK(saved->configuration.accounts == std::vector<mapping::Choice>{{"a-1", "k1", "Timber"}});
  }
}

void renew(Journey& journey) {
  // A token that Abacus no longer takes is renewed, and the import goes on; then one at its time.
  journey.abacus.access_is_dead = true;
  journey.ask("POST", "/api/commands", {{"command", "import"}});
  journey.work();
  CHECK(std::holds_alternative<imports::Done>(journey.state().import.phase));
  CHECK(journey.abacus.number == 2);
  journey.now_ms += 3'600'000;
  const auto fresh = work::Waiting(*journey.driver, journey.clients)
                         .fresh(journey.owner, journey.linked()->version);
  REQUIRE(fresh);
  CHECK(fresh->value.same_as("access3"));
}

}  // namespace

TEST_CASE("accounting: with another system a customer goes the whole way", "[work]") {
  Journey journey;
  const auto page = journey.ask("GET", "/api/page");
  CHECK(page.at("integration") == "abacus-books");
  CHECK(page.at("company_hint") == "none");

  journey.connect();
  REQUIRE(journey.linked());
  CHECK(journey.linked()->company == connect::Company{"F-7", "Kestrel Joinery"});
  check_imported(journey);
  choose_and_save(journey);
  renew(journey);
  journey.ask("POST", "/api/commands", {{"command", "disconnect"}});
  journey.work();
  CHECK(std::holds_alternative<connect::Unlinked>(journey.state().connect.phase));
  CHECK(journey.abacus.revoked == "refresh3");
  const auto refused = journey.call("POST", "/api/commands", {{"command", "import"}});
  CHECK(refused.status == 409);
  const auto problem = wire::parse(refused.body, "The problem").value();
  CHECK_THAT(abacus::wording().say("refused." + wire::text_at(problem, "refusal")),
             ContainsSubstring("not connected to Abacus Books"));
}

TEST_CASE("accounting: a system that never had OAuth 1.0a has nothing to end", "[work]") {
  Journey journey;
  const auto asked = journey.client->requests().size();
  CHECK(async::wait_for(journey.clients.accounting->disconnect_legacy({}, journey.driver->now())));
  CHECK(journey.client->requests().size() == asked);
}

}  // namespace rekey::pretend_accounting_test
