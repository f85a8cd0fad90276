// The host's directory, and what was imported.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/import/row.hpp"
#include "core/import/state.hpp"
#include "core/mapping/configuration.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// Replaces the tenant's directory as a whole.
void put_directory(Database& db, const std::string& tenant, const mapping::Records& records);
mapping::Records directory(Database& db, const std::string& tenant);

/// Keeps a page of imported rows; a row that was imported before is replaced. `from`: how many rows
/// of the entity there were before this page.
void put_imported(Database& db, const std::string& connection, const std::string& realm_id,
                  imports::Entity entity, std::int64_t run, std::int64_t from,
                  const std::vector<imports::Row>& rows);
/// Forgets what was imported of an entity, before its first page is kept anew.
void drop_imported(Database& db, const std::string& connection, const std::string& realm_id,
                   imports::Entity entity);
/// Reads a kept row as a record: what is in it, only the accounting system knows.
using RecordOf = std::function<mapping::Record(imports::Entity entity, const wire::Json& row)>;
/// The company's records that can be chosen, as they were imported last.
mapping::Records imported_records(Database& db, const std::string& connection,
                                  const std::string& realm_id, const RecordOf& record_of);
std::vector<mapping::Record> imported_terms(Database& db, const std::string& connection,
                                            const std::string& realm_id, const RecordOf& record_of);

}  // namespace rekey::store
