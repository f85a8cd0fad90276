// The address at which a provider tells of changes: whichever one its integration names.
#include <catch2/catch_test_macros.hpp>

#include "native/server/provider_webhooks.hpp"
#include "native/store/change_notices.hpp"
#include "tests/native/server_harness.hpp"

namespace rekey::provider_webhooks_test {

using namespace rekey::server;
using accounting::ChangeDelivery;

namespace {

/// A provider that signs by writing the secret into a header, and names one customer in a body.
const accounting::ChangeHooks hooks{
    "/abacus/news",
    [](const http::Headers& headers, std::string_view, std::span<const Secret> secrets) {
      return secrets.front().same_as(headers.get("x-abacus-secret").value_or(""));
    },
    [](std::string_view body) -> Result<ChangeDelivery> {
      if (body.empty()) return fail(Code::bad_input, "empty");
      return ChangeDelivery{{{"123", imports::Entity::customer, std::string(body)}}, 2};
    }};

struct Backend : ServerHarness {
  explicit Backend(std::vector<Secret> secrets) {
    service.provider.integration = "quickbooks-online";
    add_provider_webhooks(router, service, hooks, std::move(secrets));
  }
  http::Response deliver(const std::string& body, const std::string& secret,
                         const std::string& method = "POST") {
    http::Request request;
    request.method = method;
    request.path = "/abacus/news";
    request.headers = {{"X-Abacus-Secret", secret}};
    request.body = body;
    return router.handle(request);
  }
  static std::string code_of(const http::Response& response) {
    return wire::Json::parse(response.body).at("code");
  }
  std::int64_t noted() {
    auto db = databases->borrow();
    return store::noted_changes(*db);
  }
};

std::vector<Secret> one_secret() {
  return {Secret(std::string("abacus"))};
}

}  // namespace

TEST_CASE("deliveries: what is signed is noted, the rest is refused with a reason", "[server]") {
  Backend backend(one_secret());
  backend.link(3600);
  CHECK(backend.deliver("7", "abacus").status == 200);
  CHECK(backend.noted() == 1);
  const auto unsigned_one = backend.deliver("8", "guessed");
  CHECK(unsigned_one.status == 401);
  CHECK(unsigned_one.headers.get("www-authenticate"));
  CHECK(Backend::code_of(unsigned_one) == "not_signed");
  const auto unreadable = backend.deliver("", "abacus");
  CHECK(unreadable.status == 400);
  CHECK(Backend::code_of(unreadable) == "bad_input");
  CHECK(backend.deliver("7", "abacus", "GET").status == 405);
  CHECK(backend.noted() == 1);
}

TEST_CASE("deliveries: without a secret nothing is taken, and that is known to the operator",
          "[server]") {
  Backend backend({});
  backend.link(3600);
  for (int i = 0; i < 3; ++i) {
    const auto refused = backend.deliver("7", "");
    CHECK(refused.status == 503);
    CHECK(Backend::code_of(refused) == "not_set_up");
  }
  CHECK(backend.noted() == 0);
  const auto count = [&] {
    auto db = backend.databases->borrow();
    return store::refused_deliveries(*db, store::delivery_not_set_up).count;
  };
  // The first is noted at once, the others together, a minute later.
  CHECK(count() == 1);
  backend.now_ms += 60'000;
  backend.deliver("7", "");
  CHECK(count() == 4);
}

}  // namespace rekey::provider_webhooks_test
