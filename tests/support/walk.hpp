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
  Effects go(const Event& event);
  /// Takes a step that must be refused, and gives why; nothing may have changed.
  Refusal refused(const Event& event);
  void wait(Millis time) { now += time; }
  /// Lets the clock run to the next deadline, and tells the connection.
  Effects wait_until_due();

  /// The phase of the machine it belongs to, which must be this one.
  template <class P>
  const P& is() const {
    const P* phase = nullptr;
    if constexpr (is_phase_of<P, connect::Phase>::value)
      phase = std::get_if<P>(&state.connect.phase);
    else if constexpr (is_phase_of<P, imports::Phase>::value)
      phase = std::get_if<P>(&state.import.phase);
    else
      phase = std::get_if<P>(&state.save.phase);
    must_stand(phase != nullptr);
    return *phase;
  }

  // The ways that every scenario needs -----------------------------------------------------------

  std::string press_connect();
  connect::Lifetimes lifetimes() const;
  /// From Connect to the grant being proved; gives its version.
  std::int64_t sign_in();
  /// The whole sign-in, to a linked company.
  std::int64_t link(const connect::Company& company);
  /// Every entity, in one page each.
  void import_all();

 private:
  Step take(const Event& event);
  void must_stand(bool is_so) const;

  int attempts_ = 0;
  int taken_ = 0;
};

inline const connect::Company alder{"9130340001", "Alder Works"};
inline const connect::Company birch{"9130340002", "Birch & Sons"};

}  // namespace rekey::test
