// How a connection is told to be, in every state it can be in: whether it is usable, how it stands,
// and why.
#include <catch2/catch_test_macros.hpp>

#include "native/server/connections_api.hpp"
#include "native/store/refreshes.hpp"
#include "native/work/health.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::standing_test {

using namespace rekey::work;
using connect::Ended;

namespace {

const connect::Company company{"123", "Books"};
constexpr auto hour = std::chrono::hours{1};
constexpr auto day = std::chrono::hours{24};

/// What is said of a state: "usable" or "not", how it stands, why; and why there is no grant.
std::string told(Harness& harness, connect::Phase phase) {
  store::StoredConnection connection = harness.driver->read(harness.owner.connection);
  connection.state.connect.phase = std::move(phase);
  auto db = harness.databases->borrow();
  const auto now = harness.driver->now();
  const auto health = health_of(*db, connection, now);
  auto out = (health.usable ? "usable " : "not ") + std::string(wire::name_of(health.standing)) +
             (health.reason.empty() ? "" : " " + health.reason);
  const auto state = as_of(connection.state, now);
  if (!connect::live_grant(state.connect)) out += "; no grant: " + why_no_grant(state);
  return out;
}

}  // namespace

TEST_CASE("health: what works is usable, and what has run out is not, though no step said so yet",
          "[work]") {
  Harness harness;
  const auto now = harness.driver->now();
  const auto past = now - hour, soon = now + hour, far = now + 400 * day;
  const connect::Linked linked{company, 1, past, soon, far, {}, {}};
  auto out_of_time = linked;
  out_of_time.refresh_expires = past;
  auto five_years = linked;
  five_years.hard_expires = past;
  auto ending = linked;
  ending.hard_expires = soon;
  auto renewable = linked;
  renewable.access_expires = past;
  const connect::Legacy legacy{company, past, far}, old{company, past - hour, past};
  const auto broken = [&](Ended reason) { return connect::Broken{company, reason, past}; };

  CHECK(told(harness, connect::Unlinked{}) == "not none; no grant: not_connected");
  CHECK(told(harness, connect::Unlinked{company, past}) == "not none; no grant: not_connected");
  CHECK(told(harness, linked) == "usable linked");
  CHECK(told(harness, renewable) == "usable linked");
  CHECK(told(harness, ending) == "usable at_risk expired");
  // Only the provider ends it: until it has said so, it is at risk.
  CHECK(told(harness, out_of_time) == "usable at_risk expired");
  CHECK(told(harness, five_years) == "usable at_risk expired");
  CHECK(told(harness, legacy) == "usable legacy; no grant: legacy");
  CHECK(told(harness, connect::Legacy{company, past, {}}) == "usable legacy; no grant: legacy");
  CHECK(told(harness, old) == "not broken legacy_expired; no grant: legacy_expired");
  for (const auto reason : wire::all_of<Ended>) {
    const std::string name(wire::name_of(reason));
    CHECK(told(harness, broken(reason)) == "not broken " + name + "; no grant: " + name);
  }
  CHECK(told(harness, connect::Disconnecting{company, 1, soon}) ==
        "not none; no grant: disconnecting");
}

TEST_CASE("health: while a sign-in is under way, what it began from is what counts", "[work]") {
  Harness harness;
  const auto now = harness.driver->now();
  const auto past = now - hour, soon = now + hour, far = now + 400 * day;
  const connect::Linked linked{company, 1, past, soon, far, {}, {}};
  const connect::Lifetimes lifetimes{soon, far, {}};
  const connect::Broken ended{company, Ended::revoked_outside, past};

  CHECK(told(harness, connect::Authorizing{"a", soon, connect::Unlinked{}}) ==
        "not none; no grant: sign_in_under_way");
  CHECK(told(harness, connect::Authorizing{"a", soon, linked}) == "usable linked");
  CHECK(told(harness, connect::Exchanging{"a", 2, soon, ended}) ==
        "not broken revoked_outside; no grant: sign_in_under_way");
  CHECK(told(harness, connect::Proving{2, lifetimes, soon, connect::Legacy{company, past, far}}) ==
        "usable legacy; no grant: legacy");
  CHECK(told(harness, connect::Confirming{2, {"9", "Other"}, lifetimes, soon, ended}) ==
        "not broken revoked_outside; no grant: unconfirmed");
  CHECK(told(harness, connect::Confirming{2, {"9", "Other"}, lifetimes, soon, linked}) ==
        "usable linked");
  // Its time is over, and nobody has said so yet.
  CHECK(told(harness, connect::Authorizing{"a", past, connect::Unlinked{}}) ==
        "not none; no grant: not_connected");
}

TEST_CASE(
    "health: trouble with the renewal leaves a connection usable as long as its token is good",
    "[work]") {
  for (const auto& [phase, fault] :
       {std::pair{"held_back", "unavailable"}, std::pair{"held_back", "misconfigured"},
        std::pair{"dying", "refused"}, std::pair{"dying", "expired"}}) {
    INFO(fault);
    Harness harness;
    const auto version = harness.link(3600);
    {
      auto db = harness.databases->borrow();
      db->run(
          "update grants set phase = ?2, fault = ?3, fault_since = ?4, retry_at = ?4 + 60000 "
          "where connection = ?1",
          harness.owner.connection, std::string(phase), std::string(fault),
          to_ms(harness.driver->now()));
    }
    const auto state = harness.state();
    const auto* live = connect::live_grant(state.connect);
    REQUIRE(live);
    REQUIRE(live->version == version);
    CHECK(told(harness, *live) == "usable at_risk " + std::string(fault));
    harness.now_ms += 3600 * 1000;
    CHECK(told(harness, *live) == "not at_risk " + std::string(fault));
  }
}

TEST_CASE("scopes: what was asked for was granted when the provider's answer has none", "[work]") {
  Harness harness;
  harness.clients.provider.scopes = {"accounting", "payments"};
  const auto version = harness.link(3600);
  auto db = harness.databases->borrow();
  CHECK(store::grant_scope(*db, harness.owner.connection, version) == "accounting payments");
}

namespace {

/// The state of a connection, and what it came from.
struct Case {
  std::string name;
  connect::Phase phase;
};

/// Every state there is, each stage of a sign-in from everything that it can begin from.
std::vector<Case> every_state(Instant now) {
  using namespace connect;
  const auto past = now - hour, soon = now + hour, far = now + 400 * day;
  const Lifetimes lifetimes{soon, far, {}};
  const std::pair<std::string, Origin> origins[] = {
      {"nothing", Unlinked{}},
      {"disconnected", Unlinked{company, past}},
      {"legacy", Legacy{company, past, now + 3 * day}},
      {"linked", Linked{company, 1, past, soon, now + 20 * day, {}, {}}},
      {"broken", Broken{company, Ended::revoked_outside, past}}};
  std::vector<Case> out;
  for (const auto& [name, origin] : origins) {
    out.push_back({name, std::visit([](const auto& each) { return Phase(each); }, origin)});
    out.push_back({name + ", authorizing", Authorizing{"a", soon, origin}});
    out.push_back({name + ", exchanging", Exchanging{"a", 2, soon, origin}});
    out.push_back({name + ", proving", Proving{2, lifetimes, soon, origin}});
    if (!std::holds_alternative<Unlinked>(origin) || std::get<Unlinked>(origin).last)
      out.push_back(
          {name + ", confirming", Confirming{2, {"9", "Other"}, lifetimes, soon, origin}});
  }
  out.push_back({"disconnecting", Disconnecting{company, 1, soon}});
  return out;
}

/// What the host reads of a state at a time.
wire::Json read_by_host(Harness& harness, const connect::Phase& phase, Instant at) {
  auto connection = harness.driver->read(harness.owner.connection);
  connection.state.connect.phase = phase;
  auto db = harness.databases->borrow();
  auto out = server::connection_json(*db, connection, at);
  const auto state = as_of(connection.state, at);
  out["no token"] = connect::live_grant(state.connect) ? "" : why_no_grant(state);
  return out;
}

}  // namespace

TEST_CASE(
    "health: what the host reads is true and agrees, in every state and when its time is over",
    "[work]") {
  Harness harness;
  const auto now = harness.driver->now();
  for (const auto& [name, phase] : every_state(now)) {
    const std::pair<const char*, Instant> times[] = {
        {"now", now}, {"after the sign-in", now + 2 * hour}, {"after the grant", now + 30 * day}};
    for (const auto& [when, at] : times) {
      const auto told = read_by_host(harness, phase, at);
      const auto& health = told["health"];
      INFO(name << ", " << when << ": " << wire::dump(told));
      const std::string standing = health["standing"], no_token = told["no token"];
      const bool lives = standing == "linked" || standing == "at_risk";
      // Usable is what has a token, or is of OAuth 1.0a.
      CHECK(told["usable"] == (lives || standing == "legacy"));
      CHECK(lives == no_token.empty());
      CHECK(lives == !told["grant_version"].is_null());
      CHECK((standing == "legacy") == (no_token == "legacy"));
      // What is not well says why, since when, and what to do; what works says nothing.
      const bool open = standing == "none" && !health["reason"].is_null();
      if (open) CHECK(health["reason"] == "revocation_pending");
      CHECK((standing == "at_risk" || standing == "broken" || open) == !health["reason"].is_null());
      CHECK((standing == "at_risk" || standing == "broken" || open) == !health["since"].is_null());
      CHECK((standing == "linked" || (standing == "none" && !open)) ==
            health["what_to_do"].get<std::string>().empty());
      CHECK((standing == "at_risk") == (lives && !health["until"].is_null()));
    }
  }
}

}  // namespace rekey::standing_test
