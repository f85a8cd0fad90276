// The addresses that a page may lead back to: of the host application, on hosts that the operator
// allows.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"

namespace rekey::server {

/// Whether a page may lead there: https, or http on this machine, on one of these hosts. A host
/// that is named without a port is allowed with any; one that is named with a port, with that one
/// only. The error says what to do.
Result<void> check_return_url(const std::string& url, const std::vector<std::string>& hosts);

}  // namespace rekey::server
