// How long to wait before trying again.
#pragma once

#include "core/time.hpp"

namespace rekey::work {

/// How long to wait before try number `attempts` + 1: one second, doubled each time, at most a
/// minute.
Millis backoff(int attempts);

}  // namespace rekey::work
