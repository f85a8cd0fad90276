// What a row is called, and what its box offers.
#pragma once

#include "web/model/mapping.hpp"

namespace rekey::web {

/// A row of a line, without its title.
MappingRow row_of(mapping::Section section, wire::ConfigurationLine line);
/// Names rows. Names that occur twice among them get their path and detail, or where that does not
/// help, their id.
void name_rows(std::vector<MappingRow>& rows);
/// Makes the options of an open box, of its row and what was found for the typed words.
void make_options(OpenOptions& open, const wire::ConfigurationLine& line);

}  // namespace rekey::web
