#include <catch2/catch_test_macros.hpp>

#include "native/store/audit.hpp"
#include "native/work/health.hpp"
#include "native/work/revocations.hpp"
#include "native/work/webhook_messages.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::revoke_test {

// Ending grants at a provider that does not confirm it, and what is told of trouble.

using namespace rekey::work;

namespace {

using Answer = ScriptedClient::Answer;
using Texts = std::vector<std::string>;

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t day = 24 * 60 * minute;

void answer_revocations(Harness& harness, Answer answer) {
  harness.client->answer = [answer](const http::ClientRequest& request) -> Answer {
    if (request.url.find("/revoke") != std::string::npos) return answer;
    return ScriptedClient::json(503, {});
  };
}

std::size_t revocations_sent(const Harness& harness) {
  std::size_t out = 0;
  for (const auto& each : harness.client->requests())
    if (each.url.find("/revoke") != std::string::npos) ++out;
  return out;
}

/// The notes that came of it after the first `skip`, oldest first.
Texts notes(Harness& harness, std::size_t skip = 0) {
  auto db = harness.databases->borrow();
  Texts out;
  const auto all = store::newest_notices(*db, harness.owner.connection, 100);
  for (auto each = all.rbegin(); each != all.rend(); ++each)
    out.push_back(std::string(wire::name_of(each->note)));
  out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(std::min(skip, out.size())));
  return out;
}

/// The webhooks of these types, oldest first, as JSON.
std::vector<wire::Json> messages(Harness& harness, const std::string& prefix) {
  auto db = harness.databases->borrow();
  std::vector<wire::Json> out;
  auto row = db->query("select body from webhook_messages order by n");
  while (row.step()) {
    auto body = wire::parse(row.text(0), "The message");
    REQUIRE(body.has_value());
    if ((*body)["type"].get<std::string>().starts_with(prefix)) out.push_back(std::move(*body));
  }
  return out;
}

Texts types(const std::vector<wire::Json>& all) {
  Texts out;
  for (const auto& each : all) out.push_back(each["type"].get<std::string>());
  return out;
}

void take(Harness& harness, const Event& event) {
  REQUIRE(harness.driver->take(harness.owner.connection, wire::by_time(), event).has_value());
}

/// Disconnected here, and two minutes later without the provider's word.
std::int64_t disconnect_unconfirmed(Harness& harness) {
  const auto version = harness.link(3600);
  take(harness, connect::DisconnectPressed{});
  answer_revocations(harness, ScriptedClient::json(503, {}));
  CHECK(harness.perform(Revoke{version}));
  harness.now_ms += 2 * minute;
  take(harness, TimeReached{});
  return version;
}

/// A second sign-in: its callback has come, its code was not sent yet.
std::int64_t sign_in_again(Harness& harness) {
  take(harness, connect::ConnectPressed{"attempt-2", harness.later(600)});
  REQUIRE(harness.driver->take(
      harness.owner.connection, wire::by_time(), connect::CallbackArrived{"attempt-2"},
      [&](store::Database& db, const store::StoredConnection&, const Step& taken) {
        const auto version = taken.next.connect.versions;
        harness.driver->secrets().put(db, harness.owner, sealed_field::code, version,
                                      Secret(std::string("code-2")));
        store::put_grant(db, harness.owner.connection, version,
                         {"123", "https://here.example/callback", {}, 0, {}});
      }));
  return harness.state().connect.versions;
}

Health health(Harness& harness) {
  const auto connection = harness.driver->read(harness.owner.connection);
  auto db = harness.databases->borrow();
  return health_of(*db, connection, harness.driver->now());
}

/// The lines of the log while it lives.
struct Logged {
  Logged() {
    log::set_sink([this](std::string_view line) { text += std::string(line) + "\n"; });
  }
  ~Logged() { log::set_sink({}); }
  Logged(const Logged&) = delete;
  Logged& operator=(const Logged&) = delete;
  bool has(const char* event) const { return text.find(event) != std::string::npos; }
  std::string text;
};

}  // namespace

TEST_CASE("revoke: while the provider does not confirm, the token is kept and the state says so",
          "[work]") {
  Harness harness;
  const Logged logged;
  const auto version = disconnect_unconfirmed(harness);
  CHECK(std::holds_alternative<connect::Unlinked>(harness.state().connect.phase));
  CHECK(harness.has(sealed_field::refresh_token, version));
  const auto state = harness.state();
  REQUIRE(connect::unconfirmed(state.connect));
  CHECK(connect::unconfirmed(state.connect)->version == version);
  CHECK(health(harness).reason == "revocation_pending");
  CHECK(logged.has("revoke.pending"));
  CHECK(logged.text.find("refresh-1") == std::string::npos);
  CHECK(types(messages(harness, "connection.")) ==
        Texts{"connection.made", "connection.disconnected", "connection.revocation_pending"});
}

TEST_CASE("revoke: a late yes is told, and then nothing is left", "[work]") {
  Harness harness;
  const auto version = disconnect_unconfirmed(harness);
  answer_revocations(harness, http::ClientResponse{200, {}, ""});
  CHECK_FALSE(harness.perform(Revoke{version}, 5));
  CHECK_FALSE(harness.has(sealed_field::refresh_token, version));
  CHECK_FALSE(harness.has(sealed_field::access_token, version));
  CHECK(harness.state().connect.revocations.empty());
  CHECK(notes(harness).back() == "revocation_confirmed");
  CHECK(health(harness).reason.empty());
  const auto told = messages(harness, "connection.revocation_");
  REQUIRE(types(told) == Texts{"connection.revocation_pending", "connection.revocation_confirmed"});
  for (const auto& each : told) {
    CHECK(each["data"]["revocation"]["grant"] == version);
    CHECK(each["data"]["revocation"]["company"]["realm_id"] == "123");
  }
  CHECK(told[1]["data"]["actor"]["type"] == "provider");
  // The job may run twice: there is no token to send any more.
  const auto sent = revocations_sent(harness);
  CHECK_FALSE(harness.perform(Revoke{version}, 6));
  CHECK(revocations_sent(harness) == sent);
}

TEST_CASE("revoke: after a day it is given up, the token forgotten, and everybody told", "[work]") {
  Harness harness;
  const Logged logged;
  const auto version = disconnect_unconfirmed(harness);
  const auto began = harness.now_ms.load();
  while (harness.perform(Revoke{version}, 30)) {
    REQUIRE(harness.has(sealed_field::refresh_token, version));
    REQUIRE(harness.now_ms.load() < began + day);
    harness.now_ms += 20 * minute;
  }
  CHECK(harness.now_ms.load() >= began + day - 2 * minute);
  CHECK_FALSE(harness.has(sealed_field::refresh_token, version));
  CHECK(notes(harness).back() == "revocation_given_up");
  CHECK(logged.has("revoke.given_up"));
  CHECK(logged.has("security.revocation_given_up"));
  const auto audited = store::newest_audit(*harness.databases->borrow(), "revocation_given_up");
  REQUIRE(audited);
  CHECK(audited->actor == wire::by_time());
  CHECK(audited->connection == harness.owner.connection);
  CHECK(audited->detail == wire::Json{{"grant", version}});
  const auto told = messages(harness, "connection.revocation_given_up");
  REQUIRE(told.size() == 1);
  CHECK(told[0]["data"]["what_to_do"].get<std::string>().find("QuickBooks") != std::string::npos);
  CHECK(health(harness).reason == "revocation_given_up");
  CHECK(health(harness).what_to_do.find("remove this app") != std::string::npos);
  const auto sent = revocations_sent(harness);
  CHECK_FALSE(harness.perform(Revoke{version}, 31));
  CHECK(revocations_sent(harness) == sent);
  harness.now_ms += 31 * day;
  CHECK(health(harness).reason.empty());
}

TEST_CASE("revoke: what the provider says of ourselves is no yes", "[work]") {
  const std::vector<Answer> nothing_said = {
      ScriptedClient::json(401, {{"error", "invalid_client"}}),
      ScriptedClient::json(400, {{"error", "invalid_client"}}),
      ScriptedClient::json(400, {{"error", "unsupported_token_type"}}),
      ScriptedClient::json(403, {}),
      ScriptedClient::json(404, {}),
      ScriptedClient::json(429, {}),
      http::ClientResponse{302, {{"Location", "https://elsewhere.example"}}, ""},
      tl::unexpected(http::TransportError{"connection reset", true})};
  for (const auto& answer : nothing_said) {
    Harness harness;
    const auto version = harness.link(3600);
    take(harness, connect::DisconnectPressed{});
    answer_revocations(harness, answer);
    CHECK(harness.perform(Revoke{version}));
    CHECK(harness.has(sealed_field::refresh_token, version));
    CHECK(std::holds_alternative<connect::Disconnecting>(harness.state().connect.phase));
  }
  const std::vector<Answer> yes = {
      http::ClientResponse{200, {}, ""}, http::ClientResponse{400, {}, ""},
      ScriptedClient::json(400, {{"error", "invalid_request"},
                                 {"error_description", "Token is invalid or was revoked"}})};
  for (const auto& answer : yes) {
    Harness harness;
    const auto version = harness.link(3600);
    take(harness, connect::DisconnectPressed{});
    answer_revocations(harness, answer);
    CHECK_FALSE(harness.perform(Revoke{version}));
    CHECK_FALSE(harness.has(sealed_field::refresh_token, version));
  }
}

TEST_CASE("revoke: another client's configuration asks nothing, and forgets nothing", "[work]") {
  Harness harness;
  const Logged logged;
  const auto version = harness.link(3600);
  take(harness, connect::DisconnectPressed{});
  answer_revocations(harness, http::ClientResponse{200, {}, ""});
  {
    auto db = harness.databases->borrow();
    store::set_refresh_client(*db, {harness.owner.connection, version}, "the client before");
  }
  CHECK(harness.perform(Revoke{version}));
  CHECK(revocations_sent(harness) == 0);
  CHECK(harness.has(sealed_field::refresh_token, version));
  CHECK(logged.has("revoke.misconfigured"));
  {
    auto db = harness.databases->borrow();
    store::set_refresh_client(*db, {harness.owner.connection, version}, "client");
  }
  CHECK_FALSE(harness.perform(Revoke{version}, 1));
  CHECK(revocations_sent(harness) == 1);
  CHECK_FALSE(harness.has(sealed_field::refresh_token, version));
}

TEST_CASE("revoke: tokens of a deleted connection wait for the client they were given to",
          "[work]") {
  Harness harness;
  answer_revocations(harness, http::ClientResponse{200, {}, ""});
  const auto keep = [&](const std::string& client_id) {
    auto db = harness.databases->borrow();
    store::in_transaction(*db, [&] {
      keep_to_revoke(*db, harness.driver->secrets(), Secret(std::string("a-token")), client_id,
                     harness.driver->now());
    });
  };
  const auto left = [&] {
    auto db = harness.databases->borrow();
    auto row = db->query("select count(*) from revocations");
    return row.step() ? row.int64(0) : -1;
  };
  keep("the client before");
  CHECK(revoke_next(*harness.driver, harness.clients));
  CHECK(revocations_sent(harness) == 0);
  CHECK(left() == 1);
  for (const auto* known : {"client", ""}) {
    keep(known);
    CHECK(revoke_next(*harness.driver, harness.clients));
    CHECK(left() == 1);
  }
  CHECK(revocations_sent(harness) == 2);
}

TEST_CASE("revoke: it waits for a sign-in, and is not sent once the same company is linked anew",
          "[work]") {
  Harness harness;
  const auto old = disconnect_unconfirmed(harness);
  const auto sent = revocations_sent(harness);
  const auto version = sign_in_again(harness);
  CHECK(harness.perform(Revoke{old}, 6));
  CHECK(revocations_sent(harness) == sent);
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  harness.perform(ExchangeCode{"attempt-2", version});
  CHECK(harness.perform(Revoke{old}, 7));
  take(harness, connect::CompanyProved{version, {"123", "Books"}});
  CHECK_FALSE(harness.perform(Revoke{old}, 8));
  CHECK(revocations_sent(harness) == sent);
  CHECK_FALSE(harness.has(sealed_field::refresh_token, old));
  CHECK(harness.has(sealed_field::refresh_token, version));
}

TEST_CASE("retire: the OAuth 1.0a credential is kept until yes, or for a day", "[work]") {
  for (const bool comes_back : {true, false}) {
    Harness harness;
    auto& clients = harness.clients;
    clients.provider.legacy_disconnect = "https://provider.example/disconnect";
    clients.accounting = std::make_shared<intuit::Accounting>(
        clients.provider, harness.client, [&harness] { return harness.driver->now(); });
    const auto keep = [&](store::Database& db, const store::StoredConnection&, const Step&) {
      harness.driver->secrets().put(
          db, harness.owner, sealed_field::legacy, 0,
          Secret(std::string(R"({"consumer_key":"a","consumer_secret":"b","token":"c",)"
                             R"("token_secret":"d"})")));
    };
    REQUIRE(harness.driver->take(harness.owner.connection, wire::by_operator(),
                                 connect::LegacyLoaded{{"123", "Books"}, {}, {}}, keep));
    take(harness, connect::DisconnectPressed{});
    harness.client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::json(503, {});
    };
    CHECK(harness.perform(RetireLegacy{}));
    harness.now_ms += 2 * minute;
    take(harness, TimeReached{});
    CHECK(harness.perform(RetireLegacy{}, 9));
    CHECK(harness.has(sealed_field::legacy, 0));
    if (comes_back) {
      harness.client->answer = [](const http::ClientRequest&) {
        return ScriptedClient::json(200, {});
      };
    } else {
      harness.now_ms += day;
    }
    CHECK_FALSE(harness.perform(RetireLegacy{}, 10));
    CHECK_FALSE(harness.has(sealed_field::legacy, 0));
    CHECK(notes(harness).back() == (comes_back ? "revocation_confirmed" : "revocation_given_up"));
  }
}

TEST_CASE("trouble: refused credentials of ours are told at once, and when they are good again",
          "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  const auto before = notes(harness).size();
  harness.now_ms += 59 * minute;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(401, {{"error", "invalid_client"}});
  };
  for (int i = 0; i < 3; ++i) {
    (void)Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
    harness.now_ms += 2 * minute;
  }
  CHECK(notes(harness, before) == Texts{"grant_in_trouble"});
  const auto state = harness.state();
  REQUIRE(connect::live_grant(state.connect)->trouble);
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  CHECK(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version));
  CHECK(notes(harness, before) == Texts{"grant_in_trouble", "grant_recovered"});
  const auto told = messages(harness, "connection.");
  REQUIRE(types(told) == Texts{"connection.made", "connection.at_risk", "connection.recovered"});
  CHECK(told[1]["data"]["reason"] == "misconfigured");
  CHECK(told[2]["data"]["reason"] == "misconfigured");
}

TEST_CASE("trouble: a provider that is away is told after ten minutes, once", "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  const auto before = notes(harness).size();
  harness.now_ms += 59 * minute;
  harness.client->answer = [](const http::ClientRequest&) { return ScriptedClient::json(503, {}); };
  for (int i = 0; i < 4; ++i) {
    (void)Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
    harness.now_ms += 2 * minute;
  }
  CHECK(notes(harness, before).empty());
  for (int i = 0; i < 4; ++i) {
    harness.now_ms += 2 * minute;
    (void)Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
  }
  CHECK(notes(harness, before) == Texts{"grant_in_trouble"});
  CHECK(messages(harness, "connection.at_risk")[0]["data"]["reason"] == "unavailable");
}

TEST_CASE("webhooks: a sign-in that failed says why and whether the customer can mend it",
          "[work]") {
  const auto told = [](const Answer& answer) {
    Harness harness;
    const auto version = harness.begin_exchange();
    harness.client->answer = [&](const http::ClientRequest&) { return answer; };
    harness.perform(ExchangeCode{"attempt", version});
    const auto all = messages(harness, "sign_in.failed");
    REQUIRE(all.size() == 1);
    return all[0]["data"];
  };
  const auto ours = told(ScriptedClient::json(401, {{"error", "invalid_client"}}));
  CHECK(ours["reason"] == "misconfigured");
  CHECK(ours["ours"] == true);
  const auto theirs = told(ScriptedClient::json(400, {{"error", "invalid_grant"}}));
  CHECK(theirs["reason"] == "code_expired");
  CHECK(theirs["ours"] == false);
}

TEST_CASE("webhooks: an import that failed says why and whether it can be resumed", "[work]") {
  Harness harness;
  (void)harness.link(3600);
  take(harness, imports::ImportFailed{1, imports::Stopped::unreadable});
  const auto all = messages(harness, "import.failed");
  REQUIRE(all.size() == 1);
  CHECK(all[0]["data"]["reason"] == "unreadable");
  CHECK(all[0]["data"]["resumable"] == true);
}

}  // namespace rekey::revoke_test
