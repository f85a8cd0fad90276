// Texts of both directions beside each other (UAX #9): names from outside must not turn around the
// sentence that they stand in.
#pragma once

#include <string>
#include <string_view>

namespace rekey::text {

/// Whether texts in this language ("ar", "he-IL") run from right to left.
bool is_right_to_left(std::string_view language);

/// Whether a text has anything that can change the direction of what stands beside it: letters of a
/// script that runs from right to left, or marks of direction.
bool turns_around(std::string_view text);

/// The value between U+2068 and U+2069, which keep its direction to itself; marks of direction
/// that it brings along are taken out, so that it cannot end its isolation.
std::string isolated(std::string_view value);

}  // namespace rekey::text
