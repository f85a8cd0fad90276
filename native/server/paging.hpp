// Cursors: the place where a list goes on, as a text that means nothing to the caller.
#pragma once

#include <optional>
#include <string>

#include "core/result.hpp"
#include "core/wire/json.hpp"

namespace rekey::server {

/// The cursor after an item's key; null for none: the list is at its end.
wire::Json cursor_after(const std::string& key);
/// The key in a cursor; empty for none: from the beginning. Fails on what we never gave out.
Result<std::string> after_cursor(const std::optional<std::string>& cursor);
/// The same for keys that are numbers.
Result<std::int64_t> number_after_cursor(const std::optional<std::string>& cursor);

}  // namespace rekey::server
