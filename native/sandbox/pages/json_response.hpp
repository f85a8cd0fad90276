// JSON as every endpoint but the accounting API answers it.
#pragma once

#include <nlohmann/json.hpp>

#include "native/http/http.hpp"

namespace rekey::sandbox {

/// A JSON answer that no cache keeps.
http::Response json_response(int status, const nlohmann::json& body);

}  // namespace rekey::sandbox
