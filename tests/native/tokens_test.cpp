#include "native/work/tokens.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <latch>
#include <thread>

#include "native/log.hpp"
#include "native/work/erase.hpp"
#include "native/work/process_name.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::tokens_test {

using namespace rekey::work;

namespace {

using Answer = ScriptedClient::Answer;

constexpr std::int64_t minute = 60'000;

Answer cut_after() {
  return tl::unexpected(http::TransportError{"connection reset", true});
}
Answer refused() {
  return ScriptedClient::json(400, {{"error", "invalid_grant"}});
}

/// The refresh tokens that were sent, oldest first.
std::vector<std::string> spent(const ScriptedClient& client) {
  std::vector<std::string> out;
  for (const auto& each : client.requests())
    if (each.body.find("grant_type=refresh_token") != std::string::npos)
      out.push_back(each.body.substr(each.body.find("refresh_token=") + 14));
  return out;
}

std::vector<std::string> notes(Harness& harness) {
  auto db = harness.databases->borrow();
  std::vector<std::string> out;
  for (const auto& each : store::newest_notices(*db, harness.owner.connection, 20))
    out.push_back(std::string(wire::name_of(each.note)) + " " + each.detail);
  return out;
}

long count_of(const std::vector<std::string>& all, const std::string& what) {
  return std::count(all.begin(), all.end(), what);
}

/// What another process on the same store would have.
ProviderClients another_process(const Harness& harness) {
  auto out = harness.clients;
  out.owner = "other";
  out.refreshing = std::make_shared<RefreshShare>();
  out.refreshing->times = harness.clients.refreshing->times;
  return out;
}

bool is_linked(Harness& harness) {
  return std::holds_alternative<connect::Linked>(harness.state().connect.phase);
}

}  // namespace

TEST_CASE("tokens: a provider slower than a turn lasts is asked once by two processes", "[work]") {
  Harness harness;
  auto& times = harness.clients.refreshing->times;
  times.lease = Millis{250};
  times.show_life_every = Millis{20};
  times.look_every = Millis{5};
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  std::latch asked(1);
  harness.client->answer = [&](const http::ClientRequest&) {
    asked.count_down();
    std::this_thread::sleep_for(Millis{1500});  // six times as long as a turn without life
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  auto other = another_process(harness);
  Fresh first = tl::unexpected(NoToken::gone);
  std::thread slow(
      [&] { first = Waiting(*harness.driver, harness.clients).fresh(harness.owner, version); });
  asked.wait();
  const auto second = Waiting(*harness.driver, other).fresh(harness.owner, version);
  slow.join();
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->value.same_as("access-2"));
  CHECK(second->value.same_as("access-2"));
  CHECK(spent(*harness.client) == std::vector<std::string>{"refresh-1"});
}

TEST_CASE("tokens: the turn of a process that died passes on, and what it spent is spent again",
          "[work]") {
  Harness harness;
  harness.clients.refreshing->times.lease = Millis{100};
  harness.clients.refreshing->times.look_every = Millis{5};
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  { REQUIRE(harness.take_turn(version, "dead")); }
  SECTION("the provider gives the answer again") {
    harness.client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::tokens("access-2", "refresh-2");
    };
    const auto token = Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
    REQUIRE(token);
    CHECK(token->value.same_as("access-2"));
    CHECK(spent(*harness.client) == std::vector<std::string>{"refresh-1"});
  }
  SECTION("the provider takes it only once: the state says what was lost") {
    harness.client->answer = [](const http::ClientRequest&) { return refused(); };
    CHECK_FALSE(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version));
    const auto state = harness.state();
    const auto* broken = std::get_if<connect::Broken>(&state.connect.phase);
    REQUIRE(broken);
    CHECK(broken->reason == connect::Ended::reply_lost);
  }
}

TEST_CASE("tokens: a process that is seen to have died is not waited for", "[work]") {
  Harness harness;  // a turn lasts ten seconds here, and the test does not wait for that
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto name = process_name();
    (void)!::write(pipe_ends[1], name.data(), name.size());
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  char name[128] = {};
  REQUIRE(::read(pipe_ends[0], name, sizeof name - 1) > 0);
  ::close(pipe_ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(has_died(name));
  CHECK_FALSE(has_died(process_name()));
  CHECK_FALSE(has_died("elsewhere.1.1.x"));
  CHECK_FALSE(has_died("worker"));
  { REQUIRE(harness.take_turn(version, std::string(name) + "/turn")); }
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  harness.clients.refreshing->times.lease = std::chrono::hours{1};
  CHECK(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version));
}

TEST_CASE("tokens: what is about to be spent is written down before the provider is asked",
          "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  std::string written;
  harness.client->answer = [&](const http::ClientRequest&) {
    auto db = harness.databases->borrow();
    auto row = db->query("select revision, spending, lease_owner from grants");
    row.step();
    written = row.text(0) + " " + row.text(1) + " " + row.text(2).substr(0, 6);
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  REQUIRE(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version));
  CHECK(written == "1 1 worker");
  auto db = harness.databases->borrow();
  CHECK_FALSE(store::is_refreshing(*db, {harness.owner.connection, version}));
  auto row = db->query("select revision, spending is null from grants");
  row.step();
  CHECK(row.text(0) + row.text(1) == "21");
}

TEST_CASE("tokens: an answer that cannot be stored at once is not lost", "[work]") {
  Harness harness;
  harness.clients.refreshing->times.look_every = Millis{5};
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  harness.client->answer = [&](const http::ClientRequest&) {
    harness.fill_disk();
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  const FullDiskEnds ends(harness);
  const auto token = Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
  CHECK(ends.failures == 2);
  REQUIRE(token);
  CHECK(token->value.same_as("access-2"));
  CHECK(spent(*harness.client).size() == 1);
}

TEST_CASE("tokens: in trouble the provider is asked once a wait, however many callers there are",
          "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  harness.client->answer = [](const http::ClientRequest&) { return ScriptedClient::json(503, {}); };
  const auto storm = [&] {
    std::vector<std::thread> callers;
    std::atomic<int> later{0};
    for (int i = 0; i < 10; ++i)
      callers.emplace_back([&] {
        const auto token = Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
        if (!token && token.error() == NoToken::later) ++later;
      });
    for (auto& each : callers) each.join();
    return later.load();
  };
  for (std::size_t step = 1; step <= 8; ++step) {
    CHECK(storm() == 10);
    CHECK(storm() == 10);
    CHECK(spent(*harness.client).size() == step);
    harness.now_ms += 2 * minute;  // longer than any wait of ours
  }
  CHECK(is_linked(harness));
}

TEST_CASE("tokens: Retry-After is honoured, and believed up to an hour", "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  const auto [said, until] = GENERATE(std::pair<const char*, std::int64_t>{"120", 2 * minute},
                                      std::pair<const char*, std::int64_t>{"999999", 60 * minute},
                                      std::pair<const char*, std::int64_t>{"soon", 2'000});
  harness.client->answer = [said = said](const http::ClientRequest&) -> Answer {
    return http::ClientResponse{429, {{"Retry-After", said}}, "{}"};
  };
  Waiting tokens(*harness.driver, harness.clients);
  CHECK_FALSE(tokens.fresh(harness.owner, version));
  const auto began = harness.now_ms.load();
  harness.now_ms = began + until * 9 / 20;
  CHECK_FALSE(tokens.fresh(harness.owner, version));
  CHECK(spent(*harness.client).size() == 1);
  const auto why = tokens.fresh(harness.owner, version).error();
  CHECK(why == NoToken::later);
  CHECK((why.until && to_ms(*why.until) - began >= until / 2));
  harness.now_ms = began + until * 5 / 4 + 1;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  CHECK(tokens.fresh(harness.owner, version));
}

TEST_CASE("tokens: after a lost reply the same token is sent again, and the grant lives",
          "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  harness.now_ms += 58 * minute;
  harness.client->answer = [](const http::ClientRequest&) { return cut_after(); };
  Waiting tokens(*harness.driver, harness.clients);
  const auto meanwhile = tokens.fresh(harness.owner, version);
  REQUIRE(meanwhile);
  CHECK(meanwhile->value.same_as("access-1"));
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  harness.now_ms += 2'000;
  const auto token = tokens.fresh(harness.owner, version);
  REQUIRE(token);
  CHECK(token->value.same_as("access-2"));
  CHECK(spent(*harness.client) == std::vector<std::string>{"refresh-1", "refresh-1"});
}

TEST_CASE("tokens: a provider that answers once only: served to the end, asked for, then told",
          "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  harness.now_ms += 56 * minute;
  harness.client->answer = [](const http::ClientRequest&) { return cut_after(); };
  Waiting tokens(*harness.driver, harness.clients);
  REQUIRE(tokens.fresh(harness.owner, version));
  harness.client->answer = [](const http::ClientRequest&) { return refused(); };
  for (int i = 0; i < 3; ++i) {
    harness.now_ms += minute;
    const auto token = tokens.fresh(harness.owner, version);
    REQUIRE(token);
    CHECK(token->value.same_as("access-1"));
    CHECK(is_linked(harness));
  }
  // The customer was asked once, with four minutes left, and the provider not once more.
  CHECK(count_of(notes(harness), "grant_at_risk reply_lost") == 1);
  CHECK(spent(*harness.client).size() == 2);
  harness.now_ms += 2 * minute;
  const auto late = tokens.fresh(harness.owner, version);
  REQUIRE_FALSE(late);
  CHECK(late.error() == NoToken::ended);
  CHECK(spent(*harness.client).size() == 3);
  const auto state = harness.state();
  const auto* broken = std::get_if<connect::Broken>(&state.connect.phase);
  REQUIRE(broken);
  CHECK(broken->reason == connect::Ended::reply_lost);
  CHECK(count_of(notes(harness), "grant_ended reply_lost") == 1);
}

TEST_CASE("tokens: a refusal that passes leaves no trace at the token's end", "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  harness.now_ms += 57 * minute;
  harness.client->answer = [](const http::ClientRequest&) { return refused(); };
  Waiting tokens(*harness.driver, harness.clients);
  REQUIRE(tokens.fresh(harness.owner, version));
  CHECK(count_of(notes(harness), "grant_at_risk refused") == 1);
  harness.now_ms += 4 * minute;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  REQUIRE(tokens.fresh(harness.owner, version));
  CHECK(is_linked(harness));
  CHECK(std::holds_alternative<refresh::Fresh>(harness.refreshing(version).phase));
}

TEST_CASE("tokens: a token that is refused, and cannot be renewed either, is the end at once",
          "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  harness.client->answer = [](const http::ClientRequest&) { return refused(); };
  Waiting tokens(*harness.driver, harness.clients);
  const bool seen_before = GENERATE(false, true);
  if (seen_before) {
    harness.now_ms += 57 * minute;
    REQUIRE(tokens.fresh(harness.owner, version));
  }
  const auto token = tokens.fresh(harness.owner, version, 1);
  REQUIRE_FALSE(token);
  CHECK(token.error() == NoToken::ended);
  CHECK(std::holds_alternative<connect::Broken>(harness.state().connect.phase));
}

TEST_CASE("tokens: trouble with the previous token does not end a grant", "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2", 60);
  };
  Waiting tokens(*harness.driver, harness.clients);
  REQUIRE(tokens.fresh(harness.owner, version));
  harness.now_ms += 2 * minute;
  harness.client->answer = [](const http::ClientRequest& request) {
    return request.body.ends_with("refresh-2") ? refused() : ScriptedClient::json(502, {});
  };
  const auto token = tokens.fresh(harness.owner, version);
  REQUIRE_FALSE(token);
  CHECK(token.error() == NoToken::later);
  CHECK(is_linked(harness));
}

TEST_CASE("tokens: a clock that jumps by ten minutes either way costs no connection", "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  int made = 1;
  harness.client->answer = [&](const http::ClientRequest&) {
    ++made;
    return ScriptedClient::tokens("access-" + std::to_string(made), "refresh-1");
  };
  Waiting tokens(*harness.driver, harness.clients);
  // Set back just after it was made: it seems to live for longer than it ever had.
  harness.now_ms -= 10 * minute;
  auto token = tokens.fresh(harness.owner, version);
  REQUIRE(token);
  CHECK(token->value.same_as("access-2"));
  harness.now_ms += 10 * minute;
  REQUIRE(tokens.fresh(harness.owner, version));
  CHECK(made == 2);
  // Set back while a wait is written down: the wait does not grow by it.
  harness.now_ms += 60 * minute;
  const auto good = harness.client->answer;
  harness.client->answer = [](const http::ClientRequest&) { return ScriptedClient::json(503, {}); };
  CHECK_FALSE(tokens.fresh(harness.owner, version));
  harness.client->answer = good;
  harness.now_ms -= 10 * minute;
  REQUIRE(tokens.fresh(harness.owner, version, 2));
  CHECK(made == 3);
  CHECK(is_linked(harness));
}

TEST_CASE("tokens: the company's disconnect during a refresh hands out nothing", "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  harness.client->answer = [&](const http::ClientRequest&) {
    (void)harness.driver->take(harness.owner.connection, wire::by_provider(),
                               connect::DisconnectPressed{});
    // It is not revoked before it is known what there is to revoke.
    CHECK(harness.perform(Revoke{version}, 0));
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  const auto token = Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
  REQUIRE_FALSE(token);
  CHECK(token.error() == NoToken::gone);
  std::string revoked;
  harness.client->answer = [&](const http::ClientRequest& request) {
    revoked = request.body;
    return ScriptedClient::json(200, {});
  };
  CHECK_FALSE(harness.perform(Revoke{version}, 1));
  CHECK(revoked == "token=refresh-2");
  CHECK_FALSE(harness.has(sealed_field::access_token, version));
  CHECK(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version).error() ==
        NoToken::gone);
}

TEST_CASE("tokens: of a connection that is deleted during a refusal there is none, and no fault",
          "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  const bool of_ours = GENERATE(false, true);
  harness.client->answer = [&](const http::ClientRequest& request) {
    if (request.url.ends_with("/revoke")) return ScriptedClient::json(200, wire::Json::object());
    (void)async::wait_for(erase_connection(*harness.driver, harness.clients, wire::by_operator(),
                                           harness.owner.connection, {false, Millis{0}}));
    return of_ours ? ScriptedClient::json(401, {{"error", "invalid_client"}}) : refused();
  };
  const auto token = Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
  REQUIRE_FALSE(token);
  CHECK(token.error() == NoToken::gone);
}

TEST_CASE("tokens: long ones are kept whole", "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  const auto [access, refresh] = GENERATE(std::pair{4096U, 512U}, std::pair{65536U, 16384U});
  const std::string long_access(access, 'a'), long_refresh(refresh, 'r');
  harness.client->answer = [&](const http::ClientRequest&) {
    return ScriptedClient::tokens(long_access, long_refresh, 60);
  };
  Waiting tokens(*harness.driver, harness.clients);
  const auto token = tokens.fresh(harness.owner, version);
  REQUIRE(token);
  CHECK(token->value.same_as(long_access));
  harness.now_ms += 2 * minute;
  REQUIRE(tokens.fresh(harness.owner, version));
  CHECK(spent(*harness.client).back() == long_refresh);
}

TEST_CASE("tokens: an answer without refresh token, lifetimes or type in small letters will do",
          "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(
        200, {{"access_token", "access-2"}, {"token_type", "BEARER"}, {"scope", "read"}});
  };
  Waiting tokens(*harness.driver, harness.clients);
  const auto token = tokens.fresh(harness.owner, version);
  REQUIRE(token);
  CHECK(token->expires == harness.later(3600));  // RFC 6749 5.1: then it is up to us
  {
    // A narrower scope than before is what the grant is good for from here on.
    auto db = harness.databases->borrow();
    CHECK(store::grant_scope(*db, harness.owner.connection, version) == "read");
  }
  harness.now_ms += 60 * minute;
  REQUIRE(tokens.fresh(harness.owner, version));
  CHECK(spent(*harness.client) == std::vector<std::string>{"refresh-1", "refresh-1"});
  // Nobody said when the refresh token ends, so it is used every day.
  auto db = harness.databases->borrow();
  CHECK(store::due_refreshes(*db, harness.later(24 * 3600 + 1), 10).size() == 1);
}

TEST_CASE("tokens: refusals are told by the error's name, whatever status and words come with it",
          "[work]") {
  const auto [status, error, ends] =
      GENERATE(table<int, const char*, bool>({{400, "invalid_grant", true},
                                              {401, "invalid_grant", true},
                                              {403, "invalid_grant", true},
                                              {401, "invalid_client", false},
                                              {400, "unauthorized_client", false},
                                              {400, "temporarily_unavailable", false},
                                              {400, "slow_down", false},
                                              {404, "", false},
                                              {500, "invalid_grant", false}}));
  CAPTURE(status, error);
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 2 * minute;
  harness.client->answer = [status = status, error = error](const http::ClientRequest&) {
    return ScriptedClient::json(
        status, {{"error", error}, {"error_description", "Stale token; session not active"}});
  };
  CHECK_FALSE(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version));
  CHECK(is_linked(harness) != ends);
}

}  // namespace rekey::tokens_test
