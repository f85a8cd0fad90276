#include <catch2/catch_test_macros.hpp>

#include "native/sandbox/accounting/answers.hpp"
#include "sandbox_harness.hpp"

namespace rekey::sandbox_accounting_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

std::string gateway_code(const http::Response& response) {
  const json body = json_of(response);
  return std::to_string(response.status) + " " +
         body["fault"]["error"][0]["code"].get<std::string>();
}

std::string service_code(const http::Response& response) {
  const json body = json_of(response);
  return std::to_string(response.status) + " " +
         body["Fault"]["Error"][0]["code"].get<std::string>();
}

}  // namespace

TEST_CASE("api: from the authorization request to a page of customers", "[sandbox]") {
  Harness harness;
  const auto back = harness.authorize();
  const std::string company = Harness::sent_back(back, "realmId");
  const json tokens = json_of(harness.exchange(Harness::sent_back(back, "code")));
  const std::string token = tokens["access_token"];
  const json info = json_of(harness.api(company + "/companyinfo/" + company, token));
  CHECK(info["CompanyInfo"]["CompanyName"] == "Marlowe Lantern Supply");
  CHECK(info["CompanyInfo"]["Id"] == "1");
  CHECK(info["time"].get<std::string>().ends_with("-08:00"));
  const json preferences = json_of(harness.api(company + "/preferences", token));
  CHECK(preferences["Preferences"]["CurrencyPrefs"]["MultiCurrencyEnabled"] == true);
  const json page =
      json_of(harness.query("select * from customer startposition 1 maxresults 10", token));
  CHECK(page["QueryResponse"]["Customer"].size() == 10);
  CHECK(page["QueryResponse"]["maxResults"] == 10);
  const json count = json_of(harness.query("select count(*) from Vendor", token));
  CHECK(count["QueryResponse"]["totalCount"].get<int>() > 0);
}

TEST_CASE("api: every kind of record can be listed and read by its id", "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  for (const Entity entity : all_entities()) {
    const std::string name(entity_name(entity));
    CAPTURE(name);
    const json list = json_of(harness.query("SELECT * FROM " + name, token))["QueryResponse"];
    REQUIRE(list[name].size() > 0);
    if (entity == Entity::preferences) continue;
    std::string id = list[name][0]["Id"];
    const json one = json_of(harness.api(realm + "/" + name + "/" + id, token));
    CHECK(one[name] == list[name][0]);
  }
}

TEST_CASE("api: a posted query is answered like one in the address", "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  const std::string text = "SELECT * FROM Term ORDER BY Name";
  const auto posted = harness.send("POST", "/v3/company/" + realm + "/query?minorversion=75",
                                   {{"Content-Type", "application/text"},
                                    {"Accept", "application/json"},
                                    {"Authorization", "Bearer " + token}},
                                   text);
  CHECK(posted.status == 200);
  CHECK(json_of(posted)["QueryResponse"] == json_of(harness.query(text, token))["QueryResponse"]);
}

TEST_CASE("api: without a good token the gateway answers 3200 in small letters", "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect();
  const std::string token = tokens["access_token"];
  const std::string path = realm + "/companyinfo/" + realm;
  const auto refused = harness.api(path, std::string(200, 'x'));
  CHECK(gateway_code(refused) == "401 3200");
  CHECK(refused.headers.get("www-authenticate") ==
        "Bearer realm=\"Intuit\", error=\"invalid_token\"");
  CHECK(json_of(refused)["time"].is_number());
  CHECK(json_of(refused)["fault"]["type"] == "AUTHENTICATION");
  CHECK(gateway_code(harness.api(path, "short")) == "401 3200");
  CHECK(gateway_code(harness.api(path, tokens["refresh_token"])) == "401 3200");
  CHECK(gateway_code(harness.get("/v3/company/" + path, {{"Accept", "application/json"}})) ==
        "401 3200");
  harness.sandbox.advance(std::chrono::hours{1});
  const auto expired = harness.api(path, token);
  CHECK(gateway_code(expired) == "401 3200");
  CHECK(json_of(expired)["fault"]["error"][0]["detail"] == "Token expired");
}

TEST_CASE("api: a token is good for its company and for accounting only", "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  CHECK(gateway_code(harness.api(other_realm + "/companyinfo/" + other_realm, token)) ==
        "403 3100");
  const std::string payment =
      harness.connect({{"scope", "com.intuit.quickbooks.payment"}})["access_token"];
  CHECK(gateway_code(harness.api(realm + "/companyinfo/" + realm, payment)) == "403 3100");
}

TEST_CASE("api: under the name of one of Intuit's hosts, the environment counts", "[sandbox]") {
  SandboxOptions options = harness_options();
  options.companies[1].production = true;
  Harness harness(std::move(options));
  const std::string of_sandbox = harness.connect()["access_token"];
  REQUIRE(
      harness.send("POST", "/sandbox/consent", {}, R"({"realm":")" + other_realm + "\"}").status <
      300);
  const std::string of_production = harness.connect()["access_token"];
  const auto ask = [&](const std::string& host, const std::string& company,
                       const std::string& token) {
    const auto answer =
        harness.get(host + "/v3/company/" + company + "/companyinfo/" + company,
                    {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}});
    return answer.status == 200 ? "200" : gateway_code(answer);
  };
  const std::string production = "/quickbooks.api.intuit.com";
  const std::string sandbox = "/sandbox-quickbooks.api.intuit.com";
  CHECK(ask(sandbox, realm, of_sandbox) == "200");
  CHECK(ask(production, realm, of_sandbox) == "403 3100");
  CHECK(ask(production, other_realm, of_production) == "200");
  CHECK(ask(sandbox, other_realm, of_production) == "403 3100");
  CHECK(ask("", realm, of_sandbox) == "200");
  CHECK(ask("", other_realm, of_production) == "200");
  // No other host is one of the accounting API's.
  CHECK(harness.get("/appcenter.intuit.com/v3/company/" + realm + "/preferences").status == 404);
}

TEST_CASE("api: a bad query is 4000 or 4001 in capital letters, a missing one 2020", "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  const auto unread = harness.query("SELEKT * FROM Customer", token);
  CHECK(service_code(unread) == "400 4000");
  CHECK(json_of(unread)["Fault"]["type"] == "ValidationFault");
  CHECK(json_of(unread)["Fault"]["Error"][0]["Detail"].get<std::string>().find("column 1") !=
        std::string::npos);
  CHECK(service_code(harness.query("SELECT * FROM Unicorn", token)) == "400 4001");
  CHECK(service_code(harness.query("SELECT * FROM Customer WHERE x = \xff'", token)) == "400 4001");
  const auto missing = harness.api(realm + "/query", token);
  CHECK(service_code(missing) == "400 2020");
  CHECK(json_of(missing)["Fault"]["Error"][0]["element"] == "query");
}

TEST_CASE("api: what is not there is 610, what cannot be done 500 in a 400", "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  CHECK(service_code(harness.api(realm + "/customer/99999", token)) == "400 610");
  CHECK(service_code(harness.api(realm + "/companyinfo/77", token)) == "400 610");
  CHECK(service_code(harness.api(realm + "/unicorn/1", token)) == "400 500");
  CHECK(service_code(harness.api(realm, token)) == "400 500");
}

TEST_CASE("api: XML is answered unless JSON is asked for, faults too", "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  const std::string path =
      realm + "/query?query=" + http::percent_encode("SELECT * FROM Customer WHERE Id = '6'");
  for (const char* accept : {"", "*/*", "application/xml"}) {
    const auto answer = harness.api(path, token, accept);
    CHECK(answer.headers.get("content-type")->starts_with("application/xml"));
    CHECK(answer.body.find("<IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\" time=") !=
          std::string::npos);
    CHECK(answer.body.find("<QueryResponse maxResults=\"1\" startPosition=\"1\"><Customer ") !=
          std::string::npos);
  }
  CHECK(harness.api(path + "&format=json", token, "").body.starts_with("{"));
  const auto fault = harness.api(realm + "/query?query=x", token, "");
  CHECK(fault.body.find("<Fault type=\"ValidationFault\"><Error code=\"4000\"><Message>") !=
        std::string::npos);
  const auto gateway = harness.api(path, std::string(200, 'x'), "");
  CHECK(gateway.status == 401);
  CHECK(gateway.body.find("<Error code=\"3200\">") != std::string::npos);
}

TEST_CASE("sandbox: JSON that is nested without end is refused, and nothing else happens",
          "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  const std::string deep = "{\"DisplayName\":" + std::string(400'000, '[');
  const std::string closed = deep + std::string(400'000, ']') + "}";
  const http::Headers headers = {{"Content-Type", "application/json"},
                                 {"Accept", "application/json"},
                                 {"Authorization", "Bearer " + token}};
  for (const std::string& target :
       {"/v3/company/" + realm + "/customer", "/v3/company/" + realm + "/batch",
        std::string("/v2/oauth2/tokens/revoke"), std::string("/sandbox/faults"),
        std::string("/nowhere")}) {
    CAPTURE(target);
    CHECK(harness.send("POST", target, headers, closed).status >= 400);
  }
  CHECK(harness.query("select count(*) from Customer", token).status == 200);
}

}  // namespace rekey::sandbox_accounting_test
