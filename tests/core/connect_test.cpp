#include "tests/support/walk.hpp"

// The connect machine, step by outcome: every answer a step can get, and what an observer sees.

namespace rekey::test {

namespace {

using namespace connect;

/// Where a sign-in can begin.
enum class Origins { unlinked, legacy, linked, broken };
constexpr Origins all_origins[] = {Origins::unlinked, Origins::legacy, Origins::linked,
                                   Origins::broken};

Walk walk_from(Origins origin) {
  Walk walk;
  if (origin == Origins::legacy)
    walk.go(LegacyLoaded{alder, walk.now, walk.now + std::chrono::hours{4000}});
  if (origin == Origins::linked || origin == Origins::broken) {
    walk.link(alder);
    walk.import_all();
  }
  if (origin == Origins::broken) walk.go(GrantEnded{1, Ended::refused});
  return walk;
}

/// The effect by which a new grant goes that was not taken: next to a live one it is only
/// forgotten.
Effect gone(Origins origin, std::int64_t version) {
  if (origin == Origins::linked) return Forget{version};
  return Revoke{version};
}

Effect sign_in_failed(Failed reason) {
  return Notify{Note::sign_in_failed, std::string(wire::name_of(reason))};
}

template <class F>
void from_everywhere(F&& test) {
  for (const auto origin : all_origins) {
    Walk walk = walk_from(origin);
    INFO("from " << line(walk.state.connect.phase));
    test(walk, origin, walk.state.connect.phase);
  }
}

}  // namespace

TEST_CASE("authorizing: the customer comes back with a code, and it is exchanged once") {
  from_everywhere([](Walk& walk, Origins, const Phase&) {
    const auto attempt = walk.press_connect();
    const auto version = walk.state.connect.versions + 1;
    CHECK(walk.go(CallbackArrived{attempt}) == Effects{ExchangeCode{attempt, version}});
    CHECK(walk.state.connect.versions == version);
    CHECK(walk.refused(CallbackArrived{attempt}) == Refusal::attempt_spent);
    CHECK(walk.refused(CallbackRefused{attempt, Failed::access_denied}) == Refusal::attempt_spent);
  });
}

TEST_CASE("authorizing: whatever the provider says no for, what there was before is back") {
  from_everywhere([](Walk& walk, Origins, const Phase& before) {
    for (std::size_t i = 0; i < names_of(Failed{}).size(); ++i) {
      const auto reason = static_cast<Failed>(i);
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
    for (std::size_t i = 0; i < names_of(Failed{}).size(); ++i) {
      const auto reason = static_cast<Failed>(i);
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

TEST_CASE(
    "exchanging: an older grant that arrives now is forgotten, lest it takes the new one along") {
  Walk walk;
  walk.go(CallbackArrived{walk.press_connect()});
  walk.wait_until_due();
  walk.go(CallbackArrived{walk.press_connect()});
  CHECK(walk.go(GrantReceived{1, walk.lifetimes()}) == Effects{Forget{1}});
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
    for (std::size_t i = 0; i < names_of(Failed{}).size(); ++i) {
      const auto reason = static_cast<Failed>(i);
      const auto version = walk.sign_in();
      CHECK(walk.refused(ProofFailed{version + 1, reason}) == Refusal::stale_answer);
      CHECK(walk.go(ProofFailed{version, reason}) ==
            Effects{gone(origin, version), sign_in_failed(reason)});
      CHECK(walk.state.connect.phase == before);
      CHECK(walk.refused(CompanyProved{version, alder}) == Refusal::stale_answer);
    }
  });
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
    CHECK(silent.wait_until_due() == Effects{Forget{version}, Notify{Note::disconnected, ""}});
    CHECK(silent.is<Unlinked>().last == alder);
    CHECK(silent.refused(Disconnected{version}) == Refusal::stale_answer);
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

TEST_CASE("linked: a refresh moves the ends, and one without a hard end leaves the known one") {
  Walk walk = walk_from(Origins::linked);
  const auto hard = walk.is<Linked>().hard_expires;
  walk.wait(std::chrono::hours{24});
  auto lifetimes = walk.lifetimes();
  lifetimes.hard_expires.reset();
  CHECK(walk.go(GrantRefreshed{1, lifetimes}).empty());
  CHECK(walk.is<Linked>().access_expires == lifetimes.access_expires);
  CHECK(walk.is<Linked>().refresh_expires == lifetimes.refresh_expires);
  CHECK(walk.is<Linked>().hard_expires == hard);
  CHECK(walk.refused(GrantRefreshed{2, lifetimes}) == Refusal::stale_answer);
  CHECK(walk.refused(GrantRefreshed{0, lifetimes}) == Refusal::stale_answer);
}

TEST_CASE("linked: whichever end comes first is the one that counts") {
  for (const bool hard_first : {false, true}) {
    Walk walk;
    const auto version = walk.sign_in();
    auto& phase = std::get<Proving>(walk.state.connect.phase);
    const auto near = walk.now + std::chrono::hours{24}, far = walk.now + std::chrono::hours{48};
    phase.lifetimes.hard_expires = hard_first ? near : far;
    phase.lifetimes.refresh_expires = hard_first ? far : near;
    walk.go(CompanyProved{version, alder});
    walk.import_all();
    CHECK(due(walk.state) == near);
    CHECK(walk.wait_until_due() == Effects{Forget{version}, Notify{Note::grant_ended, "expired"}});
    CHECK(walk.is<Broken>().reason == Ended::expired);
  }
}

TEST_CASE("linked: an end that is near is told, moves nothing, and only for the live grant") {
  for (std::size_t i = 0; i < names_of(Ended{}).size(); ++i) {
    const auto reason = static_cast<Ended>(i);
    Walk alone = walk_from(Origins::linked);
    const auto before = alone.state;
    const Effects told = {Notify{Note::grant_at_risk, std::string(wire::name_of(reason))}};
    CHECK(alone.go(GrantAtRisk{1, reason, alone.now}) == told);
    CHECK(alone.go(GrantAtRisk{1, reason, alone.now}) == told);
    CHECK(alone.state == before);
    CHECK(alone.refused(GrantAtRisk{2, reason, alone.now}) == Refusal::stale_answer);
    Walk renewing = walk_from(Origins::linked);
    renewing.press_connect();
    CHECK(renewing.go(GrantAtRisk{1, reason, renewing.now}) == told);
    Walk gone = walk_from(Origins::broken);
    CHECK(gone.refused(GrantAtRisk{1, reason, gone.now}) == Refusal::stale_answer);
  }
}

TEST_CASE("linked: the provider ends the grant, alone or in the middle of a renewal") {
  for (std::size_t i = 0; i < names_of(Ended{}).size(); ++i) {
    const auto reason = static_cast<Ended>(i);
    const Effects ended = {Forget{1},
                           Notify{Note::grant_ended, std::string(wire::name_of(reason))}};
    Walk alone = walk_from(Origins::linked);
    CHECK(alone.refused(GrantEnded{2, reason}) == Refusal::stale_answer);
    CHECK(alone.go(GrantEnded{1, reason}) == ended);
    CHECK(alone.is<Broken>() == Broken{alder, reason, alone.now});
    CHECK(alone.refused(GrantEnded{1, reason}) == Refusal::stale_answer);
    Walk renewing = walk_from(Origins::linked);
    renewing.press_connect();
    CHECK(renewing.go(GrantEnded{1, reason}) == ended);
    CHECK(!live_grant(renewing.state.connect));
    renewing.go(CancelPressed{});
    CHECK(renewing.is<Broken>().reason == reason);
  }
}

TEST_CASE("legacy: it is loaded once, and never over something newer") {
  from_everywhere([](Walk& walk, Origins origin, const Phase&) {
    if (origin == Origins::unlinked) return;
    CHECK(walk.refused(LegacyLoaded{birch, walk.now, {}}) == Refusal::already_loaded);
  });
  Walk fresh;
  CHECK(fresh.refused(LegacyLoaded{{}, fresh.now, {}}) == Refusal::already_loaded);
  Walk tried;
  tried.go(CallbackArrived{tried.press_connect()});
  tried.wait_until_due();
  CHECK(tried.refused(LegacyLoaded{alder, tried.now, {}}) == Refusal::already_loaded);
  Walk off = walk_from(Origins::legacy);
  off.go(DisconnectPressed{});
  off.go(Disconnected{0});
  CHECK(off.refused(LegacyLoaded{alder, off.now, {}}) == Refusal::already_loaded);
}

TEST_CASE("legacy: one that has run out is shown as broken, and its credential is not kept") {
  Walk loaded_late;
  CHECK(loaded_late.go(LegacyLoaded{alder, loaded_late.now, loaded_late.now}) ==
        Effects{Forget{0}, Notify{Note::grant_ended, "legacy_expired"}});
  CHECK(loaded_late.is<Broken>().reason == Ended::legacy_expired);
  Walk ran_out = walk_from(Origins::legacy);
  CHECK(ran_out.wait_until_due() ==
        Effects{Forget{0}, Notify{Note::grant_ended, "legacy_expired"}});
  CHECK(ran_out.is<Broken>().reason == Ended::legacy_expired);
  Walk unending;
  unending.go(LegacyLoaded{alder, unending.now, {}});
  CHECK(!due(unending.state).has_value());
}

TEST_CASE("standing states: the clock, and answers to nothing, are refused") {
  from_everywhere([](Walk& walk, Origins, const Phase&) {
    CHECK(walk.refused(TimeReached{}) == Refusal::nothing_due);
    CHECK(walk.refused(CallbackArrived{"never begun"}) == Refusal::no_sign_in);
    CHECK(walk.refused(CompanyConfirmed{1}) == Refusal::nothing_to_confirm);
    CHECK(walk.refused(ExchangeFailed{1, Failed::unreachable}) == Refusal::stale_answer);
    CHECK(walk.refused(ProofFailed{1, Failed::unreachable}) == Refusal::stale_answer);
    CHECK(walk.refused(Disconnected{1}) == Refusal::stale_answer);
  });
}

TEST_CASE("imported: a grant from elsewhere is live where nothing works, for the same company") {
  const auto lives = [](const Walk& walk) {
    return Lifetimes{walk.now + Millis{1}, walk.now + std::chrono::hours{1}, {}};
  };
  from_everywhere([&](Walk& walk, Origins origin, const Phase&) {
    if (origin == Origins::legacy || origin == Origins::linked) {
      CHECK(walk.refused(GrantImported{alder, lives(walk)}) == Refusal::already_loaded);
      return;
    }
    CHECK(walk.refused(GrantImported{{}, lives(walk)}) == Refusal::already_loaded);
    if (origin == Origins::broken)
      CHECK(walk.refused(GrantImported{birch, lives(walk)}) == Refusal::already_loaded);
    const auto version = walk.state.connect.versions + 1;
    const auto import = walk.state.import;
    const auto lifetimes = lives(walk);
    CHECK(walk.go(GrantImported{{alder.realm_id, ""}, lifetimes}) ==
          Effects{Notify{Note::connected, ""}});
    CHECK(walk.state.connect.phase == Phase{Linked{{alder.realm_id, ""},
                                                   version,
                                                   walk.now,
                                                   lifetimes.access_expires,
                                                   lifetimes.refresh_expires,
                                                   {}}});
    // Thousands come at once: none of them reads its settings before somebody asks.
    CHECK(walk.state.import == import);
    CHECK(walk.refused(GrantImported{alder, lifetimes}) == Refusal::already_loaded);
  });
}

TEST_CASE("imported: the first read of the company gives it its name, and only of that company") {
  Walk walk;
  walk.go(GrantImported{{alder.realm_id, ""}, {walk.now + Millis{1}, {}, {}}});
  CHECK(walk.refused(CompanyProved{1, birch}) == Refusal::stale_answer);
  CHECK(walk.refused(CompanyProved{2, alder}) == Refusal::stale_answer);
  CHECK(walk.go(CompanyProved{1, alder}) == Effects{});
  CHECK(live_grant(walk.state.connect)->company == alder);
  CHECK(walk.refused(CompanyProved{1, alder}) == Refusal::stale_answer);
}

}  // namespace rekey::test
