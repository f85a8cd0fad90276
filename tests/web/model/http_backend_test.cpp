#include "web/model/http_backend.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/web/model/fake_platform.hpp"
#include "web/model/model.hpp"

namespace rekey::web::http_backend_test {

namespace {

std::string header(const net::Request& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return {};
}

net::Response response(int status, const wire::Json& body) {
  net::Response out;
  out.status = status;
  out.body = wire::dump(body);
  return out;
}

wire::Json problem(int status, const char* code) {
  return {{"type", "about:blank"},
          {"status", status},
          {"code", code},
          {"message", "problem.too_fast"},
          {"values", {{"seconds", "7"}}},
          {"host", "Ledgerline"},
          {"return_url", "https://host.test/"}};
}

}  // namespace

TEST_CASE("backend: every request names the connection of the tab, and the stream does too") {
  fake::reset();
  HttpBackend backend;
  const auto& browser = fake::browser();
  backend.sessions([](const auto&) {});
  CHECK(header(browser.sent.back().request, wire::connection_header).empty());
  backend.use("con_1");
  backend.page([](const auto&) {});
  backend.command({}, [](const auto&) {});
  backend.callback({}, [](const auto&) {});
  backend.summary([](const auto&) {});
  backend.lines({}, [](const auto&) {});
  backend.records({}, [](const auto&) {});
  backend.change({}, [](const auto&) {});
  backend.accept({}, [](const auto&) {});
  backend.go_back({}, [](const auto&) {});
  backend.save({}, [](const auto&) {});
  backend.versions({}, [](const auto&) {});
  backend.compare(1, 0, {}, [](const auto&) {});
  backend.set_aside({}, [](const auto&) {});
  backend.sheet([](const auto&) {});
  backend.put_sheet("a,b", 3, [](const auto&) {});
  backend.sign_out([](const auto&) {});
  REQUIRE(browser.sent.size() == 17);
  for (std::size_t i = 1; i < browser.sent.size(); ++i) {
    INFO(browser.sent[i].request.method << " " << browser.sent[i].request.path);
    CHECK(header(browser.sent[i].request, wire::connection_header) == "con_1");
  }
  backend.watch(7, {});
  REQUIRE(browser.streams.size() == 1);
  CHECK(browser.streams[0].first.connection == "con_1");
  CHECK(browser.streams[0].first.last_id == "7");
}

TEST_CASE("backend: its clock has gone on while an answer that was asked for early lay there") {
  fake::reset();
  HttpBackend backend;
  backend.use("con_1");
  std::optional<Instant> now;
  for (const int age : {0, 2500}) {
    backend.page([&](const Reply<wire::Page>& reply) {
      REQUIRE(reply.value);
      now = reply.value->now;
    });
    wire::Page page;
    page.now = from_ms(1'800'000'000'000);
    auto answer = response(200, wire::write(page));
    answer.age_ms = age;
    fake::browser().sent.back().done(answer);
    CHECK(now == from_ms(1'800'000'000'000 + age));
  }
}

TEST_CASE("backend: what is searched for stands in the address as its bytes") {
  fake::reset();
  HttpBackend backend;
  const auto& sent = fake::browser().sent;
  backend.lines(
      {mapping::Section::tax_codes, "Zoë & co=1", mapping::LineFilter::chosen, true, "c/u"},
      [](const auto&) {});
  CHECK(sent.back().request.path ==
        "/api/configuration/"
        "tax_codes?q=Zo%C3%AB%20%26%20co%3D1&filter=chosen&sort=-name&cursor=c%2Fu");
  backend.lines({}, [](const auto&) {});
  CHECK(sent.back().request.path == "/api/configuration/accounts");
  backend.compare(3, 9, "", [](const auto&) {});
  CHECK(sent.back().request.path == "/api/configuration/changes?from=3&to=9");
}

TEST_CASE("backend: a sheet goes as a table, and comes as its text") {
  fake::reset();
  HttpBackend backend;
  auto& sent = fake::browser().sent;
  backend.put_sheet("a;b", 7, [](const auto&) {});
  CHECK(sent.back().request.path == "/api/configuration/sheet?seen=7");
  CHECK(sent.back().request.body == "a;b");
  CHECK(header(sent.back().request, "Content-Type") == "text/csv");
  std::optional<std::string> got;
  backend.sheet([&](const Reply<std::string>& reply) { got = reply.value; });
  net::Response answer;
  answer.status = 200;
  answer.body = "section,id\n";
  sent.back().done(answer);
  CHECK(got == "section,id\n");
  backend.sheet([&](const Reply<std::string>& reply) { got = reply.value; });
  sent.back().done(response(503, problem(503, "unavailable")));
  CHECK_FALSE(got);
}

TEST_CASE("backend: a link is not called confirmed before the person has confirmed it") {
  fake::reset();
  HttpBackend backend;
  backend.sign_in({"t", {}}, [](const auto&) {});
  CHECK(fake::browser().sent.back().request.body == "{\"token\":\"t\"}");
  backend.sign_in({"t", true}, [](const auto&) {});
  CHECK(fake::browser().sent.back().request.body == "{\"confirmed\":true,\"token\":\"t\"}");
}

TEST_CASE("backend: what a problem says is found in the catalogue, and has words in any case") {
  const auto problem_of = [](int status, const wire::Json& more) {
    auto body = problem(status, "exhausted");
    body.update(more);
    return trouble_of(response(status, body)).problem;
  };
  CHECK(words_of(problem_of(429, wire::Json::object())) ==
        say("problem.too_fast", {{"seconds", "7"}}));
  CHECK(words_of(problem_of(429, wire::Json::object())).find("wait 7 s") != std::string::npos);
  // Of a backend of another version.
  for (const auto& id : {wire::Json("problem.of_next_year"), wire::Json(nullptr)}) {
    CHECK(words_of(problem_of(429, {{"message", id}})) == say("problem.too_often"));
    CHECK(words_of(problem_of(503, {{"message", id}})) == say("trouble.fault"));
    CHECK(words_of(problem_of(409, {{"message", id}})) == say("problem.unusable"));
  }
  // No problem document at all.
  CHECK(words_of(trouble_of(response(502, "bad gateway")).problem).empty());
}

TEST_CASE("backend: an ended session, another page and a refusal are told apart, with the way on") {
  using Kind = Trouble::Kind;
  const auto ended = trouble_of(response(401, problem(401, "session_ended")));
  CHECK(ended.kind == Kind::session_ended);
  CHECK(ended.way.host == "Ledgerline");
  CHECK(ended.way.return_url == "https://host.test/");
  CHECK(trouble_of(response(401, "no problem document")).kind == Kind::session_ended);
  CHECK(trouble_of(response(409, problem(409, "other_page"))).kind == Kind::session_ended);
  const auto question = trouble_of(response(409, problem(409, "company_elsewhere")));
  CHECK(question.kind == Kind::refused);
  CHECK(question.problem.code == wire::code_company_elsewhere);
}

}  // namespace rekey::web::http_backend_test
