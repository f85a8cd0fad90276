// The tables, and how an older database is brought up to date.
#pragma once

#include <cstdint>
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
/// How many bytes were written to an SQLite file since `overwrite_deleted`, by any process, or
/// fewer where it was very much. 0 on PostgreSQL. Keeps nobody waiting.
std::int64_t log_size(Database& db);

/// How large an SQLite file is, with its log emptied, in bytes; 0 on PostgreSQL.
std::int64_t file_size(Database& db);
/// Writes an SQLite file anew, without what stands in the unused room of its pages: where rows were
/// moved between pages, `secure_delete` leaves copies that no row points to. Others cannot write
/// meanwhile. False: it could not be done just now, also for want of room on the disk.
bool rewrite_file(Database& db);

}  // namespace rekey::store
