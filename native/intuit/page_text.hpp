// The rows of a page, straight out of the text of an answer.
#pragma once

#include <optional>
#include <string_view>

#include "native/accounting/system.hpp"

namespace rekey::intuit {

/// The rows of the list `name` in the body of an answer, byte for byte as `page_of` gives them (it
/// makes a value of the whole answer first, which takes several times as long and as much memory).
/// None: this is not the usual form of an answer, something in it is to be set aside, or it is no
/// JSON; `page_of` is to judge it.
std::optional<accounting::Page> page_in(std::string_view body, std::string_view name);

}  // namespace rekey::intuit
