// What the rows of the accounting API are to people.
#pragma once

#include "core/import/entity.hpp"
#include "core/mapping/configuration.hpp"
#include "native/accounting/system.hpp"

namespace rekey::intuit {

/// A row of a list, read as a record that can be chosen. It takes whatever a row may hold: what
/// cannot be read is empty, and a missing name is made of what there is, or says in words that
/// there is none. `lists`: where tax codes find their rates.
mapping::Record record_of(imports::Entity entity, const wire::Json& row,
                          const accounting::SmallLists& lists = {});

}  // namespace rekey::intuit
