#include "native/sandbox/accounting/limits.hpp"

namespace rekey::sandbox {

LimitRules Limits::rules() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

void Limits::set(LimitRules rules) {
  const std::lock_guard lock(mutex_);
  rules_ = rules;
}

bool Limits::has_room(Window& window, std::size_t limit, Millis span, Instant now) {
  while (!window.empty() && window.front() + span <= now) window.pop_front();
  return limit == 0 || window.size() < limit;
}

bool Limits::admit(const std::string& realm, const std::string& client, bool batch, Instant now) {
  const std::lock_guard lock(mutex_);
  const std::string pair = realm + " " + client;
  Window& minute = minutes_[realm];
  Window& second = seconds_[pair];
  Window& batches = batches_[pair];
  const bool fits =
      has_room(minute, rules_.per_minute, std::chrono::minutes{1}, now) &&
      has_room(second, rules_.per_second, std::chrono::seconds{1}, now) &&
      (!batch || has_room(batches, rules_.batches_per_minute, std::chrono::minutes{1}, now));
  if (!fits) return false;
  // What is not limited need not be remembered.
  if (rules_.per_minute != 0) minute.push_back(now);
  if (rules_.per_second != 0) second.push_back(now);
  if (batch && rules_.batches_per_minute != 0) batches.push_back(now);
  return true;
}

}  // namespace rekey::sandbox
