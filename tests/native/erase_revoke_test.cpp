// How the grants of deleted connections are ended.
#include <thread>

#include "native/store/audit.hpp"
#include "native/work/key_keeper.hpp"
#include "native/work/revocations.hpp"
#include "tests/native/erase_harness.hpp"

namespace rekey::erase_revoke_test {

using namespace rekey::erase_test;

namespace {

async::Task<void> erase_patiently(Deleting& of, std::atomic<bool>& revoked) {
  ErasureOptions options;
  options.patience = std::chrono::minutes{1};
  const auto erasure =
      co_await erase_tenant(*of.driver, of.clients, the_host, std::string("tenant-zeta"), options);
  revoked = erasure.revocation == "revoked";
}

}  // namespace

TEST_CASE("erase: a token that cannot be revoked now is revoked later, and names no tenant",
          "[work]") {
  Deleting harness;
  harness.fill(1);
  harness.link(3600);
  harness.client->answer = [](const http::ClientRequest&) {
    return tl::unexpected(http::TransportError{"no route", false});
  };
  const auto erasure = harness.erase(at_once);
  CHECK(erasure.revocation == "pending");
  CHECK(left(harness, harness.words()) == nothing);
  CHECK(left(harness, {"refresh-1", "access-1"}) == nothing);
  REQUIRE(revoke_next(*harness.driver, harness.clients));
  CHECK_FALSE(revoke_next(*harness.driver, harness.clients));  // it waits now
  CHECK(harness.standing(erasure).revocation == "pending");
  // It is sealed by a key of its own, which moves when the master key changes.
  CHECK(data_keys_by_master_key(*harness.databases->borrow()).size() == 1);
  SECTION("the provider is back") {
    harness.client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::json(200, wire::Json::object());
    };
    harness.now_ms += 3000;
    REQUIRE(revoke_next(*harness.driver, harness.clients));
    CHECK(harness.client->requests().back().body == "token=refresh-1");
    CHECK(harness.standing(erasure).revocation == "revoked");
  }
  SECTION("it is away for longer than a day") {
    int tries = 1;
    for (const auto begun = harness.now_ms.load(); harness.now_ms < begun + 30 * 3'600'000LL;
         harness.now_ms += 60'000)
      while (revoke_next(*harness.driver, harness.clients)) ++tries;
    CHECK(tries == 11);
    CHECK(harness.standing(erasure).revocation == "given_up");
    // Told once, and without a name.
    const auto audited = store::audit_after(*harness.databases->borrow(), 0, {}, 100);
    REQUIRE(std::count_if(audited.begin(), audited.end(), [](const auto& each) {
              return each.event == "revocation_given_up";
            }) == 1);
    CHECK(audited.back().actor == wire::by_time());
    CHECK_FALSE(audited.back().tenant);
    CHECK_FALSE(audited.back().connection);
    // Who has the proof knows which deletion is meant; so does the host.
    CHECK(audited.back().detail.value("deletion", "") == erasure.digest());
    CHECK(harness.count("webhook_messages where type = 'connection.revocation_given_up' and "
                        "body like '%" +
                        erasure.digest() + "%'") == 1);
  }
  CHECK(harness.count("revocations") == 0);
}

TEST_CASE("erase: an OAuth 1.0a connection that cannot be ended now is tried for a day too",
          "[work]") {
  Deleting harness;
  harness.fill(1);
  harness.add_legacy("https://provider.example/legacy/disconnect");
  harness.client->answer = [](const http::ClientRequest&) {
    return tl::unexpected(http::TransportError{"no route", false});
  };
  const auto erasure = harness.erase(at_once);
  CHECK(erasure.revocation == "pending");
  int tries = 0;
  const auto wait = [&](std::int64_t ms) {
    for (const auto begun = harness.now_ms.load(); harness.now_ms < begun + ms;
         harness.now_ms += 60'000)
      while (revoke_next(*harness.driver, harness.clients)) ++tries;
  };
  wait(3'600'000);
  CHECK(tries > 3);
  CHECK(harness.standing(erasure).revocation == "pending");
  SECTION("the provider is back") {
    harness.client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::json(200, wire::Json::object());
    };
    wait(12 * 3'600'000LL);
    CHECK(harness.client->requests().back().url == "https://provider.example/legacy/disconnect");
    CHECK(harness.standing(erasure).revocation == "revoked");
  }
  SECTION("it is away for longer than a day") {
    wait(30 * 3'600'000LL);
    CHECK(tries == 11);
    CHECK(harness.standing(erasure).revocation == "given_up");
  }
}

TEST_CASE("erase: where the provider ends no OAuth 1.0a connection the proof says so", "[work]") {
  Deleting harness;
  harness.fill(1);
  SECTION("the only one") {
    harness.add_legacy("");
    CHECK(harness.erase(at_once).revocation == "not_offered");
  }
  SECTION("beside a grant that is still to be ended") {
    harness.link(3600);
    harness.add_legacy("");
    CHECK(harness.erase(at_once).revocation == "pending");
  }
  SECTION("or the other way round") {
    harness.link(3600);
    harness.clients.provider.revocation_endpoint = "";
    harness.add_legacy("https://provider.example/legacy/disconnect");
    CHECK(harness.erase(at_once).revocation == "pending");
  }
}

TEST_CASE("erase: one that the provider does not answer is in no other's way", "[work]") {
  Deleting harness;
  harness.fill(1);
  const auto version = harness.link(3600);
  const auto hanging = harness.owner;
  const auto other = harness.add_connection("other-books");
  // Another token, so that the two can be told apart.
  {
    auto db = harness.databases->borrow();
    harness.driver->secrets().put(*db, hanging, sealed_field::refresh_token, version,
                                  Secret(std::string("never-answered")));
  }
  harness.client->hold(
      [](const auto& request) { return request.body.find("never-answered") != request.body.npos; });
  auto revoker = std::make_unique<Revoker>(*harness.driver, harness.clients);
  const auto first = async::wait_for(
      erase_connection(*harness.driver, harness.clients, the_host, hanging.connection, at_once));
  harness.client->wait_for_held(1);
  CHECK(first.revocation == "pending");
  const auto second = async::wait_for(
      erase_connection(*harness.driver, harness.clients, the_host, other.connection));
  CHECK(second.revocation == "revoked");
  // Nor in the way of the end.
  revoker.reset();
  CHECK(harness.client->held() == 1);
  harness.client->release();
  harness.clients.pool->wait_for_tasks();
  CHECK(harness.standing(first).revocation == "revoked");
}

TEST_CASE("erase: while it waits for the provider no thread and no connection is held", "[work]") {
  Deleting harness;
  harness.fill(1);
  harness.link(3600);
  harness.client->hold();
  const Revoker revoker(*harness.driver, harness.clients);
  // It runs in this thread until it waits.
  std::atomic<bool> over{false};
  harness.clients.pool->start(erase_patiently(harness, over));
  harness.client->wait_for_held(1);
  CHECK_FALSE(over);
  // It looks now and then, and so does the revoker.
  bool none_lent = false;
  for (int i = 0; i < 1000 && !none_lent; ++i) {
    none_lent = harness.databases->pool().lent == 0;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  CHECK(none_lent);
  harness.client->release();
  harness.clients.pool->wait_for_tasks();
  CHECK(over);
}

TEST_CASE("erase: an answer that comes too late is revoked too", "[work]") {
  Deleting harness;
  harness.fill(1);
  const auto version = harness.begin_exchange();
  harness.client->answer = [&](const http::ClientRequest& request) {
    if (request.url.ends_with("/revoke")) return ScriptedClient::json(200, wire::Json::object());
    harness.erase(at_once);
    return ScriptedClient::tokens("access-late", "refresh-late");
  };
  harness.perform(ExchangeCode{"attempt", version});
  REQUIRE(revoke_next(*harness.driver, harness.clients));
  CHECK(harness.client->requests().back().body == "token=refresh-late");
  CHECK(left(harness, harness.words()) == nothing);
}

}  // namespace rekey::erase_revoke_test
