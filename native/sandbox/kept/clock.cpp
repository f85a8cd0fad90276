#include "native/sandbox/kept/clock.hpp"

namespace rekey::sandbox {

void Clock::advance(Millis time) {
  ahead_ms_ += time.count();
  if (keep_) keep_("clock", "ahead", ahead_ms_.load());
}

}  // namespace rekey::sandbox
