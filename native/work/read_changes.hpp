// Keeps what was imported in step: reads what changed since, and applies it.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "native/store/imported.hpp"
#include "native/work/tokens.hpp"

namespace rekey::work {

/// What changed in lists of a company, by list; empty: nothing is to be applied.
struct CompanyChanges {
  std::map<imports::Entity, std::vector<store::ListChange>> lists;
  std::optional<Instant> time{};  ///< the provider's time up to which they are known
};

/// Applies them in the caller's transaction, all at once. Gives how many rows are others than
/// before.
std::int64_t apply_company_changes(store::Database& db, const std::string& connection,
                                   const std::string& realm_id, const CompanyChanges& changes,
                                   Instant now);

/// What a look for changes found.
struct ChangesFound {
  CompanyChanges changes;
  std::vector<imports::Entity> to_read;  ///< lists whose changes are not known: they are to be read
};
/// Asks what changed in these lists since they were last known. A failure of the call is given, and
/// nothing is applied.
async::Task<accounting::Read<ChangesFound>> find_changes(Driver& driver,
                                                         const ProviderClients& clients,
                                                         Tokens tokens, Owner owner,
                                                         std::int64_t version,
                                                         std::vector<imports::Entity> entities);

/// What came of reading changes.
struct ChangesRead {
  std::int64_t changed = 0;              ///< rows that are others than before
  std::vector<imports::Entity> to_read;  ///< an import is needed for these
};
/// Reads what changed in all lists of a company that is linked and imported, and applies it in one
/// transaction. It is no event of the connection: the state of its import stays as it is, and what
/// it changed is found by `changed` (store/imported.hpp). Called when the provider says that
/// something changed, and after an import, for what changed while that went on. None: the
/// connection has no company whose settings are in use.
async::Task<accounting::Read<std::optional<ChangesRead>>> read_changes(
    Driver& driver, const ProviderClients& clients, Tokens tokens, std::string connection);

}  // namespace rekey::work
