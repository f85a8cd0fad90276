// The changes that the backend does not have yet, as the tab keeps them through a reload.
#pragma once

#include "web/model/visit.hpp"

namespace rekey::web {

/// Keeps the changes that were not confirmed yet, in the tab; none: forgets what was kept.
void keep_unsent(const Visit& visit);
/// How many changes of this connection's page have not reached the backend.
std::int64_t count_unsent(const Visit& visit);
/// Takes changes that were kept, in a configuration not shown yet: they go on as if made now. Only
/// changes for that company.
void restore_unsent(Visit& visit);

}  // namespace rekey::web
