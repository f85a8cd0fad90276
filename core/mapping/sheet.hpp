// Mappings as a table for spreadsheets: written so that they open rightly, and read back exactly.
#pragma once

#include "core/mapping/configuration.hpp"

namespace rekey::mapping {

/// A text that no spreadsheet takes for a formula: one that begins with a sign that begins formulas
/// (= + - @, a tab or a line break; OWASP, "CSV Injection") is given an apostrophe before it. So is
/// each part of it after a semicolon, a tab or a line break that begins with one of the first four:
/// a spreadsheet that parts cells there, as in languages with a decimal comma, makes a cell of it.
/// Apostrophes, quotes and spaces may stand before the sign.
std::string defused(std::string_view text);
/// The text that `defused` made it of; others stay as they are.
std::string undefused(std::string text);

/// A line of the table: one of the host's records, and what is chosen for it; none: undecided.
struct SheetLine {
  Section section = Section::accounts;
  std::string name;  ///< of the host's record: for people, it is not read back
  std::string ours;
  std::optional<Choice> choice;
  bool operator==(const SheetLine&) const = default;
};

/// The byte order mark that tells spreadsheets it is UTF-8, and the names of the columns.
std::string sheet_head();
/// A line as a row, with its line break (RFC 4180).
std::string sheet_row(const SheetLine& line);

/// A row that cannot be read, counting from 1 after the header, and the column that is wrong.
struct SheetFault {
  std::int64_t row = 0;
  std::string column;
  bool operator==(const SheetFault&) const = default;
};
/// A table as it was read: where there are faults, nothing of it should be taken.
struct Sheet {
  std::vector<SheetLine> lines;
  std::vector<SheetFault> faults;  ///< at most a hundred
};

/// Reads such a table, as spreadsheets write it back (any usual encoding and separator). Columns
/// are found by their names; `section` and `id` are needed. Without a `decision`, a counterpart is
/// chosen where one is named; a line that says neither is left out. Fails on what is no table, or
/// has not the columns.
Result<Sheet> read_sheet(std::string_view bytes);

}  // namespace rekey::mapping
