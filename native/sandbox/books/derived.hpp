// What the service makes of a record that was written: its names, its place below a parent, and
// whatever else is not the writer's to say.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "native/sandbox/books/api_fault.hpp"
#include "native/sandbox/books/company.hpp"

namespace rekey::sandbox {

/// Completes a record, or says what it cannot be: without a name (2020), under a name that is taken
/// (6240), below itself or too deep (6000).
std::optional<ApiFault> derive(const Company& company, Entity entity, nlohmann::json& record);

}  // namespace rekey::sandbox
