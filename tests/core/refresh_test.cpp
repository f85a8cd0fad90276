#include <catch2/catch_test_macros.hpp>
#include <random>

#include "core/refresh/policy.hpp"
#include "core/refresh/step.hpp"
#include "tests/support/print.hpp"

// How one grant is kept alive, as a caller and the provider meet it.

namespace rekey::refresh::refresh_test {

namespace {

using namespace std::chrono_literals;

/// One grant, a clock that is set, and what was done last.
struct Grant {
  Instant now = from_ms(1'800'000'000'000);
  State state = begin({now + 1h, now + 2400h, {}}, true, 0, now);
  Actions actions;

  template <class E>
  bool go(const E& event) {
    auto taken = step(state, event, now);
    state = std::move(taken.next);
    actions = std::move(taken.actions);
    return !taken.refused;
  }
  template <class T>
  const T* did() const {
    for (const auto& each : actions)
      if (const auto* one = std::get_if<T>(&each)) return one;
    return nullptr;
  }
  template <class T>
  const T* is() const {
    return std::get_if<T>(&state.phase);
  }
  /// A caller asks.
  void ask(std::optional<std::int64_t> rejected = {}) {
    Asked asked;
    asked.me = "me";
    asked.good_for = policy::good_for;
    asked.rejected = rejected;
    go(asked);
  }
  /// A caller asks when the token is over, and the provider answers this.
  void fail(Meaning meaning, std::optional<std::int64_t> rejected = {}) {
    ask(rejected);
    REQUIRE(did<Spend>());
    answer(meaning, rejected);
  }
  void answer(Meaning meaning, std::optional<std::int64_t> rejected = {}) {
    NotRenewed failure;
    failure.me = "me";
    failure.meaning = meaning;
    failure.rejected = rejected;
    go(failure);
  }
  void renew(bool rotated = true) { go(Renewed{"me", {now + 1h, now + 2400h, {}}, rotated, 0}); }
};

}  // namespace

TEST_CASE("refresh: a good token is served, and nothing is asked") {
  Grant grant;
  grant.ask();
  CHECK(grant.did<Serve>());
  CHECK(grant.is<Fresh>());
}

TEST_CASE("refresh: what the provider asks us to wait reaches the caller whole, up to an hour") {
  for (const auto& [asked, waited] : {std::pair{600s, 600s}, std::pair{7200s, 3600s}}) {
    Grant grant;
    grant.now += 2h;
    grant.ask();
    NotRenewed failure;
    failure.me = "me";
    failure.meaning = Meaning::throttled;
    failure.retry_after = asked;
    grant.go(failure);
    grant.ask();
    REQUIRE(grant.did<Later>());
    CHECK(grant.did<Later>()->until == grant.now + waited);
    CHECK(grant.did<Later>()->meaning == Meaning::throttled);
  }
}

TEST_CASE("refresh: an outage is told when it has lasted, and once it is over the grant is fresh") {
  Grant grant;
  grant.now += 2h;
  grant.fail(Meaning::unavailable);
  CHECK_FALSE(grant.did<TellTrouble>());
  int tries = 0;
  while (!grant.did<TellTrouble>()) {
    grant.now = grant.is<HeldBack>()->retry_at;
    grant.fail(Meaning::unavailable);
    REQUIRE(++tries < 100);
  }
  CHECK(grant.now - grant.is<HeldBack>()->since >= policy::trouble_told_after);
  grant.now += 2min;
  grant.ask();
  grant.renew();
  CHECK(grant.is<Fresh>());
  CHECK(grant.did<StoreTokens>()->rotate);
}

TEST_CASE("refresh: after the provider's word the token before is tried once, then it is dying") {
  Grant grant;
  grant.now += 55min;
  grant.ask();
  grant.renew();
  grant.now += 57min;
  grant.ask();
  grant.answer(Meaning::grant_ended);
  REQUIRE(grant.did<Spend>());
  CHECK(grant.did<Spend>()->previous);
  NotRenewed again;
  again.me = "me";
  again.meaning = Meaning::grant_ended;
  again.of_previous = true;
  grant.go(again);
  REQUIRE(grant.is<Dying>());
  CHECK(grant.did<TellRisk>()->reason == connect::Ended::refused);
  grant.ask();
  CHECK(grant.did<Serve>());
  grant.now += 4min;
  grant.ask();
  CHECK(grant.did<Spend>());
  grant.go(again);
  CHECK(grant.did<TellEnded>()->reason == connect::Ended::refused);
  grant.ask();
  CHECK(grant.did<Over>());
}

TEST_CASE("refresh: refused before its end and not renewed: disconnected at the provider") {
  Grant grant;
  grant.fail(Meaning::grant_ended, 1);
  REQUIRE(grant.is<Ended>());
  CHECK(grant.is<Ended>()->reason == connect::Ended::revoked_outside);
}

TEST_CASE("refresh: the stated end has come: the provider is asked, and its word says why") {
  Grant grant;
  const auto end = grant.now + 24h * 10;
  grant.state.warn = end;
  grant.state.due = end + 24h * 20;
  grant.now = end;
  REQUIRE(grant.go(WarnReached{end, false}));
  CHECK(grant.actions.empty());
  CHECK(grant.state.due == end);
  CHECK_FALSE(grant.state.warn);
  REQUIRE(grant.go(DueReached{"me", true, {}, false, 0}));
  REQUIRE(grant.did<Spend>());
  Grant alive = grant;
  alive.renew();
  CHECK(alive.is<Fresh>());
  NotRenewed failure;
  failure.me = "me";
  failure.meaning = Meaning::grant_ended;
  failure.run_out = true;
  grant.go(failure);
  REQUIRE(grant.did<TellEnded>());
  CHECK(grant.did<TellEnded>()->reason == connect::Ended::expired);
}

TEST_CASE("refresh: another client's grant is not spent, and works when the client is put right") {
  Grant grant;
  grant.now += 2h;
  Asked asked;
  asked.me = "me";
  asked.good_for = policy::good_for;
  asked.client_known = false;
  grant.go(asked);
  CHECK_FALSE(grant.did<Spend>());
  CHECK(grant.did<Later>()->meaning == Meaning::misconfigured);
  CHECK(grant.did<TellTrouble>()->reason == connect::Hindrance::misconfigured);
  CHECK_FALSE(grant.state.unsettled);
  // However long it lasts, the provider is not asked, and the pauses do not grow.
  for (int i = 0; i < 50; ++i) {
    grant.now = grant.is<HeldBack>()->retry_at;
    grant.go(asked);
    CHECK(grant.is<HeldBack>()->pause <= policy::client_pause * 5 / 4);
  }
  asked.client_known = true;
  Grant by_time = grant;
  grant.go(asked);
  CHECK(grant.did<Spend>());
  by_time.now = *by_time.state.due;
  REQUIRE(by_time.go(DueReached{"me", true, {}, false, 0}));
  CHECK(by_time.did<Spend>());
}

TEST_CASE("refresh: a client that the provider refuses waits though it is the one we know") {
  Grant grant;
  grant.now += 2h;
  grant.fail(Meaning::misconfigured);
  grant.ask();
  CHECK_FALSE(grant.did<Spend>());
  CHECK(grant.did<Later>());
}

TEST_CASE("refresh: while too many end at once this one is held back, and its tokens are kept") {
  Grant grant;
  grant.now += 2h;
  grant.ask();
  NotRenewed failure;
  failure.me = "me";
  failure.meaning = Meaning::grant_ended;
  failure.may_end = false;
  grant.go(failure);
  REQUIRE(grant.is<HeldBack>());
  CHECK(grant.did<TellTrouble>()->reason == connect::Hindrance::ending_stopped);
  grant.now = grant.is<HeldBack>()->retry_at;
  grant.ask();
  grant.renew();
  CHECK(grant.is<Fresh>());
}

TEST_CASE(
    "refresh: the accounting API refuses new tokens: one is made, then it is looked at again") {
  Grant grant;
  grant.go(AccessAnswered{Meaning::stale_token, 1, false, 0});
  CHECK(grant.did<RenewAndRepeat>());
  grant.ask(1);
  grant.renew();
  grant.go(AccessAnswered{Meaning::stale_token, 2, true, 0});
  REQUIRE(grant.state.barred);
  CHECK(grant.is<Fresh>());
  Millis last{0};
  bool told = false;
  for (int look = 0; look < 20; ++look) {
    const auto pause = grant.state.barred->look_at - grant.now;
    CHECK(pause >= last);
    CHECK(pause <= policy::longest_look);
    last = pause;
    grant.now += pause;
    grant.go(AccessAnswered{Meaning::stale_token, grant.state.revision, true, 0});
    told |= grant.did<TellTrouble>() != nullptr;
  }
  CHECK(told);
  grant.go(AccessAnswered{Meaning::alive, grant.state.revision, false, 0});
  CHECK(grant.did<TellRestored>());
  CHECK_FALSE(grant.state.barred);
}

TEST_CASE("refresh: an administrator who lost the role is told at once, once, and ends nothing") {
  Grant grant;
  grant.go(AccessAnswered{Meaning::rights_lost, 1, false, 0});
  CHECK(grant.did<TellTrouble>()->reason == connect::Hindrance::rights_lost);
  grant.go(AccessAnswered{Meaning::rights_lost, 1, false, 0});
  CHECK_FALSE(grant.did<TellTrouble>());
  CHECK(grant.is<Fresh>());
}

TEST_CASE("refresh: a renewal that ends another trouble tells of the one that is still there") {
  Grant grant;
  grant.go(AccessAnswered{Meaning::rights_lost, 1, false, 0});
  grant.now += 2h;
  grant.fail(Meaning::misconfigured);
  REQUIRE(grant.did<TellTrouble>());
  CHECK(grant.did<TellTrouble>()->reason == connect::Hindrance::misconfigured);
  const auto since = grant.state.barred->since;
  grant.now += 2min;
  grant.ask();
  grant.renew();
  CHECK(grant.did<TellRenewed>());
  REQUIRE(grant.did<TellTrouble>());
  CHECK(*grant.did<TellTrouble>() == TellTrouble{connect::Hindrance::rights_lost, since});
}

TEST_CASE("refresh: an end that was wrong can be undone") {
  Grant grant;
  grant.now += 2h;
  grant.fail(Meaning::grant_ended);
  REQUIRE(grant.is<Ended>());
  REQUIRE(grant.go(Revived{}));
  CHECK(grant.is<Fresh>());
  CHECK(grant.state.due == grant.now);
  CHECK_FALSE(grant.go(Revived{}));
}

TEST_CASE(
    "refresh: random answers in any order: only the provider's word ends, and nothing hangs") {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t n) { return static_cast<std::int64_t>(random() % n); };
    const bool word_given = seed % 3 == 0;
    Grant grant;
    grant.state.previous = below(2) == 1;
    for (int i = 0; i < 200; ++i) {
      grant.now += Millis{below(20) == 0 ? below(7'200'000) : below(90'000)};
      if (below(3) == 0) {
        grant.go(AccessAnswered{static_cast<Meaning>(below(10)),
                                below(3) + grant.state.revision - 1, below(2) == 1, below(10'000)});
        continue;
      }
      grant.ask(below(4) == 0 ? std::optional(grant.state.revision) : std::nullopt);
      for (int sent = 0; grant.did<Spend>(); ++sent) {
        REQUIRE(sent < 3);
        const auto meaning = static_cast<Meaning>(below(10));
        if (meaning == Meaning::alive) {
          grant.renew(below(2) == 1);
          continue;
        }
        NotRenewed failure;
        failure.me = "me";
        failure.meaning =
            meaning == Meaning::grant_ended && !word_given ? Meaning::unreadable : meaning;
        failure.of_previous = sent > 0;
        failure.maybe_done = below(2) == 1;
        if (below(5) == 0) failure.retry_after = Millis{below(10'000'000)};
        failure.dice = below(10'000);
        grant.go(failure);
      }
      INFO("seed " << seed << ", event " << i);
      REQUIRE((word_given || !grant.is<Ended>()));
    }
    if (grant.is<Ended>()) continue;
    // The provider is well again: within what it may be held back, a token is to be had.
    grant.now += policy::longest_wait + policy::longest_pause;
    grant.ask();
    if (grant.did<Spend>()) grant.renew();
    grant.ask();
    CHECK(grant.did<Serve>());
  }
}

}  // namespace rekey::refresh::refresh_test
