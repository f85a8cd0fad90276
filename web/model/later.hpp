// Calling something later, once: the browser's timer for a C++ callable.
#pragma once

#include <functional>

namespace rekey::web {

/// How long after an answer that did not come the same is asked again.
constexpr int retry_ms = 3000;

/// Calls once, after so many milliseconds.
void later(int milliseconds, std::function<void()> call);

}  // namespace rekey::web
