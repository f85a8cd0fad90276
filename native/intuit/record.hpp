// What the rows of the accounting API are to people.
#pragma once

#include "core/import/entity.hpp"
#include "core/mapping/configuration.hpp"

namespace rekey::intuit {

/// A row of a list, read as a record that can be chosen.
mapping::Record record_of(imports::Entity entity, const wire::Json& row);

}  // namespace rekey::intuit
