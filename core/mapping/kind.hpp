// Whether a record of the host and one of the accounting system are of kinds that go together.
#pragma once

#include <string_view>

#include "core/mapping/section.hpp"

namespace rekey::mapping {

/// Whether what the host calls the kind of a record ("Revenue", "bank") may be mapped to a record
/// of that kind there ("Income", "Bank"). Of accounts only, and by the words that accounting has
/// for their types; a kind that is empty, or of no such word, goes with every other.
bool kinds_suit(Section section, std::string_view ours, std::string_view theirs);

}  // namespace rekey::mapping
