// Somebody who is connected to the first company of the harness, and writes.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include "sandbox_harness.hpp"

namespace rekey::sandbox {

struct Writer {
  Writer() : token(harness.connect()["access_token"].get<std::string>()) {}

  http::Response post(const std::string& what, const nlohmann::json& body,
                      const std::string& accept = "application/json") {
    return harness.send("POST", "/v3/company/" + realm + "/" + what,
                        {{"Authorization", "Bearer " + token},
                         {"Accept", accept},
                         {"Content-Type", "application/json"}},
                        body.dump());
  }
  nlohmann::json made(const std::string& what, const nlohmann::json& body) {
    const auto response = post(what, body);
    INFO(response.body);
    REQUIRE(response.status == 200);
    const nlohmann::json answer = json_of(response);
    return answer.begin().key() == "time" ? std::next(answer.begin()).value()
                                          : answer.begin().value();
  }
  /// "status code element" of a refusal.
  std::string refused(const std::string& what, const nlohmann::json& body) {
    const auto response = post(what, body);
    const nlohmann::json error = json_of(response)["Fault"]["Error"][0];
    return std::to_string(response.status) + " " + error["code"].get<std::string>() + " " +
           error["element"].get<std::string>();
  }
  http::Response post_xml(const std::string& what, const std::string& body) {
    return harness.send("POST", "/v3/company/" + realm + "/" + what,
                        {{"Authorization", "Bearer " + token}, {"Content-Type", "application/xml"}},
                        body);
  }
  nlohmann::json rows(const std::string& query) {
    return json_of(harness.query(query, token))["QueryResponse"];
  }
  nlohmann::json read(const std::string& path) {
    return json_of(harness.api(realm + "/" + path, token));
  }

  Harness harness;
  std::string token;
};

}  // namespace rekey::sandbox
