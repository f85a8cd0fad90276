// How far an import is: its total, and how long it will still take.
#pragma once

#include <optional>
#include <vector>

#include "core/import/state.hpp"

namespace rekey::web {

struct Total {
  std::int64_t done = 0;      ///< records read
  std::int64_t expected = 0;  ///< records there are, guessed where the provider has not said yet
  int lists_done = 0, lists = 0;
  double share() const;  ///< 0 to 1
};

Total total_of(const std::vector<imports::Progress>& progress);
/// The progress of an import in whatever phase it is; null where there is none.
const std::vector<imports::Progress>* progress_of(const imports::State& state);

/// Says how fast an import is, and how long it will take, from how it went while we watched.
class Estimate {
 public:
  /// To be told of every state that arrives.
  void observe(const imports::State& state, Instant now);
  /// The time left, or nothing while there is too little to go by.
  std::optional<Millis> left(const imports::State& state, Instant now) const;
  /// Records read a minute, lately; nothing while there is too little to go by.
  std::optional<std::int64_t> a_minute(Instant now) const;
  /// Records read a second, in slices of time of the same length, oldest first; of the run that is
  /// or was watched, without the slice that has not ended yet.
  std::vector<double> pace(Instant now) const;

 private:
  std::size_t slice_of(Instant now) const;

  std::int64_t run_ = -1;
  Instant since_{};
  std::int64_t done_then_ = 0, done_last_ = 0;
  Millis slice_{1000};                ///< doubles when there would be too many
  std::vector<std::int64_t> slices_;  ///< records read in each
};

}  // namespace rekey::web
