// Texts compared and written without regard to case. Only ASCII letters have one here.
#pragma once

#include <string>
#include <string_view>

namespace rekey::sandbox {

/// ASCII letters small; all else as it is.
std::string lower_case(std::string_view text);

/// Whether two texts are the same but for ASCII case.
bool same_ignoring_case(std::string_view a, std::string_view b);

}  // namespace rekey::sandbox
