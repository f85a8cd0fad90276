#include "tests/support/origins.hpp"

// The connect machine where nobody signs in: what is live, what is old, what came from elsewhere.

namespace rekey::test::standing_test {

using namespace connect;

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

TEST_CASE("linked: time alone ends no grant; whichever stated end comes first did so before") {
  for (const bool hard_first : {false, true}) {
    Walk walk;
    const auto version = walk.sign_in();
    auto& phase = std::get<Proving>(walk.state.connect.phase);
    const auto near = walk.now + std::chrono::hours{24}, far = walk.now + std::chrono::hours{48};
    phase.lifetimes.hard_expires = hard_first ? near : far;
    phase.lifetimes.refresh_expires = hard_first ? far : near;
    walk.go(CompanyProved{version, alder});
    walk.import_all();
    CHECK(stated_end(walk.is<Linked>()) == near);
    CHECK(!due(walk.state).has_value());
    walk.now = near - Millis{1};
    CHECK(walk.refused(TimeReached{false}) == Refusal::nothing_due);
    walk.now = far + std::chrono::hours{24 * 1000};
    CHECK(walk.refused(TimeReached{}) == Refusal::nothing_due);
    walk.is<Linked>();
    walk.now = near;
    CHECK(walk.go(TimeReached{false}) ==
          Effects{Forget{version}, Notify{Note::grant_ended, "expired"}});
    CHECK(walk.is<Broken>().reason == Ended::expired);
  }
}

TEST_CASE("linked: past its stated end, it is told of a revocation and goes on living") {
  Walk walk = walk_from(Origins::linked);
  walk.now = *stated_end(walk.is<Linked>()) + std::chrono::hours{1};
  walk.state.connect.revocations.push_back({7, alder, walk.now, walk.now, {}});
  CHECK(walk.go(TimeReached{}) == Effects{Notify{Note::revocation_pending, alder.name}});
  walk.is<Linked>();
}

TEST_CASE("linked: an end that is near is told, held, and only for the live grant") {
  for (const auto reason : wire::all_of<Ended>) {
    Walk alone = walk_from(Origins::linked);
    auto expected = alone.state;
    std::get<Linked>(expected.connect.phase).risk = Risk{reason, alone.now};
    const Effects told = {Notify{Note::grant_at_risk, std::string(wire::name_of(reason))}};
    CHECK(alone.go(GrantAtRisk{1, reason, alone.now}) == told);
    CHECK(alone.go(GrantAtRisk{1, reason, alone.now}) == told);
    CHECK(alone.state == expected);
    CHECK(alone.refused(GrantAtRisk{2, reason, alone.now}) == Refusal::stale_answer);
    Walk renewing = walk_from(Origins::linked);
    renewing.press_connect();
    CHECK(renewing.go(GrantAtRisk{1, reason, renewing.now}) == told);
    CHECK(live_grant(renewing.state.connect)->risk == Risk{reason, renewing.now});
    renewing.go(CancelPressed{});
    CHECK(renewing.is<Linked>().risk == Risk{reason, renewing.now});
    Walk gone = walk_from(Origins::broken);
    CHECK(gone.refused(GrantAtRisk{1, reason, gone.now}) == Refusal::stale_answer);
  }
}

TEST_CASE("linked: a refresh ends every risk but that of an end it cannot move") {
  for (const auto reason : wire::all_of<Ended>) {
    Walk walk = walk_from(Origins::linked);
    auto lifetimes = walk.lifetimes();
    lifetimes.hard_expires = walk.now + std::chrono::hours{24 * 30};
    const Risk risk{reason, *lifetimes.hard_expires};
    walk.go(GrantAtRisk{1, reason, risk.ends});
    // Told again with the refresh, a second off.
    lifetimes.hard_expires = risk.ends + std::chrono::seconds{1};
    walk.go(GrantRefreshed{1, lifetimes});
    CHECK(walk.is<Linked>().risk ==
          (reason == Ended::expired ? std::optional(risk) : std::nullopt));
    lifetimes.hard_expires = risk.ends + std::chrono::hours{24 * 365};
    walk.go(GrantRefreshed{1, lifetimes});
    CHECK(!walk.is<Linked>().risk);
  }
}

TEST_CASE("linked: signing in again ends a risk") {
  Walk walk = walk_from(Origins::linked);
  walk.go(GrantAtRisk{1, Ended::reply_lost, walk.now});
  const auto version = walk.sign_in();
  walk.go(CompanyProved{version, alder});
  CHECK(!walk.is<Linked>().risk);
}

TEST_CASE("linked: the provider ends the grant, alone or in the middle of a renewal") {
  for (const auto reason : wire::all_of<Ended>) {
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
    CHECK(walk.refused(RevocationGivenUp{1}) == Refusal::stale_answer);
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
    const auto version = connect::next_version(walk.state.connect);
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

}  // namespace rekey::test::standing_test
