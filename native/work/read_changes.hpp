// Reads what the provider says has changed, and puts it in the place of what was imported.
#pragma once

#include <cstdint>

#include "native/store/change_notices.hpp"
#include "native/work/driver.hpp"
#include "native/work/provider_clients.hpp"

namespace rekey::work {

/// How many imported rows are others than before, or why they could not be read.
using ChangesRead = accounting::Read<std::int64_t>;

/// Reads these records with the connection's grant. Lists that were never imported are left alone;
/// one that is noted as a whole leads to an import. A record counts as gone when it was asked for
/// alone and was not there. Fails with `grant_ended` when there is no grant to read with. Driver
/// and clients must outlive it.
async::Task<ChangesRead> read_changes(Driver& driver, const ProviderClients& clients,
                                      store::ChangesToRead changes);

}  // namespace rekey::work
