// The made-up records of the pretended company: nobody's names, overlapping as real ones do.
#pragma once

#include "core/import/state.hpp"
#include "core/mapping/configuration.hpp"

namespace rekey::web::offline {

/// The host's own records.
const mapping::Records& ours();
/// The accounting system's records.
const mapping::Records& theirs();
const std::vector<mapping::Record>& terms();
/// How many records of one kind the pretended accounting system has.
std::int64_t count_of(imports::Entity entity);

}  // namespace rekey::web::offline
