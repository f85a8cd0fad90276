// Finds the known name that an unknown one was probably meant to be.
#pragma once

#include <string_view>
#include <vector>

namespace rekey::text {

/// The index of the known name that takes the fewest changes of letters to become (Levenshtein,
/// capitals and the difference of '-', '_' and ' ' left aside); of several, the first that
/// begins with the name, or else the first. `known` must not be empty.
std::size_t nearest(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace rekey::text
