// Texts as they are searched and sorted by.
#pragma once

#include <string>
#include <string_view>

#include "core/mapping/configuration.hpp"

namespace rekey::store {

/// The words of a text in small letters, one space apart.
std::string folded(std::string_view text);
/// What a record is sorted and found by: its name, and then what else people know it by.
std::string folded(const mapping::Record& record);

}  // namespace rekey::store
