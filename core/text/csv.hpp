// Reads tables that people export from spreadsheets and other programs: CSV of any usual encoding
// and separator.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace rekey::text {

/// What a file says, in UTF-8: a byte order mark tells UTF-8 and UTF-16 apart; without one, zero
/// bytes tell UTF-16. Text that is not UTF-8 is Windows-1252; in one that is UTF-8 but for single
/// bytes, only these are. Any bytes have a result, and it is UTF-8.
std::string to_utf8(std::string_view bytes);

/// A table: its first row, and the others with as many cells each.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// Reads a table (RFC 4180) in UTF-8. The separator is the one of comma, semicolon, tab and bar
/// that stands most often in the first row, or the one that a line "sep=;" before it names. Cells
/// may be quoted, and then hold separators, line breaks and doubled quotes; spaces around a cell
/// are dropped; rows without content are left out; missing cells are empty, and those beyond the
/// header are dropped. Refused: no header, a quote that never ends, more than 256 columns, or more
/// rows than `most_rows`.
Result<Table> read_table(std::string_view text, std::size_t most_rows = 1'000'000);

/// A cell as it is written: in quotes where it must be.
std::string cell(std::string_view value);

}  // namespace rekey::text
