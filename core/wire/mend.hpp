// JSON of others that is not quite JSON: what is wrong with a character costs that character, and
// not the whole answer.
#pragma once

#include <string>
#include <string_view>

#include "core/wire/json.hpp"

namespace rekey::wire {

/// JSON that was read after all.
struct Mended {
  Json json;
  bool mended = false;  ///< characters were replaced (U+FFFD): `is_mended` finds where
};

/// Parses a text as `parse` does. Where that fails, the bytes within strings that are no UTF-8
/// (RFC 3629) and the escapes of half a surrogate pair (RFC 8259 8.2) are replaced by U+FFFD,
/// control characters and backslashes that begin no escape by their escapes, and it is tried once
/// more.
Result<Mended> parse_mended(std::string_view text, std::string_view what);

/// The text with that done to it. Outside of strings nothing is changed. Empty: there was nothing
/// to do.
std::string mend(std::string_view text);

/// Whether a character was replaced in a value that was parsed out of a mended text.
bool is_mended(const Json& value);

}  // namespace rekey::wire
