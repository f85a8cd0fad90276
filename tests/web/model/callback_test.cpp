#include "web/model/callback.hpp"

#include <catch2/catch_test_macros.hpp>

namespace rekey::web::callback_test {

namespace {

using Kind = Arrival::Kind;

const std::string query = "?code=abc&state=mine&realmId=123";
const Attempt mine{"mine", Instant{}, false, false};

wire::Page page() {
  wire::Page out;
  out.company_hint = "callback";
  return out;
}

}  // namespace

TEST_CASE("callback: the answer to this tab's own sign-in is sent on whole") {
  const auto arrival = judge_arrival(query, mine, page());
  REQUIRE(arrival.kind == Kind::send_on);
  CHECK(arrival.callback.state == "mine");
  CHECK(arrival.callback.code == "abc");
  CHECK(arrival.callback.realm_id == "123");
}

TEST_CASE("callback: an address without one is nothing to explain") {
  CHECK(judge_arrival("", mine, page()).kind == Kind::none);
  CHECK(judge_arrival("?utm_source=letter", mine, page()).kind == Kind::none);
}

TEST_CASE("callback: what this tab did not ask for is explained and never sent on") {
  CHECK(judge_arrival(query, {}, page()).id == "callback.no_attempt");
  CHECK(judge_arrival("?code=abc&state=theirs&realmId=1", mine, page()).id ==
        "callback.foreign_state");
  CHECK(judge_arrival("?code=abc&realmId=1", mine, page()).id == "callback.malformed");
  CHECK(judge_arrival("?code=a&code=b&state=mine", mine, page()).id == "callback.malformed");
  // Not even an error text of a stranger ends the sign-in that is under way.
  CHECK(judge_arrival("?error=access_denied&state=theirs", mine, page()).kind == Kind::explain);
}

TEST_CASE("callback: a second arrival of the same one is explained as such") {
  const Attempt spent{"mine", Instant{}, true, true};
  CHECK(judge_arrival(query, spent, page()).id == "callback.repeated");
  CHECK(judge_arrival("?code=abc&state=theirs", spent, page()).id == "callback.no_attempt");
}

TEST_CASE("callback: a refusal of our own sign-in is sent on, so that it ends everywhere") {
  CHECK(judge_arrival("?error=access_denied&state=mine", mine, page()).kind == Kind::send_on);
  CHECK(judge_arrival("?code=abc&state=mine", mine, page()).kind == Kind::send_on);
  auto strict = page();
  strict.issuer = "https://issuer.example";
  CHECK(judge_arrival(query + "&iss=https%3A%2F%2Fother.example", mine, strict).kind ==
        Kind::send_on);
}

TEST_CASE("attempts: what is kept in the tab is read back, and rubbish is no attempt") {
  Attempts kept;
  kept.put({"s", from_ms(5), true, false, "con_1"});
  const auto read = Attempts::read(kept.write());
  REQUIRE(read.of_state("s"));
  CHECK(read.of_state("s")->spent);
  CHECK(read.of_connection("con_1") == read.of_state("s"));
  for (const auto* rubbish : {"", "[{\"state\":\"\"}]", "{}", "[1]"})
    CHECK_FALSE(Attempts::read(rubbish).of_state(""));
}

TEST_CASE("attempts: each connection has its newest, and a tab keeps eight") {
  Attempts attempts;
  attempts.put({"first", {}, false, false, "con_1"});
  attempts.put({"other", {}, false, false, "con_2"});
  attempts.put({"second", {}, false, false, "con_1"});
  CHECK_FALSE(attempts.of_state("first"));
  CHECK(attempts.of_connection("con_1")->state == "second");
  CHECK(attempts.of_state("other")->connection == "con_2");
  for (int i = 3; i < 10; ++i) attempts.put({"s", {}, false, false, "con_" + std::to_string(i)});
  CHECK_FALSE(attempts.of_connection("con_2"));
  CHECK(attempts.of_connection("con_1"));
  attempts.forget("con_1");
  CHECK_FALSE(attempts.of_connection("con_1"));
}

}  // namespace rekey::web::callback_test
