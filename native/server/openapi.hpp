// The description of the host API, built in from native/server/openapi.json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rekey::server {

/// The description, OpenAPI 3.1.
std::string_view openapi_json();

/// An operation of the description, and the query parameters it takes.
struct Operation {
  std::string method;  ///< in capitals
  std::string path;    ///< with {places}
  std::vector<std::string> parameters;
};
/// Every operation of the description.
std::vector<Operation> described_operations();

}  // namespace rekey::server
