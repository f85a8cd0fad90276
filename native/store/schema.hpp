// The tables, and how an older database is brought up to date.
#pragma once

#include <string>
#include <vector>

#include "native/store/database.hpp"

namespace rekey::store {

/// Makes or upgrades the tables, in one transaction. Throws DatabaseError when the database was
/// made by a newer version of the program.
void prepare_schema(Database& db);

/// The tables that have a column of this name, by their names.
std::vector<std::string> tables_with(Database& db, const std::string& column);

/// What was deleted from an SQLite file stands in its write-ahead log too, until that begins anew:
/// begins it anew. False: it could not be done just now. On PostgreSQL that is the server's matter
/// (docs/operating.md).
bool overwrite_deleted(Database& db);

}  // namespace rekey::store
