#include "core/oauth/callback.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tests/support/print.hpp"

// What comes back through the browser, and whether it may be used.

namespace rekey::oauth::callback_test {

namespace {

Expectation expected() {
  Expectation out;
  out.state = "st-1";
  out.issuer = "https://issuer.example";
  return out;
}

/// The flaw a query is rejected for; `Valid` when it is not.
struct Judged {
  std::optional<Rejected> rejected;
  std::string code, realm_id;
};
Judged judge(const std::string& query, const Expectation& by = expected()) {
  const auto valid = validate_callback(read_callback(query), by);
  if (!valid) return {valid.error(), "", ""};
  return {std::nullopt, valid->code().reveal(), valid->realm_id()};
}
void check_flaw(const std::string& query, Flaw flaw, std::optional<connect::Failed> reason = {},
                const Expectation& by = expected()) {
  INFO(query);
  const auto judged = judge(query, by);
  REQUIRE(judged.rejected.has_value());
  CHECK(judged.rejected->flaw == flaw);
  CHECK(judged.rejected->reason == reason);
}

}  // namespace

TEST_CASE("callback: code, state and company are read, with and without the question mark") {
  for (const std::string query : {"?code=AB11%2Fx&state=st-1&realmId=9130347712345678",
                                  "code=AB11%2Fx&state=st-1&realmId=9130347712345678",
                                  "realmId=9130347712345678&&state=st-1&junk&code=AB11%2Fx&"}) {
    INFO(query);
    const auto judged = judge(query);
    CHECK(!judged.rejected.has_value());
    CHECK(judged.code == "AB11/x");
    CHECK(judged.realm_id == "9130347712345678");
  }
}

TEST_CASE("callback: an address without any of its parameters is none") {
  CHECK(!read_callback("").present());
  CHECK(!read_callback("?").present());
  CHECK(!read_callback("page=2&realmId=1&iss=x").present());
  CHECK(read_callback("state=").present());
  CHECK(read_callback("error=x").present());
  CHECK(read_callback("%63ode=x").present());
}

TEST_CASE("callback: incomplete and contradicting ones are malformed") {
  check_flaw("code=c&realmId=1", Flaw::malformed);
  check_flaw("code=c&state=&realmId=1", Flaw::malformed);
  check_flaw("state=st-1&realmId=1", Flaw::malformed);
  check_flaw("state=st-1&code=&realmId=1", Flaw::malformed);
  check_flaw("state=st-1&code=c&error=access_denied", Flaw::malformed);
  check_flaw("", Flaw::malformed);
}

TEST_CASE(
    "callback: a parameter that is there twice makes it malformed, even with the same value") {
  const std::string good = "code=c&state=st-1&realmId=1&iss=https%3A%2F%2Fissuer.example";
  REQUIRE(!judge(good).rejected.has_value());
  for (const std::string again :
       {"code=c", "state=st-1", "realmId=1", "iss=x", "state=", "c%6Fde=other"})
    check_flaw(good + "&" + again, Flaw::malformed);
  check_flaw("error=access_denied&state=st-1&error=x", Flaw::malformed);
}

TEST_CASE("callback: a value longer than any of ours makes it malformed, one as long does not") {
  const std::string most(4096, 'c');
  CHECK(judge("state=st-1&realmId=1&code=" + most).code == most);
  check_flaw("state=st-1&realmId=1&code=" + most + "c", Flaw::malformed);
  check_flaw("code=c&realmId=1&state=" + most + "c", Flaw::malformed);
  check_flaw("code=c&state=st-1&realmId=" + most + "c", Flaw::malformed);
}

TEST_CASE("callback: broken escapes stay as they are, and never stop the reading") {
  CHECK(judge("state=st-1&realmId=1&code=100%").code == "100%");
  CHECK(judge("state=st-1&realmId=1&code=%zz%4").code == "%zz%4");
  CHECK(judge("state=st-1&realmId=1&code=a%2").code == "a%2");
  CHECK(judge("state=st-1&realmId=1&code=a+b%2B").code == "a b+");
  CHECK(judge("state=st-1&realmId=1&code=%00").code == std::string(1, '\0'));
  check_flaw("state=st-1%&code=c&realmId=1", Flaw::foreign_state);
}

TEST_CASE("callback: nobody began a sign-in here") {
  Expectation nobody = expected();
  nobody.state.clear();
  check_flaw("code=c&state=st-1&realmId=1", Flaw::no_attempt, {}, nobody);
  check_flaw("error=access_denied&state=st-1", Flaw::no_attempt, {}, nobody);
}

TEST_CASE("callback: another state is another's sign-in, and does not end this one") {
  check_flaw("code=c&state=st-2&realmId=1", Flaw::foreign_state);
  check_flaw("code=c&state=st-&realmId=1", Flaw::foreign_state);
  check_flaw("code=c&state=st-11&realmId=1", Flaw::foreign_state);
  check_flaw("error=access_denied&state=other", Flaw::foreign_state);
}

TEST_CASE("callback: another issuer is refused, and a missing one where it must be there") {
  const std::string good = "code=c&state=st-1&realmId=1";
  CHECK(!judge(good + "&iss=https://issuer.example").rejected.has_value());
  check_flaw(good + "&iss=https://issuer.example/", Flaw::wrong_issuer,
             connect::Failed::wrong_issuer);
  check_flaw(good + "&iss=", Flaw::wrong_issuer, connect::Failed::wrong_issuer);
  Expectation strict = expected();
  strict.issuer_required = true;
  check_flaw(good, Flaw::wrong_issuer, connect::Failed::wrong_issuer, strict);
  check_flaw("error=access_denied&state=st-1", Flaw::wrong_issuer, connect::Failed::wrong_issuer,
             strict);
  Expectation unknown = expected();
  unknown.issuer.clear();
  CHECK(!judge(good + "&iss=https://anyone.example", unknown).rejected.has_value());
}

TEST_CASE("callback: what the provider says no for") {
  using connect::Failed;
  const std::pair<const char*, Failed> errors[] = {
      {"access_denied", Failed::access_denied},
      {"invalid_scope", Failed::invalid_scope},
      {"unauthorized_client", Failed::misconfigured},
      {"invalid_request", Failed::misconfigured},
      {"unsupported_response_type", Failed::misconfigured},
      {"server_error", Failed::provider_error},
      {"temporarily_unavailable", Failed::provider_error},
      {"something_else", Failed::provider_error},
      {"", Failed::provider_error},
  };
  for (const auto& [error, reason] : errors)
    check_flaw(std::string("state=st-1&error=") + error, Flaw::refused, reason);
}

TEST_CASE("callback: a code without a company is of no use where the provider names it") {
  for (const std::string realm :
       {"", "&realmId=", "&realmId=..%2F..", "&realmId=12%2034", "&realmId=1%00"})
    check_flaw("code=c&state=st-1" + realm, Flaw::missing_company,
               connect::Failed::missing_company);
  check_flaw("code=c&state=st-1&realmId=" + std::string(65, '1'), Flaw::missing_company,
             connect::Failed::missing_company);
  CHECK(judge("code=c&state=st-1&realmId=" + std::string(64, '1')).realm_id.size() == 64);
}

TEST_CASE("callback: where the provider names no company, only a sane one is taken along") {
  Expectation none = expected();
  none.company_required = false;
  CHECK(!judge("code=c&state=st-1", none).rejected.has_value());
  CHECK(judge("code=c&state=st-1&realmId=12-a_B", none).realm_id == "12-a_B");
  CHECK(judge("code=c&state=st-1&realmId=..%2F..%2Fv3", none).realm_id.empty());
}

TEST_CASE("callback: it is judged by form, state, issuer, error and company, in this order") {
  Expectation strict = expected();
  strict.issuer_required = true;
  // Each query has every later flaw too; the first one decides.
  check_flaw("state=other&state=other&error=x&iss=foreign", Flaw::malformed, {}, strict);
  check_flaw("state=other&error=access_denied&iss=foreign", Flaw::foreign_state, {}, strict);
  check_flaw("state=st-1&error=access_denied&iss=foreign", Flaw::wrong_issuer,
             connect::Failed::wrong_issuer, strict);
  check_flaw("state=st-1&error=access_denied", Flaw::refused, connect::Failed::access_denied);
  Expectation nobody = strict;
  nobody.state.clear();
  check_flaw("state=st-1&error=access_denied&iss=foreign", Flaw::no_attempt, {}, nobody);
}

}  // namespace rekey::oauth::callback_test
