// The tables of a PostgreSQL database. Included by schema.cpp only.
#pragma once

#include "native/store/database.hpp"

namespace rekey::store {

/// 0: there are none yet.
std::int64_t postgres_version(Database& db);
/// Makes or upgrades them, in the caller's transaction.
void upgrade_postgres(Database& db, std::int64_t from);

}  // namespace rekey::store
