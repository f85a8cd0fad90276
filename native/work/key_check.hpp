// Checks that the master keys given are those that the database is sealed under.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "core/wire/actor.hpp"
#include "native/store/database.hpp"
#include "native/vault/vault.hpp"

namespace rekey::work {

/// How many data keys are wrapped by each master key, by its id.
std::map<std::string, std::int64_t> data_keys_by_master_key(store::Database& db);

/// What is wrong with some master keys.
struct KeyFault {
  std::string sentence;   ///< for the operator; it has the words "master key"
  bool may_seal = false;  ///< one of them is known to the database: what they seal can be opened
  std::string reason;     ///< in a word, for the audit: `other_key`, `damaged`, `missing`, `behind`
};

/// Holds the ids of master keys against what is in the database: nothing when the database is
/// fresh, or when they open all that is in it and no other server uses a newer one. Reads each data
/// key, so it is for a start and for changes.
std::optional<KeyFault> fault_of_keys(store::Database& db, const vault::Vault& vault,
                                      const std::vector<std::string>& ids);

/// The same in a transaction of its own; where something may be sealed under these keys, the first
/// of them is known to the database from then on as the one in use, and the audit has it.
std::optional<KeyFault> check_keys(store::Database& db, const vault::Vault& vault,
                                   const std::vector<std::string>& ids, Instant now);

/// Puts into the audit that these keys were refused. What was put there a moment ago is not
/// repeated: a service that does not start is started again and again.
void note_refused_keys(store::Databases& databases, const KeyFault& fault,
                       const std::vector<std::string>& ids, const wire::Actor& actor, Instant now);

/// To be asked in the transaction that stores a new data key: makes sure that the database knows
/// the master key that the vault uses. Throws DatabaseError (Kind::sealed) when what is there is
/// sealed under others.
void need_known_key(store::Database& db, const vault::Vault& vault);

}  // namespace rekey::work
