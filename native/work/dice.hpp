// Random numbers, for rules that spread work out in time.
#pragma once

#include <cstdint>

#include "core/time.hpp"
#include "native/vault/random.hpp"

namespace rekey::work {

/// From 0 to 9999.
inline std::int64_t roll_dice() {
  const auto bytes = vault::random_bytes(4);
  std::uint32_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number % 10'000;
}

/// A random time of at most `most`.
inline Millis jitter(Millis most) {
  return most * roll_dice() / 10'000;
}

}  // namespace rekey::work
