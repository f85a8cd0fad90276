#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "core/oauth/authorization.hpp"
#include "native/store/webhooks.hpp"
#include "native/work/revive.hpp"
#include "native/work/webhooks.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::work_test {

using namespace rekey::work;

namespace {

using Answer = ScriptedClient::Answer;

std::string failure(const State& state) {
  const auto* exchanging = std::get_if<connect::Exchanging>(&state.connect.phase);
  return exchanging ? "still exchanging" : "ended";
}

std::string last_detail(Harness& harness) {
  auto db = harness.databases->borrow();
  const auto notices = store::newest_notices(*db, harness.owner.connection, 1);
  return notices.empty() ? "" : notices.front().detail;
}

Answer cut_off(const http::ClientRequest&) {
  return tl::unexpected(http::TransportError{"connection reset", true});
}

/// A company that another tenant has: its code waits for five seconds.
struct Telling : Harness {
  Telling() {
    client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::tokens("access-1", "refresh-1");
    };
  }
  std::vector<std::string> due() {
    auto db = databases->borrow();
    return store::due_connections(*db, driver->now(), 100);
  }
  std::optional<store::Job> job() {
    auto db = databases->borrow();
    return store::lease_job(*db, store::Lane::person, "worker", driver->now(), later(15));
  }
  const std::int64_t version = begin_exchange(later(5));
};

}  // namespace

TEST_CASE("exchange: a code is sent once, however often the job runs", "[work]") {
  Harness harness;
  const auto version = harness.begin_exchange();
  harness.client->answer = cut_off;
  harness.perform(ExchangeCode{"attempt", version});
  harness.perform(ExchangeCode{"attempt", version});
  CHECK(harness.client->requests().size() == 1);
  CHECK(failure(harness.state()) == "ended");
  CHECK(last_detail(harness) == "interrupted");
}

TEST_CASE("exchange: a process that died after taking the code ends the sign-in as interrupted",
          "[work]") {
  Harness harness;
  const auto version = harness.begin_exchange();
  {
    auto db = harness.databases->borrow();
    harness.driver->secrets().drop(*db, harness.owner, sealed_field::code, version);
  }
  harness.perform(ExchangeCode{"attempt", version});
  CHECK(harness.client->requests().empty());
  CHECK(last_detail(harness) == "interrupted");
}

TEST_CASE("exchange: a code that waits while the customer is told is used in its time, or never",
          "[work]") {
  Telling harness;
  const auto& id = harness.owner.connection;
  const Effect exchange = ExchangeCode{"attempt", harness.version};
  harness.now_ms += 4999;
  CHECK_FALSE(harness.job());
  CHECK(harness.due().empty());
  harness.perform(exchange);
  CHECK(harness.client->requests().empty());
  CHECK(harness.has(sealed_field::code, harness.version));
  SECTION("time itself goes on") {
    harness.now_ms += 1;
    CHECK(harness.due() == std::vector{id});
    REQUIRE(harness.driver->take(id, wire::by_time(), TimeReached{}));
    const auto queued = harness.job();
    REQUIRE(queued);
    CHECK(queued->effect == exchange);
    harness.perform(queued->effect);
    CHECK(harness.client->requests().size() == 1);
    CHECK(std::holds_alternative<connect::Proving>(harness.state().connect.phase));
  }
  SECTION("the customer stops it") {
    REQUIRE(harness.driver->take(id, wire::by_provider(), connect::CancelPressed{}));
    CHECK_FALSE(harness.has(sealed_field::code, harness.version));
    CHECK(std::holds_alternative<connect::Unlinked>(harness.state().connect.phase));
    harness.now_ms += 600'000;
    CHECK(harness.due().empty());
    CHECK_FALSE(harness.job());
    harness.perform(exchange);
    CHECK(harness.client->requests().empty());
  }
}

TEST_CASE("exchange: an answer that cannot be stored at once is not lost", "[work]") {
  Harness harness;
  harness.clients.refreshing->times.look_every = Millis{5};
  const auto version = harness.begin_exchange();
  harness.client->answer = [&](const http::ClientRequest&) {
    harness.fill_disk();
    return ScriptedClient::tokens("access-1", "refresh-1");
  };
  const FullDiskEnds ends(harness);
  CHECK_FALSE(harness.perform(ExchangeCode{"attempt", version}));
  CHECK(ends.failures == 2);
  CHECK(std::holds_alternative<connect::Proving>(harness.state().connect.phase));
  auto db = harness.databases->borrow();
  const auto kept =
      harness.driver->secrets().get(*db, harness.owner, sealed_field::access_token, version);
  CHECK((kept && kept->same_as("access-1")));
}

TEST_CASE("exchange: what went wrong is told apart", "[work]") {
  const auto told = [](const Answer& answer) {
    Harness harness;
    const auto version = harness.begin_exchange();
    harness.client->answer = [&](const http::ClientRequest&) { return answer; };
    harness.perform(ExchangeCode{"attempt", version});
    CHECK(std::holds_alternative<connect::Unlinked>(harness.state().connect.phase));
    CHECK_FALSE(harness.has(sealed_field::access_token, version));
    return last_detail(harness);
  };
  CHECK(told(ScriptedClient::json(400, {{"error", "invalid_grant"}})) == "code_expired");
  CHECK(told(ScriptedClient::json(401, {{"error", "invalid_client"}})) == "misconfigured");
  CHECK(told(ScriptedClient::json(200, {{"no", "token"}})) == "unreadable");
  CHECK(told(ScriptedClient::json(500, {})) == "interrupted");
  // Longer than the sign-in waits.
  CHECK(told(http::ClientResponse{429, {{"Retry-After", "600"}}, ""}) == "unreachable");
}

TEST_CASE("exchange: what certainly did not use the code is no end of the sign-in", "[work]") {
  const std::vector<Answer> passing = {ScriptedClient::json(429, {}),
                                       http::ClientResponse{429, {{"Retry-After", "20"}}, ""},
                                       tl::unexpected(http::TransportError{"no route", false})};
  for (std::size_t i = 0; i < 2 * passing.size(); ++i) {
    const bool in_time = i % 2 == 0;
    const auto& answer = passing[i / 2];
    Harness harness;
    const auto version = harness.begin_exchange();
    const ExchangeCode exchange{"attempt", version};
    harness.client->answer = [&](const http::ClientRequest&) { return answer; };
    const auto again = harness.perform(exchange);
    REQUIRE(again);
    CHECK(*again.at > harness.driver->now());
    CHECK(failure(harness.state()) == "still exchanging");
    CHECK(harness.has(sealed_field::code, version));
    if (in_time) {
      harness.client->answer = [](const http::ClientRequest&) {
        return ScriptedClient::tokens("access-1", "refresh-1");
      };
      CHECK_FALSE(harness.perform(exchange, 1));
      CHECK(std::holds_alternative<connect::Proving>(harness.state().connect.phase));
      CHECK(harness.client->requests().back().body == harness.client->requests().front().body);
    } else {
      harness.now_ms += 120'000;
      REQUIRE(harness.driver->take(harness.owner.connection, wire::by_time(), TimeReached{}));
      CHECK_FALSE(harness.perform(exchange, 1));
      CHECK(harness.client->requests().size() == 1);
    }
    CHECK_FALSE(harness.has(sealed_field::code, version));
  }
}

namespace {

/// An answer to the read that proves a company, and whether it is one that passes.
struct ProofRow {
  Answer answer;
  bool passes;
};

std::vector<ProofRow> proof_rows() {
  const auto fault = [](const char* code) {
    return wire::Json{
        {"fault", {{"type", "SERVICE"}, {"error", {{{"message", "m"}, {"code", code}}}}}}};
  };
  const wire::Json system = {
      {"Fault", {{"type", "SystemFault"}, {"Error", {{{"Message", "m"}, {"code", "10000"}}}}}}};
  const auto page = [](int status) {
    return http::ClientResponse{status, {{"Content-Type", "text/html"}}, "<html>sorry</html>"};
  };
  return {{ScriptedClient::json(500, fault("3100")), true},
          {ScriptedClient::json(503, {}), true},
          {ScriptedClient::json(200, system), true},
          {ScriptedClient::json(401, fault("3200")), true},
          {ScriptedClient::json(401, {}), true},
          {ScriptedClient::json(429, {}), true},
          {page(200), true},
          {page(403), true},
          {page(404), true},
          {ScriptedClient::json(401, fault("120")), false},
          {ScriptedClient::json(403, fault("3100")), false},
          {ScriptedClient::json(400, fault("5030")), false}};
}

/// Proves until it is over, each try at its time; gives how long that took, in milliseconds.
std::int64_t prove_to_the_end(Harness& harness, std::int64_t version) {
  const auto began = harness.now_ms.load();
  for (int attempt = 0;; ++attempt) {
    const auto again = harness.perform(ProveCompany{version}, attempt);
    if (!again) return harness.now_ms.load() - began;
    harness.now_ms = to_ms(*again.at);
    if (harness.now_ms.load() >= began + 300'000)
      (void)harness.driver->take(harness.owner.connection, wire::by_time(), TimeReached{});
  }
}

}  // namespace

TEST_CASE("proof: what passes is tried for the proof's time, what looks final for half a minute",
          "[work]") {
  const auto rows = proof_rows();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO("row " << i);
    const auto& row = rows[i];
    Harness harness;
    const auto version = harness.begin_exchange();
    harness.client->answer = [&](const http::ClientRequest& request) -> Answer {
      if (request.url.ends_with("/token")) return ScriptedClient::tokens("access-1", "refresh-1");
      return row.answer;
    };
    harness.perform(ExchangeCode{"attempt", version});
    const auto tried = prove_to_the_end(harness, version);
    CHECK(last_detail(harness) == (row.passes ? "timed_out" : "company_refused"));
    CHECK(tried >= (row.passes ? 300'000 : 30'000));
    CHECK(tried < (row.passes ? 370'000 : 40'000));
  }
}

TEST_CASE("exchange: tokens are stored with the event that tells of them", "[work]") {
  Harness harness;
  const auto version = harness.begin_exchange();
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access", "refresh");
  };
  harness.perform(ExchangeCode{"attempt", version});
  CHECK(std::holds_alternative<connect::Proving>(harness.state().connect.phase));
  CHECK(harness.has(sealed_field::access_token, version));
  CHECK(harness.has(sealed_field::refresh_token, version));
  CHECK_FALSE(harness.has(sealed_field::code, version));
}

TEST_CASE("tokens: a fresh one is served without asking the provider", "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  const auto before = harness.client->requests().size();
  Waiting tokens(*harness.driver, harness.clients);
  const auto token = tokens.fresh(harness.owner, version);
  REQUIRE(token);
  CHECK(token->value.same_as("access-1"));
  CHECK(harness.client->requests().size() == before);
}

TEST_CASE("tokens: many who ask at once cause one refresh and all are served", "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  harness.now_ms += 3'600'000;
  std::atomic<int> refreshes{0};
  harness.client->answer = [&](const http::ClientRequest&) {
    ++refreshes;
    std::this_thread::yield();
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  std::atomic<int> served{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 12; ++i)
    callers.emplace_back([&] {
      Waiting tokens(*harness.driver, harness.clients);
      const auto token = tokens.fresh(harness.owner, version);
      if (token && token->value.same_as("access-2")) ++served;
    });
  for (auto& each : callers) each.join();
  CHECK(refreshes == 1);
  CHECK(served == 12);
}

TEST_CASE("tokens: a provider in trouble does not end a grant, and what is still good is served",
          "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  Waiting tokens(*harness.driver, harness.clients);
  const std::vector<Answer> troubles = {
      ScriptedClient::json(503, {}), ScriptedClient::json(429, {}),
      http::ClientResponse{200, {{"Content-Type", "text/html"}}, "<html>sorry</html>"},
      tl::unexpected(http::TransportError{"timed out", true})};
  for (const auto& trouble : troubles) {
    harness.client->answer = [&](const http::ClientRequest&) { return trouble; };
    harness.now_ms = 1'790'000'000'000 + 58 * 60'000;  // two minutes are left
    const auto token = tokens.fresh(harness.owner, version);
    REQUIRE(token);
    CHECK(token->value.same_as("access-1"));
    harness.now_ms = 1'790'000'000'000 + 61 * 60'000;
    const auto late = tokens.fresh(harness.owner, version);
    REQUIRE_FALSE(late);
    CHECK(late.error() == NoToken::later);
    CHECK(std::holds_alternative<connect::Linked>(harness.state().connect.phase));
  }
}

TEST_CASE("tokens: a configuration fault of ours does not end a grant", "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(401, {{"error", "invalid_client"}});
  };
  harness.now_ms += 120'000;
  const auto token = Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
  REQUIRE_FALSE(token);
  CHECK(token.error() == NoToken::misconfigured);
  CHECK(std::holds_alternative<connect::Linked>(harness.state().connect.phase));
}

TEST_CASE("tokens: after a lost reply the previous refresh token is tried once", "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2", 60);
  };
  harness.now_ms += 120'000;
  Waiting tokens(*harness.driver, harness.clients);
  REQUIRE(tokens.fresh(harness.owner, version));
  harness.now_ms += 120'000;
  harness.client->answer = [](const http::ClientRequest& request) -> Answer {
    if (request.body.find("refresh-1") == std::string::npos)
      return ScriptedClient::json(400, {{"error", "invalid_grant"}});
    return ScriptedClient::tokens("access-3", "refresh-3");
  };
  const auto token = tokens.fresh(harness.owner, version);
  REQUIRE(token);
  CHECK(token->value.same_as("access-3"));
}

TEST_CASE("tokens: when the provider has ended the grant, the connection is broken and says why",
          "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(400, {{"error", "invalid_grant"}});
  };
  harness.now_ms += 120'000;
  const auto token = Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
  REQUIRE_FALSE(token);
  CHECK(token.error() == NoToken::ended);
  const auto state = harness.state();
  const auto* broken = std::get_if<connect::Broken>(&state.connect.phase);
  REQUIRE(broken);
  CHECK(broken->reason == connect::Ended::refused);
  // Its tokens are kept for a while, and go then.
  CHECK(harness.has(sealed_field::refresh_token, version));
  harness.now_ms += 72 * 3'600'000 + 1;
  REQUIRE(harness.driver->take(harness.owner.connection, wire::by_time(), TimeReached{}));
  CHECK_FALSE(harness.has(sealed_field::refresh_token, version));
}

TEST_CASE("tokens: with keep-ended 0 the tokens of what the provider ended go at once", "[work]") {
  Harness harness;
  harness.clients.keep_ended = Millis{0};
  const auto version = harness.link(60);
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(400, {{"error", "invalid_grant"}});
  };
  harness.now_ms += 120'000;
  CHECK_FALSE(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version));
  CHECK_FALSE(harness.has(sealed_field::refresh_token, version));
  CHECK_FALSE(revive(*harness.driver, harness.driver->read(harness.owner.connection)));
}

TEST_CASE("tokens: an end that was wrong is undone, and the grant works", "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(400, {{"error", "invalid_grant"}});
  };
  harness.now_ms += 120'000;
  Waiting tokens(*harness.driver, harness.clients);
  CHECK_FALSE(tokens.fresh(harness.owner, version));
  REQUIRE(revive(*harness.driver, harness.driver->read(harness.owner.connection)));
  CHECK(std::holds_alternative<connect::Linked>(harness.state().connect.phase));
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  const auto token = tokens.fresh(harness.owner, version);
  REQUIRE(token);
  CHECK(token->value.same_as("access-2"));
}

TEST_CASE("tokens: another client id spends nothing and ends nothing", "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  const auto right = harness.clients.tokens;
  harness.clients.tokens = std::make_shared<oauth::TokenEndpoint>(
      harness.clients.provider,
      oauth::ClientIdentity{"another client", Secret(std::string("secret"))}, harness.client,
      [&] { return harness.driver->now(); });
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(400, {{"error", "invalid_grant"}});
  };
  harness.now_ms += 120'000;
  const auto before = harness.client->requests().size();
  const auto token = Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
  CHECK(token.error() == NoToken::misconfigured);
  CHECK(harness.client->requests().size() == before);
  harness.clients.tokens = right;
  harness.now_ms += 120'000;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  CHECK(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version));
}

TEST_CASE("tokens: when more grants end at once than is plausible, ending stops", "[work]") {
  Harness harness;
  std::vector<std::pair<Owner, std::int64_t>> all;
  for (int i = 0; i < 12; ++i) {
    const auto tenant = "firm-" + std::to_string(i);
    {
      auto db = harness.databases->borrow();
      store::put_tenant(*db, tenant, tenant, harness.driver->now());
      harness.owner = {
          tenant,
          store::ensure_connection(*db, tenant, "quickbooks-online", harness.driver->now()).id};
    }
    all.emplace_back(harness.owner, harness.link(60));
  }
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(400, {{"error", "invalid_grant"}});
  };
  harness.now_ms += 120'000;
  Waiting tokens(*harness.driver, harness.clients);
  int ended = 0, kept = 0;
  for (const auto& [owner, version] : all) {
    const auto token = tokens.fresh(owner, version);
    REQUIRE_FALSE(token);
    ++(token.error() == NoToken::ended ? ended : kept);
  }
  CHECK(ended == 5);
  CHECK(kept == 7);
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  harness.now_ms += 120'000;
  int works = 0;
  for (const auto& [owner, version] : all)
    if (tokens.fresh(owner, version)) ++works;
  CHECK(works == 7);
}

TEST_CASE("revoke: a provider that answers 400, or nothing, does not block a disconnect",
          "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  (void)harness.driver->take(harness.owner.connection, wire::by_provider(),
                             connect::DisconnectPressed{});
  harness.client->answer = cut_off;
  CHECK(harness.perform(Revoke{version}, 0));
  CHECK(std::holds_alternative<connect::Disconnecting>(harness.state().connect.phase));
  harness.client->answer = [](const http::ClientRequest&) { return ScriptedClient::json(400, {}); };
  CHECK_FALSE(harness.perform(Revoke{version}, 1));
  CHECK(std::holds_alternative<connect::Unlinked>(harness.state().connect.phase));
  CHECK_FALSE(harness.has(sealed_field::access_token, version));
}

TEST_CASE("jobs: a job queued before Disconnect uses no token after it", "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  const auto run = harness.state().import.run;
  (void)harness.driver->take(harness.owner.connection, wire::by_provider(),
                             connect::DisconnectPressed{});
  const auto before = harness.client->requests().size();
  CHECK_FALSE(harness.perform(RunImport{run, version}));
  CHECK_FALSE(harness.perform(ProveCompany{version}));
  CHECK(harness.client->requests().size() == before);
}

TEST_CASE("import: it goes on after the last page that was stored", "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  harness.clients.import_page_size = 2;
  std::vector<std::string> asked;
  int left = 9;  // then the provider goes away
  harness.client->answer = [&](const http::ClientRequest& request) -> Answer {
    if (left-- <= 0) return tl::unexpected(http::TransportError{"gone", false});
    const auto query = oauth::decode(request.url);
    asked.push_back(query.substr(query.find("select")));
    if (query.find("count(*)") != std::string::npos)
      return ScriptedClient::json(200, {{"QueryResponse", {{"totalCount", 1}}}});
    const auto from = query.find("from ") + 5;
    const auto entity = query.substr(from, query.find(' ', from) - from);
    return ScriptedClient::json(200,
                                {{"QueryResponse", {{entity, {{{"Id", "1"}, {"Name", "One"}}}}}}});
  };
  const auto run = harness.state().import.run;
  CHECK(harness.perform(RunImport{run, version}, 0));
  const auto asked_before = asked;
  left = 1000;
  CHECK_FALSE(harness.perform(RunImport{run, version}, 1));
  CHECK(std::holds_alternative<imports::Done>(harness.state().import.phase));
  for (std::size_t i = 0; i < asked_before.size(); ++i)
    for (std::size_t j = asked_before.size(); j < asked.size(); ++j)
      if (asked_before[i].find("count") == std::string::npos) CHECK(asked_before[i] != asked[j]);
}

TEST_CASE("driver: two who take the same step: one is first, the other is refused", "[work]") {
  Harness harness;
  (void)harness.begin_exchange();
  const auto again = harness.driver->take(harness.owner.connection, wire::by_provider(),
                                          connect::CallbackArrived{"attempt"});
  REQUIRE_FALSE(again);
  CHECK(again.error() == Refusal::attempt_spent);
}

TEST_CASE("driver: a listener's trouble is not the step's, nor the other listeners'", "[work]") {
  Harness harness;
  auto& hub = harness.driver->hub();
  const auto& id = harness.owner.connection;
  int told = 0;
  const auto troubled = hub.listen(id, [] { throw store::DatabaseError("the server is gone"); });
  const auto well = hub.listen(id, [&] { ++told; });
  const auto before = harness.driver->read(id).seq;
  CHECK(harness.driver->take(id, wire::by_provider(),
                             connect::ConnectPressed{"attempt", harness.later(600)}));
  CHECK(harness.driver->read(id).seq == before + 1);
  CHECK(told == 1);
  hub.tell_everybody();
  CHECK(told == 2);
}

TEST_CASE("driver: what belongs to an event is stored with it or not at all", "[work]") {
  Harness harness;
  const auto before = harness.driver->read(harness.owner.connection).seq;
  CHECK_THROWS_AS(harness.driver->take(harness.owner.connection, wire::by_provider(),
                                       connect::ConnectPressed{"attempt", harness.later(600)},
                                       [](store::Database&, const store::StoredConnection&,
                                          const Step&) { throw store::DatabaseError("no room"); }),
                  store::DatabaseError);
  CHECK(harness.driver->read(harness.owner.connection).seq == before);
}

TEST_CASE("history: every event says who it is of, in a webhook too", "[work]") {
  Harness harness;
  auto db = harness.databases->borrow();
  const auto endpoint = new_endpoint(harness.driver->secrets(), "https://host.example/hook", "",
                                     harness.driver->now());
  store::put_endpoint(*db, endpoint);
  const wire::Actor jane{wire::Actor::Kind::user, "u-7", "Jane Doe"};
  REQUIRE(harness.driver->take(harness.owner.connection, jane,
                               connect::LegacyLoaded{{"123", "Books"}, harness.later(-60), {}}));
  REQUIRE(harness.driver->take(harness.owner.connection, wire::by_time(),
                               connect::DisconnectPressed{}));
  REQUIRE(harness.driver->take(harness.owner.connection, wire::by_provider(),
                               connect::Disconnected{0}));
  const auto history = store::history(*db, harness.owner.connection, 0, 10);
  REQUIRE(history.size() == 3);
  CHECK(history[0].stepped.actor == jane);
  CHECK(history[1].stepped.actor == wire::by_time());
  CHECK(history[2].stepped.actor == wire::by_provider());
  const auto sent = store::deliveries(*db, endpoint.id, 0, 10);
  REQUIRE(sent.size() == 1);
  CHECK(wire::parse(sent[0].content.body, "the message")->at("data").at("actor") ==
        wire::write(wire::by_provider()));
}

}  // namespace rekey::work_test
