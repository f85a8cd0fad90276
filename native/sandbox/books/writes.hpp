// Creating and changing records of a company, by the rules of the accounting API.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>

#include "core/time.hpp"
#include "native/sandbox/books/api_fault.hpp"
#include "native/sandbox/books/company.hpp"

namespace rekey::sandbox {

/// Writes a record as it was sent: without an `Id` (and not CompanyInfo or Preferences, of which
/// there is one) it is created, with one it is changed, wholly or, with `"sparse": true`, only in
/// the properties that were sent. Gives the record as it then is. Faults: 500 (not to be written),
/// 2010 (unknown property or of a wrong shape), 2020 (something is missing), 2050 (too long), 2170
/// (a value that is none of the possible ones), 2500 (a reference to nothing), 610 (no such
/// record), 5010 (a SyncToken that is not the newest), 6000 (another rule), 6240 (a name that is
/// taken). Nothing is changed with a fault.
tl::expected<nlohmann::json, ApiFault> write_record(Company& company, Entity entity,
                                                    const nlohmann::json& sent, Instant now);

}  // namespace rekey::sandbox
