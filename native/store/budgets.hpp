// How often a company's accounting API may still be called, shared by all processes.
#pragma once

#include <string>

#include "core/budget.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// What stands for a company: nothing that names it.
std::string budget_key(const std::string& integration, const std::string& realm_id);

/// The budget of a company, in the caller's transaction; all of it where nothing is known.
budget::State read_budget(Database& db, const std::string& key);
void put_budget(Database& db, const std::string& key, const budget::State& state, Instant now);

}  // namespace rekey::store
