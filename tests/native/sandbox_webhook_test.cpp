// What the sandbox tells of changes, and how it goes on when nobody listens.
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <mutex>

#include "native/sandbox/hooks/webhooks.hpp"
#include "sandbox_writer.hpp"

namespace rekey::sandbox_webhook_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

/// Receives deliveries and answers them in turn; the last answer stays.
class Receiver : public http::Client {
 public:
  explicit Receiver(std::vector<int> statuses) : statuses_(std::move(statuses)) {}

  http::Answer send(const http::ClientRequest& request) override {
    const std::lock_guard lock(mutex_);
    const auto at = std::min(received_.size(), statuses_.size() - 1);
    received_.push_back(request);
    came_.notify_all();
    if (statuses_[at] == 0) return tl::unexpected(http::TransportError{"nobody there"});
    return http::ClientResponse{statuses_[at], {}, ""};
  }
  std::vector<http::ClientRequest> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    const bool came =
        came_.wait_for(lock, std::chrono::seconds{20}, [&] { return received_.size() >= count; });
    CHECK(came);
    return received_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<int> statuses_;
  std::vector<http::ClientRequest> received_;
};

HookRules quick_rules() {
  HookRules rules;
  rules.url = "http://app.example/intuit/webhooks";
  rules.verifier_token = "verify-me";
  rules.gather_ms = 1;
  rules.retry_ms = 1;
  return rules;
}

bool is_signed(const http::ClientRequest& request) {
  return request.headers.get("intuit-signature") == hook_signature("verify-me", request.body);
}

const std::vector<Change> two_companies = {
    {"11", Entity::customer, "7", Deed::updated, {}, from_ms(1'795'000'000'000)},
    {"22", Entity::tax_code, "3", Deed::created, {}, from_ms(1'795'000'000'000)},
    {"11", Entity::customer, "8", Deed::merged, "9", from_ms(1'795'000'000'000)}};

}  // namespace

TEST_CASE("webhook: the form with eventNotifications has one entry a company", "[sandbox]") {
  const json body = json::parse(hook_body(HookForm::notifications, two_companies));
  const json& all = body["eventNotifications"];
  REQUIRE(all.size() == 2);
  CHECK(all[0]["realmId"] == "11");
  const json& entities = all[0]["dataChangeEvent"]["entities"];
  REQUIRE(entities.size() == 2);
  CHECK(entities[0] == json{{"name", "Customer"},
                            {"id", "7"},
                            {"operation", "Update"},
                            {"lastUpdated", "2026-11-18T03:06:40-08:00"}});
  CHECK(entities[1]["operation"] == "Merge");
  CHECK(entities[1]["deletedId"] == "9");
  CHECK(all[1]["dataChangeEvent"]["entities"][0]["name"] == "TaxCode");
}

TEST_CASE("webhook: the CloudEvents of one delivery may be of several companies", "[sandbox]") {
  const json body = json::parse(hook_body(HookForm::cloudevents, two_companies));
  REQUIRE(body.size() == 3);
  CHECK(body[0]["specversion"] == "1.0");
  CHECK(body[0]["type"] == "qbo.customer.updated.v1");
  CHECK(body[0]["intuitaccountid"] == "11");
  CHECK(body[0]["intuitentityid"] == "7");
  CHECK(body[1]["type"] == "qbo.taxcode.created.v1");
  CHECK(body[1]["intuitaccountid"] == "22");
  CHECK(body[0]["id"] != body[1]["id"]);
  CHECK(body[0]["id"].get<std::string>().size() == 36);
}

TEST_CASE("webhook: a write is told, signed over the body as it was sent", "[sandbox]") {
  const auto receiver = std::make_shared<Receiver>(std::vector<int>{200});
  SandboxOptions options = harness_options();
  options.webhooks = quick_rules();
  options.webhook_client = receiver;
  Harness harness(options);
  const std::string token = harness.connect()["access_token"];
  const auto made = harness.send("POST", "/v3/company/" + realm + "/customer",
                                 {{"Authorization", "Bearer " + token},
                                  {"Accept", "application/json"},
                                  {"Content-Type", "application/json"}},
                                 R"({"DisplayName":"Rosa & Söhne"})");
  REQUIRE(made.status == 200);
  const auto received = receiver->wait_for(1);
  CHECK(received[0].url == "http://app.example/intuit/webhooks");
  CHECK(is_signed(received[0]));
  const json body = json::parse(received[0].body);
  CHECK(body[0]["type"] == "qbo.customer.created.v1");
  CHECK(body[0]["intuitentityid"] == json_of(made)["Customer"]["Id"]);
  CHECK(body[0]["intuitaccountid"] == realm);
}

TEST_CASE("webhook: what is not answered 200 comes again, as often as the rules say", "[sandbox]") {
  const auto receiver = std::make_shared<Receiver>(std::vector<int>{0, 503, 200});
  Webhooks hooks(quick_rules(), receiver);
  hooks.tell(two_companies[0]);
  const auto received = receiver->wait_for(3);
  CHECK(received[0].body == received[2].body);
  CHECK(is_signed(received[2]));
  HookRules stubborn = quick_rules();
  stubborn.retries = 2;
  const auto deaf = std::make_shared<Receiver>(std::vector<int>{500});
  {
    Webhooks others(stubborn, deaf);
    others.tell(two_companies[0]);
    deaf->wait_for(3);
  }
  CHECK(deaf->wait_for(3).size() == 3);
}

TEST_CASE("webhook: duplicates and wrong signatures on request", "[sandbox]") {
  const auto receiver = std::make_shared<Receiver>(std::vector<int>{200});
  HookRules rules = quick_rules();
  rules.duplicates = 1;
  rules.wrong_signatures = 1;
  Webhooks hooks(rules, receiver);
  hooks.tell(two_companies[0]);
  const auto received = receiver->wait_for(2);
  CHECK(received[0].body == received[1].body);
  CHECK_FALSE(is_signed(received[0]));
  CHECK(is_signed(received[1]));
}

TEST_CASE("webhook: the control tells the rules without the token, and refuses what makes no sense",
          "[sandbox]") {
  SandboxOptions options = harness_options();
  options.webhook_client = std::make_shared<Receiver>(std::vector<int>{200});
  Harness harness(options);
  const auto set = harness.post_json("/sandbox/webhooks", {{"url", "http://127.0.0.1:9/x"},
                                                           {"verifier_token", "hush-hush"},
                                                           {"form", "notifications"},
                                                           {"duplicates", 2}});
  CHECK(set.status == 200);
  CHECK(set.body.find("hush-hush") == std::string::npos);
  CHECK(json_of(set)["form"] == "notifications");
  CHECK(json_of(harness.get("/sandbox/webhooks"))["duplicates"] == 2);
  for (const json& bad : {json{{"form", "xml"}}, json{{"duplicates", -1}}, json{{"url", "ftp://x"}},
                          json{{"sender", "x"}}, json{{"verifier_token", 7}}}) {
    CAPTURE(bad.dump());
    CHECK(harness.post_json("/sandbox/webhooks", bad).status == 400);
  }
}

}  // namespace rekey::sandbox_webhook_test
