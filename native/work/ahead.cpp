#include "native/work/ahead.hpp"

#include <algorithm>

#include "native/vault/random.hpp"

namespace rekey::work {

Millis jitter(Millis most) {
  const auto bytes = vault::random_bytes(4);
  std::uint32_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return Millis{static_cast<std::int64_t>(number) * most.count() / 0xffff'ffffLL};
}

Instant idle_due(const connect::Lifetimes& lifetimes, Instant now) {
  constexpr Millis unknown = std::chrono::hours{24};
  const Millis third = lifetimes.refresh_expires
                           ? std::max(Millis{0}, *lifetimes.refresh_expires - now) / 3
                           : unknown;
  return now + third - jitter(third / 5);
}

Instant next_warning(Instant end, Instant now) {
  for (const auto each : warnings)
    if (now < end - each) return end - each;
  return end;
}

store::Renewal renewal_of(const connect::Lifetimes& lifetimes, Instant now) {
  store::Renewal out{
      lifetimes.access_expires, lifetimes.access_expires - now, idle_due(lifetimes, now), {}};
  if (!lifetimes.hard_expires) return out;
  // Already nearer than the first warning: it is told at once.
  const auto first = *lifetimes.hard_expires - warnings[0];
  out.warn = std::max(now, first);
  return out;
}

}  // namespace rekey::work
