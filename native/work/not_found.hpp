// That a connection or tenant is not there (any more). A type of its own: what catches it gives
// tokens away to be revoked, which no other error may lead to.
#pragma once

#include <stdexcept>

namespace rekey::work {

/// There is no such connection or tenant; the words name it.
struct NotFound : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace rekey::work
