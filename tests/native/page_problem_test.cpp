// What the page is told when something is not possible: ids of its catalogue, never words.
#include "native/server/page_problem.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

namespace rekey::page_problem_test {

using server::PageMessage;

namespace {

/// The {places} of a text.
std::set<std::string> places_of(const std::string& text) {
  std::set<std::string> out;
  for (auto at = text.find('{'); at != text.npos; at = text.find('{', at + 1))
    out.insert(text.substr(at + 1, text.find('}', at) - at - 1));
  return out;
}

const text::Catalogue& page() {
  static const auto english = text::Catalogue::english();
  return english;
}

wire::Json body_of(const http::Response& response) {
  CHECK(response.headers.get("Content-Type") == "application/problem+json");
  auto body = wire::parse(response.body, "The problem").value();
  CHECK(body["status"] == response.status);
  return body;
}

/// A message that the page can say without a value.
void check_plain(const std::string& id) {
  INFO(id);
  CHECK(page().has(id));
  CHECK(places_of(page().say(id)).empty());
}

template <class E>
void check_all(const std::string& code, const std::string& prefix) {
  for (std::size_t i = 0; i < names_of(E{}).size(); ++i) {
    const auto body = body_of(server::page_problem(static_cast<E>(i)));
    const std::string name(names_of(E{})[i]);
    CHECK(body["code"] == code);
    CHECK(body["refusal"] == name);
    CHECK(body["message"] == prefix + name);
    check_plain(prefix + name);
  }
}

}  // namespace

TEST_CASE("page problems: every code has a message in the catalogue", "[server]") {
  for (const auto& each : all_codes()) {
    INFO(each.name);
    check_plain(std::string(server::general_message(each.code)));
    const auto body = body_of(server::page_problem({each.code, "A sentence of English.", {}}));
    CHECK(body["code"] == std::string(each.name));
    CHECK(body["status"] == each.status);
    CHECK(body["message"] == std::string(server::general_message(each.code)));
    CHECK(body["values"] == wire::Json::object());
    CHECK(body.dump().find("English") == std::string::npos);
  }
}

TEST_CASE("page problems: every message is in the catalogue, with a value for each of its places",
          "[server]") {
  std::size_t n = 0;
  for (const auto& each : server::page_messages()) {
    INFO(each.id);
    CHECK(static_cast<std::size_t>(each.message) == n++);
    CHECK(page().has(std::string(each.id)));
    std::set<std::string> places;
    text::Values values;
    for (const auto place : each.places) {
      if (place.empty()) continue;
      places.insert(std::string(place));
      values.emplace_back(place, "Larch & Co.");
    }
    CHECK(places_of(page().all().at(std::string(each.id))) == places);
    const auto body = body_of(server::page_problem(each.message, values, {{"host", "Ledgerline"}}));
    CHECK(body["code"] == std::string(code_name(each.code)));
    CHECK(body["message"] == std::string(each.id));
    CHECK(body["values"].size() == places.size());
    CHECK(body["host"] == "Ledgerline");
  }
}

TEST_CASE("page problems: every refusal and every flaw of a callback has its message", "[server]") {
  check_all<Refusal>("not_possible", "refused.");
  check_all<oauth::Flaw>("callback_unusable", "callback.");
}

TEST_CASE("page problems: they have no words of their own, and the page reads them", "[server]") {
  const auto body = body_of(server::page_problem(PageMessage::too_fast, {{"seconds", "7"}}));
  std::set<std::string> members;
  for (const auto& [name, value] : body.items()) members.insert(name);
  CHECK(members == std::set<std::string>{"code", "message", "refusal", "status", "type", "values"});
  const auto read = wire::read_as<wire::Problem>(body, "the problem");
  REQUIRE(read);
  CHECK(read->message == "problem.too_fast");
  CHECK(read->values == std::map<std::string, std::string>{{"seconds", "7"}});
}

TEST_CASE("page problems: the path decides who is spoken to", "[server]") {
  const Error error{Code::no_such_address, "There is nothing at this address.", {}};
  for (const char* path : {"/api", "/api/", "/api/none"}) {
    const auto body = body_of(server::problem_at(path, error));
    CHECK(body["message"] == "problem.unusable");
    CHECK_FALSE(body.contains("title"));
    CHECK_FALSE(body.contains("detail"));
  }
  for (const char* path : {"", "/", "/apis", "/v1/none"}) {
    const auto body = body_of(server::problem_at(path, error));
    CHECK(body["detail"] == error.hint);
    CHECK_FALSE(body.contains("message"));
  }
}

}  // namespace rekey::page_problem_test
