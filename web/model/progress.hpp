// How far an import is: its total, and how long it will still take.
#pragma once

#include <optional>

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

/// Says how long an import will take from how fast it went while we watched.
class Estimate {
 public:
  /// To be told of every state that arrives.
  void observe(const imports::State& state, Instant now);
  /// The time left, or nothing while there is too little to go by.
  std::optional<Millis> left(const imports::State& state, Instant now) const;

 private:
  std::int64_t run_ = -1;
  Instant since_{};
  std::int64_t done_then_ = 0;
};

}  // namespace rekey::web
