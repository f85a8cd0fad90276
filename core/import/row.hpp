// What an import reads of a list.
#pragma once

#include <string>

#include "core/wire/json.hpp"

namespace rekey::imports {

/// One row of a list, as the accounting system gave it. It is kept as it came: only the accounting
/// system itself reads more of it than the id.
struct Row {
  std::string id;  ///< in its list
  wire::Json body;
};

}  // namespace rekey::imports
