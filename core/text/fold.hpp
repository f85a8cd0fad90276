// Brings texts of any script into one plain spelling, so that what people write differently
// compares as equal.
#pragma once

#include <string>
#include <string_view>

namespace rekey::text {

/// The words of a text, in small letters and one space apart: compatibility decomposition and case
/// folding by the Unicode standard (UAX #15, by utf8proc), without accents, with Latin letters for
/// Cyrillic and Greek ones and for Latin letters that have no accent to lose (ø, ł, þ …). Signs
/// part words; apostrophes, and dots between single letters ("S.A."), do not. Vowel signs of
/// scripts that are read by them stay. Bytes that are not UTF-8 are taken as Latin-1, so any bytes
/// have a result. The same natively and in WebAssembly, and without locale.
std::string fold(std::string_view text);

/// The code points of a text, read as `fold` reads it.
std::u32string code_points(std::string_view text);
/// UTF-8 of code points.
std::string utf8(std::u32string_view points);

}  // namespace rekey::text
