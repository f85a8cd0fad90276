// What is done about changes that the provider told of.
#pragma once

#include <cstdint>

#include "native/store/change_notices.hpp"
#include "native/work/driver.hpp"
#include "native/work/provider_clients.hpp"

namespace rekey::work {

/// Reads what changed in the company of a connection since that was last known, and puts it in the
/// place of what was imported; gives how many rows are others than before. Has an import begun for
/// lists that were told of and whose changes the provider does not tell one by one; while one is
/// under way already, it fails with a time to try again. Nothing is done where no settings are in
/// use: an import reads them. Driver and clients must outlive it.
async::Task<accounting::Read<std::int64_t>> follow_changes(Driver& driver,
                                                           const ProviderClients& clients,
                                                           store::ChangesToRead told);

}  // namespace rekey::work
