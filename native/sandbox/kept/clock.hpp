// The time in the sandbox, which can be moved on.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

#include "core/time.hpp"
#include "native/sandbox/kept/keep.hpp"

namespace rekey::sandbox {

/// The time that it was told, plus what was asked to pass. Thread-safe.
class Clock {
 public:
  explicit Clock(std::function<Instant()> told) : told_(std::move(told)) {}

  Instant now() const { return told_() + ahead(); }
  /// How much was asked to pass.
  Millis ahead() const { return Millis{ahead_ms_.load()}; }
  void advance(Millis time);

  /// Gives back what was kept.
  void restore(const nlohmann::json& body) { ahead_ms_ = body.get<std::int64_t>(); }
  /// Tells of every change ("clock") from now on.
  void keep_with(Keep keep) { keep_ = std::move(keep); }

 private:
  const std::function<Instant()> told_;
  std::atomic<std::int64_t> ahead_ms_{0};
  Keep keep_;
};

}  // namespace rekey::sandbox
