// The accounting systems that the program can work with.
#pragma once

#include "native/accounting/integration.hpp"

namespace rekey {

/// All of them. A new one is a line in integrations.cpp.
accounting::Integrations integrations();

}  // namespace rekey
