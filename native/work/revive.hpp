// Undoes the end of a grant whose tokens are kept.
#pragma once

#include "native/work/driver.hpp"

namespace rekey::work {

/// Makes the kept grant of a connection the live one again; it is due to be renewed at once, which
/// shows whether it lives. By the operator. False: the state has changed meanwhile.
bool revive(Driver& driver, const store::StoredConnection& connection);

}  // namespace rekey::work
