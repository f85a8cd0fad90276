// Random histories of a connection, the same for the same seed on every machine: mostly what people
// and providers would do, with late, repeated, foreign and senseless events in between.
#pragma once

#include <cstdint>
#include <string>

#include "core/connection.hpp"

namespace rekey::test {

/// A small generator of our own, since the standard's distributions differ between libraries.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// A number from 0 up to but not including `limit`.
  std::int64_t below(std::int64_t limit);
  bool one_in(std::int64_t chances) { return below(chances) == 0; }

 private:
  std::uint64_t state_;
};

/// An event and when it happens.
struct Happening {
  Instant at{};
  Event event;
};

/// Thinks of what happens next.
class HistoryMaker {
 public:
  explicit HistoryMaker(std::uint64_t seed) : dice_(seed) {}
  /// Something that may happen in this state, likely or not. Attempts are never used again once
  /// given out, as clients; everything else may come twice, late or wrong.
  Happening next(const State& state);

 private:
  Event likely(const State& state);
  Event answer_of(const connect::Revocation& revocation);
  Event likely_link(const connect::State& state);
  Event likely_import(const imports::State& state);
  imports::Plan some_plan();
  Event anything(const State& state);
  std::string new_attempt();
  std::string some_attempt(const State& state);
  std::int64_t some_version(const State& state);
  connect::Company some_company();
  connect::Lifetimes some_lifetimes();
  template <class E>
  E some();

  Dice dice_;
  Instant now_ = from_ms(1'790'000'000'000);
  int attempts_ = 0;
};

/// A line of a history in the form that `rekey replay` reads.
std::string history_line(std::int64_t seq, const Happening& happening);

/// A whole history of so many events; refused ones are in it too.
std::string make_history(std::uint64_t seed, int events);

}  // namespace rekey::test
