#include "tests/support/origins.hpp"

// The connect machine, step by outcome: every answer a step can get, and what an observer sees.

namespace rekey::test::connect_test {

namespace {

using namespace connect;

/// The effect by which a new grant goes that was not taken: next to a live one it is only
/// forgotten.
Effect gone(Origins origin, std::int64_t version) {
  if (origin == Origins::linked) return Forget{version};
  return Revoke{version};
}

Effect sign_in_failed(Failed reason) {
  return Notify{Note::sign_in_failed, std::string(wire::name_of(reason))};
}

}  // namespace

TEST_CASE("authorizing: the customer comes back with a code, and it is exchanged once") {
  from_everywhere([](Walk& walk, Origins, const Phase&) {
    const auto attempt = walk.press_connect();
    const auto version = connect::next_version(walk.state.connect);
    CHECK(walk.go(CallbackArrived{attempt}) == Effects{ExchangeCode{attempt, version}});
    CHECK(walk.state.connect.versions == version);
    CHECK(walk.refused(CallbackArrived{attempt}) == Refusal::attempt_spent);
    CHECK(walk.refused(CallbackRefused{attempt, Failed::access_denied}) == Refusal::attempt_spent);
  });
}

TEST_CASE("authorizing: whatever the provider says no for, what there was before is back") {
  from_everywhere([](Walk& walk, Origins, const Phase& before) {
    for (const auto reason : wire::all_of<Failed>) {
      const auto attempt = walk.press_connect();
      CHECK(walk.go(CallbackRefused{attempt, reason}) == Effects{sign_in_failed(reason)});
      CHECK(walk.state.connect.phase == before);
      CHECK(walk.refused(CallbackArrived{attempt}) == Refusal::attempt_spent);
    }
  });
}

TEST_CASE("authorizing: the customer cancels, and nothing is said or changed") {
  from_everywhere([](Walk& walk, Origins, const Phase& before) {
    const auto attempt = walk.press_connect();
    CHECK(walk.go(CancelPressed{}).empty());
    CHECK(walk.state.connect.phase == before);
    CHECK(walk.refused(CancelPressed{}) == Refusal::no_sign_in);
    CHECK(walk.refused(CallbackArrived{attempt}) == Refusal::no_sign_in);
  });
}

TEST_CASE("authorizing: a callback just before the end is taken, at the end it is refused") {
  Walk walk;
  const auto attempt = walk.press_connect();
  const auto end = walk.is<Authorizing>().expires;
  Walk late = walk;
  walk.now = end - Millis{1};
  walk.go(CallbackArrived{attempt});
  late.now = end;
  CHECK(late.refused(CallbackArrived{attempt}) == Refusal::attempt_expired);
  CHECK(late.refused(CallbackRefused{attempt, Failed::access_denied}) == Refusal::attempt_expired);
}

TEST_CASE("authorizing: nobody comes back, and in time what there was before is back") {
  from_everywhere([](Walk& walk, Origins, const Phase& before) {
    const auto attempt = walk.press_connect();
    CHECK(walk.wait_until_due() == Effects{sign_in_failed(Failed::timed_out)});
    CHECK(walk.state.connect.phase == before);
    CHECK(walk.refused(CallbackArrived{attempt}) == Refusal::no_sign_in);
  });
}

TEST_CASE("authorizing: Connect once more supersedes the first sign-in, not what it began from") {
  from_everywhere([](Walk& walk, Origins, const Phase& before) {
    const auto first = walk.press_connect();
    const auto second = walk.press_connect();
    CHECK(walk.refused(CallbackArrived{first}) == Refusal::attempt_superseded);
    CHECK(walk.refused(CallbackRefused{first, Failed::access_denied}) ==
          Refusal::attempt_superseded);
    CHECK(walk.refused(CallbackArrived{"never heard of"}) == Refusal::attempt_superseded);
    CHECK(walk.is<Authorizing>().attempt == second);
    walk.go(CancelPressed{});
    CHECK(walk.state.connect.phase == before);
  });
}

TEST_CASE("connect: an attempt that is empty, spent or over already is not begun") {
  from_everywhere([](Walk& walk, Origins, const Phase&) {
    const auto attempt = walk.press_connect();
    walk.go(CallbackRefused{attempt, Failed::access_denied});
    const auto later = walk.now + std::chrono::minutes{10};
    CHECK(walk.refused(ConnectPressed{attempt, later}) == Refusal::attempt_spent);
    CHECK(walk.refused(ConnectPressed{"", later}) == Refusal::attempt_spent);
    CHECK(walk.refused(ConnectPressed{"new", walk.now}) == Refusal::attempt_expired);
  });
}

TEST_CASE(
    "exchanging: every failure brings back what there was, and the code is never sent again") {
  from_everywhere([](Walk& walk, Origins, const Phase& before) {
    for (const auto reason : wire::all_of<Failed>) {
      const auto attempt = walk.press_connect();
      walk.go(CallbackArrived{attempt});
      const auto version = walk.state.connect.versions;
      CHECK(walk.refused(ExchangeFailed{version - 1, reason}) == Refusal::stale_answer);
      CHECK(walk.refused(ExchangeFailed{version + 1, reason}) == Refusal::stale_answer);
      CHECK(walk.go(ExchangeFailed{version, reason}) == Effects{sign_in_failed(reason)});
      CHECK(walk.state.connect.phase == before);
      CHECK(walk.state.connect.versions == version);
      CHECK(walk.refused(ExchangeFailed{version, reason}) == Refusal::stale_answer);
    }
  });
}

TEST_CASE("exchanging: no answer in time counts as interrupted, and a late grant is let go") {
  from_everywhere([](Walk& walk, Origins origin, const Phase& before) {
    const auto attempt = walk.press_connect();
    walk.go(CallbackArrived{attempt});
    const auto version = walk.state.connect.versions;
    CHECK(walk.wait_until_due() == Effects{sign_in_failed(Failed::interrupted)});
    CHECK(walk.state.connect.phase == before);
    CHECK(walk.go(GrantReceived{version, walk.lifetimes()}) == Effects{gone(origin, version)});
    CHECK(walk.state.connect.phase == before);
  });
}

TEST_CASE("exchanging: while it lasts, buttons wait and what worked before still works") {
  from_everywhere([](Walk& walk, Origins origin, const Phase&) {
    walk.go(CallbackArrived{walk.press_connect()});
    const auto later = walk.now + std::chrono::minutes{10};
    CHECK(walk.refused(ConnectPressed{"another", later}) == Refusal::sign_in_under_way);
    CHECK(walk.refused(DisconnectPressed{}) == Refusal::sign_in_under_way);
    CHECK(walk.refused(CancelPressed{}) == Refusal::sign_in_under_way);
    CHECK((live_grant(walk.state.connect) != nullptr) == (origin == Origins::linked));
    CHECK((live_legacy(walk.state.connect) != nullptr) == (origin == Origins::legacy));
  });
}

TEST_CASE("telling: a company that another tenant has is told of before its code is exchanged") {
  from_everywhere([](Walk& walk, Origins origin, const Phase&) {
    const auto attempt = walk.press_connect();
    const auto version = next_version(walk.state.connect);
    const auto begins = walk.now + telling_time;
    CHECK(walk.go(CallbackArrived{attempt, begins}).empty());
    const auto* told = telling(walk.state.connect);
    REQUIRE(told);
    CHECK(told->begins == begins);
    CHECK(version_on_trial(walk.state.connect) == version);
    CHECK_FALSE(wanted(walk.state, ExchangeCode{attempt, version}));
    CHECK((live_grant(walk.state.connect) != nullptr) == (origin == Origins::linked));
    // Nothing of it can be used twice, or be answered before it was asked.
    const auto later = walk.now + std::chrono::minutes{10};
    CHECK(walk.refused(CallbackArrived{attempt}) == Refusal::attempt_spent);
    CHECK(walk.refused(CallbackArrived{attempt, begins}) == Refusal::attempt_spent);
    CHECK(walk.refused(ConnectPressed{"another", later}) == Refusal::sign_in_under_way);
    CHECK(walk.refused(DisconnectPressed{}) == Refusal::sign_in_under_way);
    CHECK(walk.refused(CompanyConfirmed{version + 1}) == Refusal::stale_answer);
    CHECK(walk.refused(CompanyDeclined{version}) == Refusal::nothing_to_confirm);
    CHECK(walk.refused(GrantReceived{version, walk.lifetimes()}) == Refusal::stale_answer);
    CHECK(walk.refused(ExchangeFailed{version, Failed::unreachable}) == Refusal::stale_answer);
    CHECK(walk.refused(TimeReached{}) == Refusal::nothing_due);
    // Time itself goes on: also where nobody looks any more.
    CHECK(due(walk.state) == begins);
    CHECK(walk.wait_until_due() == Effects{ExchangeCode{attempt, version}});
    CHECK(walk.now == begins);
    CHECK(walk.is<Exchanging>() ==
          Exchanging{attempt, version, begins + exchange_time, walk.is<Exchanging>().from});
    CHECK(wanted(walk.state, ExchangeCode{attempt, version}));
    CHECK(walk.refused(CompanyConfirmed{version}) == Refusal::nothing_to_confirm);
    CHECK(walk.refused(CancelPressed{}) == Refusal::sign_in_under_way);
    CHECK(walk.go(GrantReceived{version, walk.lifetimes()}) == Effects{ProveCompany{version}});
  });
}

TEST_CASE("telling: the customer goes on at once") {
  from_everywhere([](Walk& walk, Origins, const Phase&) {
    const auto attempt = walk.press_connect();
    walk.go(CallbackArrived{attempt, walk.now + telling_time});
    const auto version = walk.state.connect.versions;
    CHECK(walk.go(CompanyConfirmed{version}) == Effects{ExchangeCode{attempt, version}});
    CHECK(walk.is<Exchanging>().deadline == walk.now + exchange_time);
    CHECK_FALSE(telling(walk.state.connect));
    CHECK(walk.refused(CompanyConfirmed{version}) == Refusal::nothing_to_confirm);
  });
}

TEST_CASE("telling: the customer stops it, the code is forgotten, and nothing else has changed") {
  from_everywhere([](Walk& walk, Origins, const Phase& before) {
    const auto attempt = walk.press_connect();
    walk.go(CallbackArrived{attempt, walk.now + telling_time});
    const auto version = walk.state.connect.versions;
    CHECK(walk.go(CancelPressed{}) == Effects{Forget{version}});
    CHECK(walk.state.connect.phase == before);
    CHECK_FALSE(wanted(walk.state, ExchangeCode{attempt, version}));
    CHECK(walk.refused(CancelPressed{}) == Refusal::no_sign_in);
    CHECK(walk.refused(CallbackArrived{attempt}) == Refusal::attempt_spent);
    walk.press_connect();
    CHECK(walk.state.connect.versions == version);
  });
}

TEST_CASE("telling: it never outlives the attempt, and a time that has passed is no wait") {
  Walk walk;
  const auto attempt = walk.press_connect();
  const auto end = walk.is<Authorizing>().expires;
  Walk late = walk, past = walk;
  late.now = end - Millis{1};
  late.go(CallbackArrived{attempt, late.now + telling_time});
  CHECK(late.is<Exchanging>().begins == end);
  CHECK(late.wait_until_due() == Effects{ExchangeCode{attempt, 1}});
  CHECK(late.now == end);
  CHECK(past.go(CallbackArrived{attempt, past.now}) == Effects{ExchangeCode{attempt, 1}});
  walk.go(CallbackArrived{attempt});
  CHECK(past.state == walk.state);
}

TEST_CASE("exchanging: an older grant that arrives now waits, lest it takes the new one along") {
  Walk walk;
  walk.go(CallbackArrived{walk.press_connect()});
  walk.wait_until_due();
  walk.go(CallbackArrived{walk.press_connect()});
  CHECK(walk.go(GrantReceived{1, walk.lifetimes()}) == Effects{Revoke{1}});
  CHECK(held_back(walk.state, Revoke{1}));
  CHECK(walk.refused(GrantReceived{1, walk.lifetimes()}) == Refusal::stale_answer);
  CHECK(walk.is<Exchanging>().version == 2);
  CHECK(walk.go(GrantReceived{2, walk.lifetimes()}) == Effects{ProveCompany{2}});
  CHECK(walk.refused(GrantReceived{2, walk.lifetimes()}) == Refusal::stale_answer);
}

TEST_CASE("exchanging: a grant of a version that was never given out is not believed") {
  from_everywhere([](Walk& walk, Origins, const Phase&) {
    walk.go(CallbackArrived{walk.press_connect()});
    for (const std::int64_t version : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{99}})
      CHECK(walk.refused(GrantReceived{version, walk.lifetimes()}) == Refusal::stale_answer);
  });
}

TEST_CASE("proving: every failure lets the new grant go and brings back what there was") {
  from_everywhere([](Walk& walk, Origins origin, const Phase& before) {
    for (const auto reason : wire::all_of<Failed>) {
      const auto version = walk.sign_in();
      CHECK(walk.refused(ProofFailed{version + 1, reason}) == Refusal::stale_answer);
      // A provider may keep one consent for both customers: to revoke it would end the other's
      // grant.
      const Effect goes =
          reason == Failed::company_elsewhere ? Effect{Forget{version}} : gone(origin, version);
      CHECK(walk.go(ProofFailed{version, reason}) == Effects{goes, sign_in_failed(reason)});
      CHECK(walk.state.connect.phase == before);
      CHECK(walk.refused(CompanyProved{version, alder}) == Refusal::stale_answer);
    }
  });
}

TEST_CASE("proving: beside a live grant, one of another company is ended and not only forgotten") {
  for (const auto& [realm_id, ended] :
       {std::pair{std::string(), false}, std::pair{alder.realm_id, false},
        std::pair{birch.realm_id, true}}) {
    INFO(realm_id);
    Walk failed = walk_from(Origins::linked);
    const auto version = failed.sign_in();
    const Effect goes = ended ? Effect{Revoke{version}} : Effect{Forget{version}};
    CHECK(failed.go(ProofFailed{version, Failed::company_refused, realm_id}).front() == goes);
    CHECK(failed.is<Linked>().version == 1);
    CHECK(failed.state.connect.revocations.size() == (ended ? 1u : 0u));
    // The same where the grant comes after its sign-in was over.
    Walk late = walk_from(Origins::linked);
    late.go(CallbackArrived{late.press_connect()});
    late.wait_until_due();
    CHECK(late.go(GrantReceived{version, late.lifetimes(), realm_id}).front() == goes);
    CHECK(late.is<Linked>().version == 1);
  }
}

TEST_CASE("proving: no answer in time is a failure like the others") {
  from_everywhere([](Walk& walk, Origins origin, const Phase& before) {
    const auto version = walk.sign_in();
    CHECK(walk.wait_until_due() ==
          Effects{gone(origin, version), sign_in_failed(Failed::timed_out)});
    CHECK(walk.state.connect.phase == before);
  });
}

TEST_CASE("proving: the same company is linked, and only then what it replaces is let go") {
  from_everywhere([](Walk& walk, Origins origin, const Phase&) {
    const auto version = walk.sign_in();
    const auto lifetimes = walk.lifetimes();
    CHECK(walk.refused(CompanyProved{version - 1, alder}) == Refusal::stale_answer);
    Effects effects;
    if (origin == Origins::legacy) effects.push_back(RetireLegacy{});
    if (origin == Origins::linked) effects.push_back(Forget{1});
    effects.push_back(Notify{origin == Origins::legacy   ? Note::upgraded
                             : origin == Origins::linked ? Note::renewed
                                                         : Note::connected,
                             alder.name});
    effects.push_back(RunImport{walk.state.import.run + 1, version});
    effects.push_back(Notify{Note::import_started, ""});
    CHECK(walk.go(CompanyProved{version, alder}) == effects);
    CHECK(walk.is<Linked>() == Linked{alder, version, walk.now, lifetimes.access_expires,
                                      lifetimes.refresh_expires, lifetimes.hard_expires});
    CHECK(walk.refused(CompanyProved{version, alder}) == Refusal::stale_answer);
  });
}

TEST_CASE("confirming: another company waits for the customer's word, and nothing is let go yet") {
  for (const auto origin : {Origins::legacy, Origins::linked, Origins::broken}) {
    Walk walk = walk_from(origin);
    const auto before = walk.state.connect.phase;
    const auto version = walk.sign_in();
    CHECK(walk.go(CompanyProved{version, birch}) ==
          Effects{Notify{Note::company_differs, birch.name}});
    CHECK(walk.is<Confirming>().found == birch);
    CHECK(known_company(walk.state.connect)->realm_id == alder.realm_id);
    CHECK(walk.refused(DisconnectPressed{}) == Refusal::sign_in_under_way);
    CHECK(walk.refused(CompanyConfirmed{version - 1}) == Refusal::stale_answer);
    CHECK(walk.refused(CompanyDeclined{version + 1}) == Refusal::stale_answer);
    Walk silent = walk;
    CHECK(walk.go(CompanyDeclined{version}) ==
          Effects{Revoke{version}, Notify{Note::company_kept, alder.name}});
    CHECK(walk.state.connect.phase == before);
    CHECK(walk.refused(CompanyConfirmed{version}) == Refusal::nothing_to_confirm);
    CHECK(silent.wait_until_due() ==
          Effects{Revoke{version}, Notify{Note::company_kept, alder.name}});
    CHECK(silent.state.connect.phase == before);
  }
}

TEST_CASE("confirming: the customer confirms, and the old company's access is ended") {
  for (const auto origin : {Origins::legacy, Origins::linked, Origins::broken}) {
    Walk walk = walk_from(origin);
    const auto version = walk.sign_in();
    walk.go(CompanyProved{version, birch});
    const auto effects = walk.go(CompanyConfirmed{version});
    CHECK(walk.is<Linked>().company == birch);
    REQUIRE(!effects.empty());
    if (origin == Origins::legacy) CHECK(effects.front() == Effect{RetireLegacy{}});
    if (origin == Origins::linked) CHECK(effects.front() == Effect{Revoke{1}});
  }
}

TEST_CASE("disconnecting: the provider is told, and then nothing is left") {
  for (const auto origin : {Origins::legacy, Origins::linked}) {
    Walk walk = walk_from(origin);
    const bool legacy = origin == Origins::legacy;
    const std::int64_t version = legacy ? 0 : 1;
    CHECK(walk.go(DisconnectPressed{}) ==
          Effects{legacy ? Effect{RetireLegacy{}} : Effect{Revoke{1}}});
    CHECK(walk.refused(DisconnectPressed{}) == Refusal::disconnecting);
    CHECK(walk.refused(ConnectPressed{"a", walk.now + Millis{1}}) == Refusal::disconnecting);
    CHECK(walk.refused(Disconnected{version + 1}) == Refusal::stale_answer);
    Walk silent = walk;
    CHECK(walk.go(Disconnected{version}) == Effects{Notify{Note::disconnected, ""}});
    CHECK(walk.is<Unlinked>().last == alder);
    CHECK(walk.refused(DisconnectPressed{}) == Refusal::nothing_to_disconnect);
    CHECK(silent.wait_until_due() ==
          Effects{Notify{Note::disconnected, ""}, Notify{Note::revocation_pending, alder.name}});
    CHECK(silent.is<Unlinked>().last == alder);
    REQUIRE(silent.state.connect.revocations.size() == 1);
    CHECK(silent.state.connect.revocations[0] ==
          Revocation{version, alder, silent.now - disconnect_time, {}, {}});
  }
}

TEST_CASE(
    "disconnecting: during a sign-in it gives the sign-in up, where there is something to end") {
  from_everywhere([](Walk& walk, Origins origin, const Phase&) {
    const auto attempt = walk.press_connect();
    if (origin == Origins::unlinked) {
      CHECK(walk.refused(DisconnectPressed{}) == Refusal::nothing_to_disconnect);
      return;
    }
    walk.go(DisconnectPressed{});
    CHECK(walk.refused(CallbackArrived{attempt}) == Refusal::no_sign_in);
    CHECK(!live_grant(walk.state.connect));
    CHECK(!live_legacy(walk.state.connect));
  });
}

}  // namespace rekey::test::connect_test
