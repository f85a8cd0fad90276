// One list of a company on its way into the lines of its configuration.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "native/store/lines.hpp"
#include "native/store/matching.hpp"
#include "native/work/company_records.hpp"
#include "native/work/driver.hpp"

namespace rekey::work {

/// How long a process holds the matching of a company before another process may take it over.
constexpr auto matching_held_for = std::chrono::minutes(2);

/// Brings the lines of a section in step with the host's records `ours` and with those that were
/// imported last (`records`), and suggests what belongs together. `fresh`: what is added has come
/// since the last save. `stop`: asked in between; what was begun goes on in the next run.
void match_section(Driver& driver, const store::Matching& matching, const store::CompanyKey& key,
                   const CompanyRecords& records, mapping::Section section,
                   const std::vector<mapping::Record>& ours, bool fresh,
                   const std::function<bool()>& stop);

}  // namespace rekey::work
