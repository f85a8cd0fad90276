// How the parts of the sandbox tell of what is to outlive the process.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace rekey::sandbox {

/// Called with what changed: its kind, its id, and its new form, or null when it is gone. The
/// caller is the one that changed it, before another request can see the change.
using Keep =
    std::function<void(const std::string& kind, const std::string& id, const nlohmann::json& body)>;

}  // namespace rekey::sandbox
