#include "native/sandbox/pages/json_response.hpp"

#include "native/sandbox/text/json.hpp"

namespace rekey::sandbox {

http::Response json_response(int status, const nlohmann::json& body) {
  http::Response response;
  response.status = status;
  response.headers.set("Content-Type", "application/json;charset=UTF-8");
  response.headers.set("Cache-Control", "no-cache, no-store");
  response.headers.set("Pragma", "no-cache");
  response.body = json_text(body);
  return response;
}

}  // namespace rekey::sandbox
