// What a view remembers of itself: what is looked at, and what was asked in passing. Nothing of it
// outlives the page.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/mapping/section.hpp"

namespace rekey::web::view {

struct Looks {
  /// What gets the focus, and with it comes into sight, as soon as it is drawn.
  bool to_pane = false, to_problems = false, to_save = false;
  std::optional<mapping::Section> to_section = {};
  /// The first row of this section gets it, once it is read.
  std::optional<mapping::Section> to_open = {};
  std::string to_line = {};  ///< the host's record; in the section that is selected

  bool languages_open = false;
  /// The row that is looked at beside what it may be: its section and the host's record.
  std::optional<std::pair<mapping::Section, std::string>> compared = {};

  bool help_open = false;
  bool giving_up = false;       ///< whether the import is to be given up is asked
  bool problems_shown = false;  ///< the person was led to what keeps Save from being done
  bool saved_closed = false;    ///< the words after Save were read and closed
  bool sheet_asked = false;     ///< whether a file may replace choices is asked
  std::int64_t toasted = 0;     ///< the newest change that a toast told of
  std::int64_t toast = 0;       ///< the change that one tells of now; 0: none
  /// The results that were said last, of each section.
  std::array<std::string, mapping::all_sections.size()> said = {};
};

Looks& looks();

}  // namespace rekey::web::view
