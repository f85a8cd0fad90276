// The tables, and how an older database is brought up to date.
#pragma once

#include "native/store/database.hpp"

namespace rekey::store {

/// Makes or upgrades the tables, in one transaction. Throws DatabaseError when the database was
/// made by a newer version of the program.
void prepare_schema(Database& db);

}  // namespace rekey::store
