// The host's directory.
#pragma once

#include <string>
#include <vector>

#include "core/mapping/configuration.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// Replaces the tenant's directory as a whole.
void put_directory(Database& db, const std::string& tenant, const mapping::Records& records);
mapping::Records directory(Database& db, const std::string& tenant);

}  // namespace rekey::store
