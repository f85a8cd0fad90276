// Texts of rows that may hold anything: numbers for texts, null, lists where an object is expected.
#pragma once

#include <string>
#include <string_view>

#include "core/wire/json.hpp"

namespace rekey::intuit {

/// How long a text of a record may be, in bytes. QuickBooks takes 500 characters for a name, of at
/// most four bytes each.
inline constexpr std::size_t longest_text = 2048;

/// The member of an object; null when it is no object, or has none.
const wire::Json* member_of(const wire::Json& json, const char* name);

/// At most `longest_text` bytes of a text, and no half of a character at its end.
std::string cut(std::string text);

/// A value as a person reads it: a text without blanks around it and without control characters,
/// a number or a boolean as it is written; everything else is empty. Cut to `longest_text`.
std::string readable(const wire::Json* value);

/// The member of an object, and the one of an object within it.
std::string readable(const wire::Json& row, const char* name);
std::string readable(const wire::Json& row, const char* outer, const char* inner);

/// Whether a member says yes or no, also where that is written as a text or a number.
bool says(const wire::Json& json, const char* name, bool if_unclear);

/// Without what QuickBooks adds to the name of what is not active any more: " (deleted)".
std::string without_deleted(std::string name);

}  // namespace rekey::intuit
