// What an import reads of a list.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/wire/json.hpp"

namespace rekey::imports {

/// One row of a list, as the accounting system gave it. It is kept as it came: only the accounting
/// system itself reads more of it than the id.
struct Row {
  std::string id;  ///< in its list
  wire::Json body;
};

/// Why what stands in a list cannot be kept as a row of it.
enum class Unfit {
  no_object,  ///< it is null, a text, a number or a list
  no_id,      ///< or one that is no text and no number
};
constexpr std::array<std::string_view, 2> names_of(Unfit) {
  return {"no_object", "no_id"};
}

}  // namespace rekey::imports
