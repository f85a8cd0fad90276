#include "native/work/backoff.hpp"

#include <algorithm>

namespace rekey::work {

Millis backoff(int attempts) {
  return std::min(Millis{1000} * (1 << std::clamp(attempts, 0, 6)), Millis{60'000});
}

}  // namespace rekey::work
