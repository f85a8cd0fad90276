// How often the accounting API may be asked: Intuit's limits, counted over sliding windows.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "core/time.hpp"

namespace rekey::sandbox {

/// 0 switches a limit off.
struct LimitRules {
  std::size_t per_minute = 500;         ///< requests for a company
  std::size_t per_second = 0;           ///< requests of one application for a company
  std::size_t batches_per_minute = 40;  ///< batches of one application for a company
};

/// Thread-safe.
class Limits {
 public:
  explicit Limits(LimitRules rules) : rules_(rules) {}
  LimitRules rules() const;
  void set(LimitRules rules);

  /// Whether one more request is within all limits; one that is refused does not count.
  bool admit(const std::string& realm, const std::string& client, bool batch, Instant now);

 private:
  using Window = std::deque<Instant>;
  /// Whether there is room for one more within `span`, when `limit` are allowed.
  static bool has_room(Window& window, std::size_t limit, Millis span, Instant now);

  mutable std::mutex mutex_;
  LimitRules rules_;
  std::map<std::string, Window> minutes_, seconds_, batches_;
};

}  // namespace rekey::sandbox
