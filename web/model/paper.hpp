// The whole configuration on paper: every line of every list, as it stands.
#pragma once

#include <string>

#include "web/model/model.hpp"

namespace rekey::web {

/// What `platform::print` takes, of all lines as the backend's sheet has them. Fails on what is no
/// such sheet.
Result<std::string> paper(const std::string& sheet, const Model& model);

}  // namespace rekey::web
