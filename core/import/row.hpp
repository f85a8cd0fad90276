// What an import reads of a list.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rekey::imports {

/// One row of a list, as the accounting system gave it. It is kept as it came: only the accounting
/// system itself reads more of it than the id.
struct Row {
  std::string id;  ///< in its list
  std::string
      body;  ///< JSON; as text, because lists are long, and parsed JSON takes many times as much
};

/// Why what stands in a list cannot be kept as a row of it.
enum class Unfit {
  no_object,  ///< it is null, a text, a number or a list
  no_id,      ///< or one that is no text and no number
};
constexpr std::array<std::string_view, 2> names_of(Unfit) {
  return {"no_object", "no_id"};
}

/// What stands in a list and is no row.
struct Misfit {
  std::int64_t at = 0;  ///< its place in what was read, from 0
  Unfit reason = Unfit::no_object;
  std::string name = {};  ///< what it is called, if that can be read: for people to find it by
};

}  // namespace rekey::imports
