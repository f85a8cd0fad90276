// Who is told when an application does not answer.
#include "native/work/webhooks.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <thread>

#include "native/async/wait.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::webhooks_test {

using namespace rekey::work;

namespace {

/// Endpoints of applications, and messages for all of them.
struct Applications : Harness {
  Applications() {
    client->answer = [](const http::ClientRequest&) { return ScriptedClient::json(204, {}); };
  }
  std::string add(const std::string& url) {
    const auto endpoint = new_endpoint(driver->secrets(), url, "", driver->now());
    store::put_endpoint(*databases->borrow(), endpoint);
    return endpoint.id;
  }
  void tell(int messages) {
    {
      auto db = databases->borrow();
      for (int i = 0; i < messages; ++i)
        store::put_message(*db, {"msg_" + std::to_string(i), owner.connection, "connection.made",
                                 driver->now(), "{}"});
    }
    driver->tell(owner.connection);
  }
  /// How many requests went to this host.
  std::size_t sent_to(const std::string& host) const {
    std::size_t out = 0;
    for (const auto& each : client->requests()) out += each.url.find(host) != each.url.npos ? 1 : 0;
    return out;
  }
  std::int64_t delivered() {
    auto db = databases->borrow();
    auto row = db->query("select count(*) from webhook_deliveries where delivered = 1");
    row.step();
    return row.int64(0);
  }
  template <class F>
  bool within_seconds(F&& holds) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!holds()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      async::wait_for(rest());
    }
    return true;
  }
  async::Task<void> rest() { co_await clients.pool->sleep(Millis{5}); }
};

}  // namespace

TEST_CASE("webhooks: an endpoint that does not answer keeps none waiting but itself", "[work]") {
  Applications harness;
  harness.add("https://hanging.example/hooks");
  harness.add("https://healthy.example/hooks");
  harness.client->hold(
      [](const auto& request) { return request.url.find("hanging") != request.url.npos; });
  harness.tell(50);
  auto sender = std::make_unique<WebhookSender>(*harness.driver, harness.client,
                                                harness.clients.pool, WebhookLanes{8, 4});
  CHECK(harness.within_seconds([&] { return harness.delivered() == 50; }));
  CHECK(harness.sent_to("healthy") == 50);
  CHECK(harness.within_seconds([&] { return harness.client->held() == 4; }));
  // No more of it than its share, and nobody waits for them at the end.
  CHECK(harness.sent_to("hanging") == 4);
  sender.reset();
  harness.client->release();
  harness.clients.pool->wait_for_tasks();
  CHECK(harness.delivered() == 54);
}

TEST_CASE("webhooks: when it answers again it is told the rest", "[work]") {
  Applications harness;
  harness.add("https://hanging.example/hooks");
  harness.client->hold();
  harness.tell(20);
  const WebhookSender sender(*harness.driver, harness.client, harness.clients.pool);
  harness.client->wait_for_held(4);
  harness.client->release();
  CHECK(harness.within_seconds([&] { return harness.delivered() == 20; }));
  CHECK(harness.sent_to("hanging") == 20);
}

}  // namespace rekey::webhooks_test
