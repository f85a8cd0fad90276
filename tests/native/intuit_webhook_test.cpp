// Intuit's deliveries of changed records: which are Intuit's, and what they tell.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "native/intuit/quickbooks_online.hpp"
#include "native/intuit/webhooks.hpp"
#include "native/sandbox/hooks/delivery.hpp"
#include "native/vault/random.hpp"

namespace rekey::intuit_webhook_test {

using accounting::ChangeNotice;
using imports::Entity;
using wire::Json;

namespace {

std::vector<Secret> secrets(std::initializer_list<const char*> all) {
  std::vector<Secret> out;
  for (const char* each : all) out.emplace_back(std::string(each));
  return out;
}

std::string signed_with(std::string_view token, std::string_view body) {
  return vault::base64_encode(vault::hmac_sha256(token, body));
}

bool is_genuine(const std::string& signature, std::string_view body,
                std::initializer_list<const char*> tokens = {"old", "new"}) {
  return intuit::is_genuine_webhook({{"intuit-signature", signature}}, body, secrets(tokens));
}

Json event(const Json& changes = Json::object()) {
  Json out = {{"specversion", "1.0"},
              {"id", "88cd52aa-33b6-4351-9aa4-47572edbd068"},
              {"source", "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU="},
              {"type", "qbo.customer.created.v1"},
              {"datacontenttype", "application/json"},
              {"time", "2026-09-10T21:31:25.179Z"},
              {"intuitentityid", "1234"},
              {"intuitaccountid", "310687"},
              {"data", Json::object()}};
  out.update(changes);
  return out;
}

accounting::ChangeDelivery read(const Json& body) {
  const auto out = intuit::read_webhook(body.dump());
  REQUIRE(out);
  return *out;
}

std::string random_bytes(std::mt19937& random, std::size_t most) {
  std::string out(random() % (most + 1), '\0');
  for (char& c : out) c = static_cast<char>(random() % 256);
  return out;
}

}  // namespace

TEST_CASE("delivery: the example of HMAC-SHA256 that everybody has (RFC 4231, test case 2)") {
  CHECK(vault::hex_encode(vault::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(is_genuine(vault::base64_encode(vault::hmac_sha256("Jefe", "what do ya want for nothing?")),
                   "what do ya want for nothing?", {"Jefe"}));
}

TEST_CASE("delivery: any of the tokens will do, and nothing else") {
  const std::string body = R"([{"specversion":"1.0"}])";
  CHECK(is_genuine(signed_with("old", body), body));
  CHECK(is_genuine(signed_with("new", body), body));
  CHECK_FALSE(is_genuine(signed_with("other", body), body));
  CHECK_FALSE(is_genuine(signed_with("new", body), body + " "));
  CHECK_FALSE(is_genuine(signed_with("new", body), body, {}));
  // An empty token would be one that everybody has.
  CHECK_FALSE(is_genuine(signed_with("", body), body, {""}));
  CHECK_FALSE(intuit::is_genuine_webhook({}, body, secrets({"new"})));
}

TEST_CASE("delivery: a signature that is not base64 of a digest is wrong, whatever it is") {
  const std::string body = "{}";
  const std::string right = signed_with("new", body);
  for (const std::string& wrong :
       {std::string(), std::string("="), right.substr(1), right + "=", right + right,
        right.substr(0, right.size() - 1), vault::hex_encode(vault::hmac_sha256("new", body)),
        vault::base64url_encode(vault::hmac_sha256("new", body)), "sha256=" + right,
        std::string(10'000, 'A'), std::string("\0\0", 2)}) {
    CAPTURE(wrong);
    CHECK_FALSE(is_genuine(wrong, body));
  }
}

TEST_CASE("delivery: one changed bit anywhere in body or signature is noticed") {
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    const std::string body = random_bytes(random, 200);
    const std::string right = signed_with("new", body);
    CHECK(is_genuine(right, body));
    std::string other = body + "x";
    other[random() % other.size()] ^= static_cast<char>(1 << random() % 8);
    CHECK_FALSE(is_genuine(right, other));
    std::string digest = vault::hmac_sha256("new", body);
    digest[random() % digest.size()] ^= static_cast<char>(1 << random() % 8);
    CHECK_FALSE(is_genuine(vault::base64_encode(digest), body));
  }
}

TEST_CASE("delivery: CloudEvents of several companies, each record once") {
  const auto out =
      read({event(), event({{"intuitaccountid", "7"}, {"type", "qbo.taxcode.updated.v1"}}),
            event({{"type", "qbo.customer.updated.v1"}}),
            event({{"type", "qbo.customer.merged.v2"}, {"intuitentityid", "9"}})});
  CHECK(out.unknown == 0);
  CHECK(out.notices == std::vector<ChangeNotice>{{"310687", Entity::customer, "1234"},
                                                 {"310687", Entity::customer, "9"},
                                                 {"7", Entity::tax_code, "1234"}});
  CHECK(read(event()).notices.size() == 1);
}

TEST_CASE("delivery: the form before CloudEvents, with what was merged") {
  const Json body = {
      {"eventNotifications",
       {{{"realmId", "11"},
         {"dataChangeEvent",
          {{"entities",
            {{{"name", "Customer"}, {"id", "1"}, {"operation", "Merge"}, {"deletedId", "2"}},
             {{"name", "Vendor"}, {"id", "3"}, {"operation", "Delete"}},
             {{"name", "Invoice"}, {"id", "4"}, {"operation", "Create"}}}}}}},
        {{"realmId", "22"},
         {"dataChangeEvent", {{"entities", {{{"name", "Account"}, {"id", 5}}}}}}}}}};
  const auto out = read(body);
  CHECK(out.unknown == 1);
  CHECK(out.notices == std::vector<ChangeNotice>{{"11", Entity::customer, "1"},
                                                 {"11", Entity::customer, "2"},
                                                 {"11", Entity::vendor, "3"},
                                                 {"22", Entity::account, "5"}});
}

TEST_CASE("delivery: what the sandbox sends is read as what it was about, in both forms") {
  const std::vector<sandbox::Change> changes = {
      {"11", Entity::customer, "7", sandbox::Deed::updated, {}, from_ms(1'795'000'000'000)},
      {"22", Entity::payment_method, "3", sandbox::Deed::created, {}, from_ms(1'795'000'000'000)},
      {"11", Entity::class_, "8", sandbox::Deed::deleted, {}, from_ms(1'795'000'000'000)}};
  for (const auto form : {sandbox::HookForm::cloudevents, sandbox::HookForm::notifications}) {
    const auto body = sandbox::hook_body(form, changes);
    CHECK(is_genuine(sandbox::hook_signature("new", body), body));
    const auto out = intuit::read_webhook(body);
    REQUIRE(out);
    CHECK(out->unknown == 0);
    CHECK(out->notices.size() == 3);
    for (const auto& each : changes)
      CHECK(std::count(out->notices.begin(), out->notices.end(),
                       ChangeNotice{each.realm, each.entity, each.id}) == 1);
  }
}

TEST_CASE("delivery: what names no record that can be read is counted, and the rest taken") {
  for (const Json& odd :
       {Json(7), Json(nullptr), Json("text"), Json::array(), event({{"type", 7}}),
        event({{"type", "customer"}}), event({{"type", "qbo."}}), event({{"type", "qbo.customer"}}),
        event({{"type", "xero.customer.created.v1"}}), event({{"type", "qbo.invoice.created.v1"}}),
        event({{"intuitentityid", nullptr}}), event({{"intuitentityid", ""}}),
        event({{"intuitentityid", "1' or Id > '0"}}), event({{"intuitentityid", 1.5}}),
        event({{"intuitentityid", std::string(65, '1')}}), event({{"intuitaccountid", "../x"}}),
        event({{"intuitaccountid", {{"a", 1}}}})}) {
    CAPTURE(odd.dump());
    const auto out = read({odd, event()});
    CHECK(out.unknown == 1);
    CHECK(out.notices.size() == 1);
  }
  CHECK(read({{"eventNotifications", {7, nullptr, Json::object(), {{"realmId", "1"}}}}}).unknown ==
        4);
  CHECK(read(Json::array()).notices.empty());
}

TEST_CASE("delivery: what is of neither form fails, and never in another way") {
  for (const char* bad : {"", "null", "7", "{}", R"({"eventNotifications":7})", "[", "[{]",
                          "\xff\xfe", R"({"a":{"eventNotifications":[]}})"}) {
    CAPTURE(bad);
    const auto out = intuit::read_webhook(bad);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == Code::bad_input);
  }
  const std::string whole = Json{event(), event({{"intuitaccountid", "7"}})}.dump();
  for (std::size_t end = 0; end < whole.size(); ++end)
    CHECK_FALSE(intuit::read_webhook(std::string_view(whole).substr(0, end)));
  std::mt19937 random(11);
  for (int i = 0; i < 2000; ++i) {
    std::string body = i % 2 == 0 ? random_bytes(random, 300) : whole;
    for (int flips = 0; flips < 3 && !body.empty(); ++flips)
      body[random() % body.size()] = static_cast<char>(random() % 256);
    if (const auto out = intuit::read_webhook(body))
      for (const auto& each : out->notices) {
        CHECK_FALSE(each.id.empty());
        CHECK_FALSE(each.realm_id.empty());
      }
  }
}

TEST_CASE("delivery: as many events as fit into the largest body are read, and deep ones refused") {
  std::string body = "[";
  std::int64_t count = 0;
  while (body.size() + 400 < accounting::largest_delivery) {
    if (count > 0) body += ",";
    body += event({{"intuitentityid", std::to_string(++count)}}).dump();
  }
  body += "]";
  const auto out = intuit::read_webhook(body);
  REQUIRE(out);
  CHECK(static_cast<std::int64_t>(out->notices.size()) == count);
  CHECK(count > 2000);
  CHECK_FALSE(intuit::read_webhook(std::string(100'000, '[')));
}

TEST_CASE("delivery: the integration names the address, and another one need not have any") {
  const auto integration = intuit::quickbooks_online();
  REQUIRE(integration.change_hooks);
  CHECK(integration.change_hooks->path == "/intuit/webhooks");
  CHECK_FALSE(accounting::Integration{}.change_hooks);
}

}  // namespace rekey::intuit_webhook_test
