// Where a line of text may end: after spaces, and between the letters of scripts that have none.
#pragma once

#include <cstdint>
#include <string_view>

namespace rekey::web::text {

/// The code point at `at`, which then stands behind it; U+FFFD for a byte that is none.
std::uint32_t next_code_point(std::string_view words, std::size_t& at);

/// The end of the piece that begins at `at` and may not be broken, with the spaces or the line end
/// after it. Between two letters of Chinese, Japanese or Korean a line may end, but by the rules of
/// JIS X 4051 (kinsoku) none begins with what closes (、。」ー, small kana), none ends with what
/// opens, and a number stays with what is counted. Marks that keep a name apart stay with it.
std::size_t piece_end(std::string_view words, std::size_t at);

}  // namespace rekey::web::text
