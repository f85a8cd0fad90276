#include "core/connect/revocation.hpp"

#include "tests/support/origins.hpp"

// Grants that are to be ended: what the provider answers, when, and what people are told.

namespace rekey::test::revocation_test {

using namespace connect;

namespace {

constexpr Millis day = std::chrono::hours{24};

/// Disconnected from alder, unconfirmed by the provider.
Walk unconfirmed_walk(Origins origin) {
  Walk walk = walk_from(origin);
  walk.go(DisconnectPressed{});
  walk.wait_until_due();
  return walk;
}

std::vector<std::int64_t> listed(const Walk& walk) {
  std::vector<std::int64_t> out;
  for (const auto& each : walk.state.connect.revocations) out.push_back(each.version);
  return out;
}

using Versions = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("revocation: a yes that comes late is told, and nothing is left") {
  for (const auto origin : {Origins::legacy, Origins::linked}) {
    Walk walk = unconfirmed_walk(origin);
    const std::int64_t version = origin == Origins::legacy ? 0 : 1;
    CHECK(walk.refused(Disconnected{version + 1}) == Refusal::stale_answer);
    CHECK(walk.go(Disconnected{version}) ==
          Effects{Notify{Note::revocation_confirmed, alder.name}});
    CHECK(listed(walk).empty());
    CHECK(walk.refused(Disconnected{version}) == Refusal::stale_answer);
    CHECK(walk.refused(RevocationGivenUp{version}) == Refusal::stale_answer);
  }
}

TEST_CASE("revocation: used-up tries are told, the tokens forgotten, and it stays on the list") {
  for (const auto origin : {Origins::legacy, Origins::linked}) {
    Walk walk = unconfirmed_walk(origin);
    const std::int64_t version = origin == Origins::legacy ? 0 : 1;
    const Effect effect = version == 0 ? Effect{RetireLegacy{}} : Effect{Revoke{version}};
    CHECK(wanted(walk.state, effect));
    CHECK(walk.go(RevocationGivenUp{version}) ==
          Effects{Forget{version}, Notify{Note::revocation_given_up, alder.name}});
    CHECK(walk.state.connect.revocations[0].given_up == walk.now);
    CHECK_FALSE(wanted(walk.state, effect));
    CHECK(walk.refused(RevocationGivenUp{version}) == Refusal::stale_answer);
    CHECK_FALSE(due(walk.state));
  }
}

TEST_CASE("revocation: it can be given up while Disconnect still waits") {
  Walk walk = walk_from(Origins::linked);
  walk.go(DisconnectPressed{});
  CHECK(walk.refused(RevocationGivenUp{2}) == Refusal::stale_answer);
  CHECK(walk.go(RevocationGivenUp{1}) == Effects{Forget{1}, Notify{Note::disconnected, ""},
                                                 Notify{Note::revocation_given_up, alder.name}});
  CHECK(walk.is<Unlinked>().last == alder);
}

TEST_CASE("revocation: what is quickly confirmed was never told") {
  Walk walk = walk_from(Origins::linked);
  const auto version = walk.sign_in();
  walk.go(CompanyProved{version, birch});
  walk.go(CompanyDeclined{version});
  CHECK(walk.state.connect.revocations ==
        std::vector<Revocation>{{version, birch, walk.now, walk.now + confirmation_time, {}}});
  CHECK(walk.go(Disconnected{version}).empty());
  CHECK(listed(walk).empty());
}

TEST_CASE("revocation: a declined company's grant that is not confirmed is told by its name") {
  Walk walk = walk_from(Origins::linked);
  const auto version = walk.sign_in();
  walk.go(CompanyProved{version, birch});
  walk.go(CompanyDeclined{version});
  CHECK(walk.wait_until_due() == Effects{Notify{Note::revocation_pending, birch.name}});
  CHECK(walk.is<Linked>().company == alder);
  CHECK(walk.go(RevocationGivenUp{version}) ==
        Effects{Forget{version}, Notify{Note::revocation_given_up, birch.name}});
}

TEST_CASE("revocation: it waits while a sign-in is under way, and goes on when that is over") {
  Walk walk = unconfirmed_walk(Origins::linked);
  CHECK_FALSE(held_back(walk.state, Revoke{1}));
  walk.press_connect();
  CHECK(held_back(walk.state, Revoke{1}));
  CHECK(wanted(walk.state, Revoke{1}));
  walk.go(CancelPressed{});
  CHECK_FALSE(held_back(walk.state, Revoke{1}));
  CHECK(listed(walk) == Versions{1});
}

TEST_CASE(
    "revocation: a new grant of the same company ends it, lest the new one dies with the old") {
  Walk walk = unconfirmed_walk(Origins::linked);
  const auto version = walk.sign_in();
  CHECK(listed(walk) == Versions{1});
  const auto effects = walk.go(CompanyProved{version, alder});
  CHECK(effects.front() == Effect{Forget{1}});
  CHECK(listed(walk).empty());
  CHECK(walk.is<Linked>().version == version);
}

TEST_CASE("revocation: a new grant of another company does not end it") {
  Walk walk = unconfirmed_walk(Origins::linked);
  const auto version = walk.sign_in();
  walk.go(CompanyProved{version, birch});
  walk.go(CompanyConfirmed{version});
  CHECK(walk.is<Linked>().company == birch);
  CHECK(listed(walk) == Versions{1});
  CHECK(wanted(walk.state, Revoke{1}));
  CHECK_FALSE(held_back(walk.state, Revoke{1}));
  CHECK(walk.go(Disconnected{1}) == Effects{Notify{Note::revocation_confirmed, alder.name}});
}

TEST_CASE("revocation: a company exchanged for another is revoked until the provider says yes") {
  Walk walk = walk_from(Origins::linked);
  const auto version = walk.sign_in();
  walk.go(CompanyProved{version, birch});
  CHECK(walk.go(CompanyConfirmed{version}).front() == Effect{Revoke{1}});
  CHECK(walk.state.connect.revocations[0].company == alder);
  walk.import_all();
  CHECK(walk.wait_until_due() == Effects{Notify{Note::revocation_pending, alder.name}});
}

TEST_CASE("revocation: grants of which no company is known give way to any new one") {
  Walk walk;
  const auto first = walk.sign_in();
  CHECK(walk.go(ProofFailed{first, Failed::company_refused}).front() == Effect{Revoke{first}});
  CHECK(walk.wait_until_due() == Effects{Notify{Note::revocation_pending, ""}});
  const auto second = walk.sign_in();
  CHECK(walk.go(CompanyProved{second, alder}).front() == Effect{Forget{first}});
  CHECK(listed(walk).empty());
}

TEST_CASE("revocation: a grant that is brought in ends that of its company as a sign-in does") {
  Walk walk = unconfirmed_walk(Origins::linked);
  walk.go(GrantImported{alder, walk.lifetimes()});
  CHECK(listed(walk).empty());
  CHECK_FALSE(walk.history.empty());
}

TEST_CASE("revocation: an upgraded OAuth 1.0a connection is retired until the provider says yes") {
  Walk walk = walk_from(Origins::legacy);
  walk.link(alder);
  walk.import_all();
  CHECK(listed(walk) == Versions{0});
  CHECK(wanted(walk.state, RetireLegacy{}));
  CHECK(walk.wait_until_due() == Effects{Notify{Note::revocation_pending, alder.name}});
  Walk given_up = walk;
  CHECK(walk.go(Disconnected{0}) == Effects{Notify{Note::revocation_confirmed, alder.name}});
  // Removing the app inside QuickBooks would end the new connection: nobody is told to.
  CHECK(given_up.go(RevocationGivenUp{0}) ==
        Effects{Forget{0}, Notify{Note::legacy_given_up, alder.name}});
  CHECK(listed(given_up).empty());
}

TEST_CASE("revocation: a new grant goes on retiring the OAuth 1.0a connection of its company") {
  Walk walk = unconfirmed_walk(Origins::legacy);
  walk.link(alder);
  CHECK(listed(walk) == Versions{0});
  CHECK(wanted(walk.state, RetireLegacy{}));
  CHECK_FALSE(held_back(walk.state, RetireLegacy{}));
  Walk given_up = unconfirmed_walk(Origins::legacy);
  given_up.go(RevocationGivenUp{0});
  given_up.link(alder);
  CHECK(listed(given_up).empty());
}

TEST_CASE("revocation: late grants are revoked too, and told when that is not confirmed") {
  Walk walk;
  walk.go(CallbackArrived{walk.press_connect()});
  walk.wait_until_due();
  CHECK(walk.go(GrantReceived{1, walk.lifetimes()}) == Effects{Revoke{1}});
  CHECK(listed(walk) == Versions{1});
  CHECK(walk.wait_until_due() == Effects{Notify{Note::revocation_pending, ""}});
}

TEST_CASE("revocation: of what was given up only the newest are kept") {
  Walk walk = walk_from(Origins::linked);
  for (std::size_t i = 0; i < most_given_up + 3; ++i) {
    const auto version = walk.sign_in();
    walk.go(CompanyProved{version, birch});
    walk.go(CompanyDeclined{version});
    walk.go(RevocationGivenUp{version});
  }
  CHECK(listed(walk).size() == most_given_up);
  CHECK(listed(walk).back() == walk.state.connect.versions);
}

TEST_CASE("revocation: states of earlier versions are read, and write as they did") {
  const std::string old =
      R"({"phase":{"access_expires":5,"company":{"name":"Alder","realm_id":"9130"},"hard_expires":null,)"
      R"("refresh_expires":null,"risk":null,"since":4,"type":"linked","version":1},"spent":"a","versions":1})";
  const auto json = wire::parse(old, "It");
  REQUIRE(json.has_value());
  const auto state = wire::read_as<connect::State>(*json, "It");
  REQUIRE(state.has_value());
  CHECK(state->revocations.empty());
  CHECK(line(*state) == old);
}

TEST_CASE("tries: they go on with growing pauses for a day, the last one at its end") {
  const Instant since = from_ms(1'790'000'000'000);
  Instant now = since;
  Millis pause{0};
  int tries = 0;
  for (auto next = next_try(since, now); next; next = next_try(since, now)) {
    REQUIRE(*next > now);
    // The last pause ends where the day ends.
    if (*next < since + day) CHECK(*next - now >= pause);
    pause = *next - now;
    now = *next;
    ++tries;
  }
  CHECK(now == since + day);
  CHECK(tries > 50);
  CHECK(tries < 150);
}

TEST_CASE("tries: a clock that was set back or stood still does not use them up") {
  const Instant since = from_ms(1'790'000'000'000);
  CHECK(next_try(since, since - day) == since - day + revocation_pauses[0].pause);
  CHECK_FALSE(next_try(since, since + day));
  CHECK_FALSE(next_try(since, since + 9 * day));
}

TEST_CASE("tries: they count from Disconnect, not from when that was over for the customer") {
  Walk walk = walk_from(Origins::linked);
  const auto pressed = walk.now;
  walk.go(DisconnectPressed{});
  CHECK(revoking_since(walk.state.connect, 1) == pressed);
  CHECK_FALSE(revoking_since(walk.state.connect, 2));
  walk.wait_until_due();
  CHECK(revoking_since(walk.state.connect, 1) == pressed);
  walk.go(RevocationGivenUp{1});
  CHECK_FALSE(revoking_since(walk.state.connect, 1));
}

TEST_CASE("trouble: it is told once, held with the grant, and over with what shows that it is") {
  for (const auto reason : wire::all_of<Hindrance>) {
    const std::string name(wire::name_of(reason));
    for (const bool renewing : {false, true}) {
      Walk walk = walk_from(Origins::linked);
      if (renewing) walk.press_connect();
      const auto since = walk.now - std::chrono::minutes{11};
      CHECK(walk.refused(GrantInTrouble{2, reason, since}) == Refusal::stale_answer);
      CHECK(walk.go(GrantInTrouble{1, reason, since}) ==
            Effects{Notify{Note::grant_in_trouble, name}});
      CHECK(live_grant(walk.state.connect)->trouble == Trouble{reason, since});
      CHECK(walk.refused(GrantInTrouble{1, reason, since}) == Refusal::stale_answer);
      const Effects told = {Notify{Note::grant_recovered, name}};
      if (ends_with_renewal(reason)) {
        CHECK(walk.refused(AccessRestored{1}) == Refusal::stale_answer);
        CHECK(walk.go(GrantRefreshed{1, walk.lifetimes()}) == told);
      } else {
        CHECK(walk.go(GrantRefreshed{1, walk.lifetimes()}).empty());
        CHECK(walk.go(AccessRestored{1}) == told);
      }
      CHECK_FALSE(live_grant(walk.state.connect)->trouble);
      CHECK(walk.go(GrantRefreshed{1, walk.lifetimes()}).empty());
    }
  }
}

TEST_CASE("trouble: it is told again when something else is to be done than before") {
  Walk walk = walk_from(Origins::linked);
  walk.go(GrantInTrouble{1, Hindrance::unavailable, walk.now});
  CHECK(walk.refused(GrantInTrouble{1, Hindrance::unreadable, walk.now}) == Refusal::stale_answer);
  CHECK(walk.go(GrantInTrouble{1, Hindrance::misconfigured, walk.now}).size() == 1);
  CHECK(walk.refused(GrantInTrouble{1, Hindrance::misconfigured, walk.now}) ==
        Refusal::stale_answer);
  CHECK(walk.go(GrantInTrouble{1, Hindrance::unreadable, walk.now}).size() == 1);
  // The customer: another administrator, or a subscription.
  CHECK(walk.go(GrantInTrouble{1, Hindrance::rights_lost, walk.now}).size() == 1);
  CHECK(walk.go(GrantInTrouble{1, Hindrance::company_lapsed, walk.now}).size() == 1);
  CHECK(live_grant(walk.state.connect)->trouble->reason == Hindrance::company_lapsed);
  CHECK(walk.refused(GrantInTrouble{1, Hindrance::company_lapsed, walk.now}) ==
        Refusal::stale_answer);
}

TEST_CASE("trouble: where no grant lives there is none") {
  for (const auto origin : {Origins::unlinked, Origins::legacy, Origins::broken}) {
    Walk walk = walk_from(origin);
    CHECK(walk.refused(GrantInTrouble{1, Hindrance::misconfigured, walk.now}) ==
          Refusal::stale_answer);
  }
}

}  // namespace rekey::test::revocation_test
