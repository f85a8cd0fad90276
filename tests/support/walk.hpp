// A connection that a test leads step by step, with its clock.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include "tests/support/history_maker.hpp"
#include "tests/support/print.hpp"

namespace rekey::test {

template <class T, class Variant>
struct is_phase_of;
template <class T, class... P>
struct is_phase_of<T, std::variant<P...>> : std::disjunction<std::is_same<T, P>...> {};

/// Leads one connection. `go` demands that an event is possible, `refused` that it is not.
class Walk {
 public:
  State state;
  Instant now = from_ms(1'790'000'000'000);
  /// Everything that was tried, as a stored history; refused events too.
  std::string history;

  /// Takes a step that must be possible, and gives its effects.
  Effects go(const Event& event) {
    const Step taken = take(event);
    INFO("state " << line(state) << " event " << line(event));
    REQUIRE(!taken.refused.has_value());
    state = taken.next;
    return taken.effects;
  }
  /// Takes a step that must be refused, and gives why; nothing may have changed.
  Refusal refused(const Event& event) {
    const Step taken = take(event);
    INFO("state " << line(state) << " event " << line(event));
    REQUIRE(taken.refused.has_value());
    REQUIRE(taken.next == state);
    REQUIRE(taken.effects.empty());
    return *taken.refused;
  }
  void wait(Millis time) { now += time; }
  /// Lets the clock run to the next deadline, and tells the connection.
  Effects wait_until_due() {
    const auto when = due(state);
    REQUIRE(when.has_value());
    now = *when;
    return go(TimeReached{});
  }

  template <class P>
  const P& is() const {
    INFO("state " << line(state));
    const P* phase = nullptr;
    if constexpr (is_phase_of<P, connect::Phase>::value)
      phase = std::get_if<P>(&state.connect.phase);
    else if constexpr (is_phase_of<P, imports::Phase>::value)
      phase = std::get_if<P>(&state.import.phase);
    else
      phase = std::get_if<P>(&state.save.phase);
    REQUIRE(phase != nullptr);
    return *phase;
  }

  // The ways that every scenario needs -----------------------------------------------------------

  std::string press_connect() {
    const auto attempt = "attempt-" + std::to_string(++attempts_);
    CHECK(go(connect::ConnectPressed{attempt, now + std::chrono::minutes{10}}) ==
          Effects{Redirect{attempt}});
    return attempt;
  }
  connect::Lifetimes lifetimes() const {
    return {now + std::chrono::hours{1}, now + std::chrono::hours{24 * 101},
            now + std::chrono::hours{24 * 365 * 5}};
  }
  /// From Connect to the grant being proved; gives its version.
  std::int64_t sign_in() {
    const auto attempt = press_connect();
    const auto version = state.connect.versions + 1;
    CHECK(go(connect::CallbackArrived{attempt}) == Effects{ExchangeCode{attempt, version}});
    CHECK(go(connect::GrantReceived{version, lifetimes()}) == Effects{ProveCompany{version}});
    return version;
  }
  /// The whole sign-in, to a linked company.
  std::int64_t link(const connect::Company& company) {
    const auto version = sign_in();
    go(connect::CompanyProved{version, company});
    is<connect::Linked>();
    return version;
  }
  /// Every entity, in one page each.
  void import_all() {
    for (const auto each : imports::current_plan())
      go(imports::PageImported{state.import.run, each, 10, 10, true});
    is<imports::Done>();
  }

 private:
  Step take(const Event& event) {
    history += history_line(++taken_, {now, event});
    return step(state, event, now);
  }
  int attempts_ = 0;
  int taken_ = 0;
};

inline const connect::Company alder{"9130340001", "Alder Works"};
inline const connect::Company birch{"9130340002", "Birch & Sons"};

}  // namespace rekey::test
