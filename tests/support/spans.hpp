// Spans of time that makers of histories count in.
#pragma once

#include "core/time.hpp"

namespace rekey::test {

inline constexpr Millis one_second = std::chrono::seconds{1};
inline constexpr Millis one_day = std::chrono::hours{24};

}  // namespace rekey::test
