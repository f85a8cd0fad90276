// The master keys that the database knows: its contents are, or were, sealed under them.
#pragma once

#include <string>
#include <vector>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

struct KnownMasterKey {
  std::string id;
  std::string proof;  ///< `vault::Vault::proof_of`
  Instant added{};    ///< when it began to be used
};

/// All of them, in the order in which they began to be used.
std::vector<KnownMasterKey> known_master_keys(Database& db);
/// Puts one down as the one that is used from now on.
void know_master_key(Database& db, const KnownMasterKey& key);
/// False: there was none of this id.
bool forget_master_key(Database& db, const std::string& id);

}  // namespace rekey::store
