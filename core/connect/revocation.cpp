#include "core/connect/revocation.hpp"

#include <algorithm>

#include "core/connect/step.hpp"

namespace rekey::connect {

std::optional<Instant> next_try(Instant since, Instant now) {
  // A clock that was set back makes nothing younger than new.
  const auto age = std::max(now - since, Millis{0});
  for (const auto& each : revocation_pauses)
    if (age < each.until) return std::min(now + each.pause, since + revocation_time);
  return {};
}

std::optional<Instant> revoking_since(const State& state, std::int64_t version) {
  if (const auto* ending = std::get_if<Disconnecting>(&state.phase))
    if (ending->version == version) return ending->deadline - disconnect_time;
  const auto* known = revocation(state, version);
  if (!known || known->given_up) return {};
  return known->since;
}

}  // namespace rekey::connect
