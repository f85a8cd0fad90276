// Calling something later, once: the browser's timer for a C++ callable.
#pragma once

#include <functional>

namespace rekey::web {

/// Calls once, after so many milliseconds.
void later(int milliseconds, std::function<void()> call);

}  // namespace rekey::web
