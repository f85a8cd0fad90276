// The fields of a record as one text of a table.
#pragma once

#include <string>

#include "core/mapping/configuration.hpp"

namespace rekey::store {

/// JSON of everything in a record but id, name, detail and `active`; empty when all of that is.
/// The same fields always give the same text.
std::string fields_text(const mapping::Record& record);

/// A record with the fields of such a text. Throws DatabaseError on what `fields_text` never
/// writes.
mapping::Record with_fields(mapping::Record record, const std::string& text);

}  // namespace rekey::store
