#include "native/sandbox/accounting/answers.hpp"

#include "native/sandbox/accounting/xml.hpp"
#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr const char* finance = "http://schema.intuit.com/finance/v3";

http::Response with_type(int status, const char* type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.set("Content-Type", type);
  response.headers.set("Cache-Control", "max-age=0, no-cache, no-store, must-revalidate, private");
  response.body = std::move(body);
  return response;
}

/// `inside` within the root element of every XML answer.
std::string document(const std::string& inside, Instant now) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><IntuitResponse xmlns=\"" +
         std::string(finance) + "\" time=\"" + pacific_time(now) + "\">" + inside +
         "</IntuitResponse>";
}

}  // namespace

bool wants_json(const http::Request& request) {
  if (request.query_value("format") == "json") return true;
  return request.headers.get("accept").value_or("").find("json") != std::string::npos;
}

http::Response records_response(const http::Request& request, json body, Instant now) {
  if (wants_json(request)) {
    body["time"] = pacific_time(now);
    return with_type(200, "application/json;charset=UTF-8", json_text(body));
  }
  std::string inside;
  for (const auto& [key, value] : body.items()) inside += to_xml(key, value);
  return with_type(200, "application/xml;charset=UTF-8", document(inside, now));
}

json fault_body(const ApiFault& fault) {
  const json error = {{"Message", fault.message},
                      {"Detail", fault.detail},
                      {"code", fault.code},
                      {"element", fault.element}};
  return {{"Error", {error}}, {"type", fault.type}};
}

http::Response service_fault(const http::Request& request, const ApiFault& fault, Instant now) {
  if (!wants_json(request))
    return with_type(fault.status, "application/xml;charset=UTF-8",
                     document(to_xml("Fault", fault_body(fault)), now));
  const json body = {{"Fault", fault_body(fault)}, {"time", pacific_time(now)}};
  return with_type(fault.status, "application/json;charset=UTF-8", json_text(body));
}

http::Response gateway_fault(const http::Request& request, const ApiFault& fault, Instant now) {
  http::Response response;
  if (wants_json(request)) {
    const json error = {{"message", fault.message},
                        {"detail", fault.detail},
                        {"code", fault.code},
                        {"element", nullptr}};
    json body = {{"fault", {{"error", {error}}, {"type", fault.type}}}, {"time", to_ms(now)}};
    for (const char* name :
         {"warnings", "intuitObject", "report", "queryResponse", "requestId", "status"})
      body[name] = nullptr;
    for (const char* name :
         {"batchItemResponse", "attachableResponse", "syncErrorResponse", "cdcresponse"})
      body[name] = json::array();
    response = with_type(fault.status, "application/json;charset=UTF-8", json_text(body));
  } else {
    response = with_type(fault.status, "application/xml;charset=UTF-8",
                         document(to_xml("Fault", fault_body(fault)), now));
  }
  if (fault.status == 401)
    response.headers.set("WWW-Authenticate", "Bearer realm=\"Intuit\", error=\"invalid_token\"");
  return response;
}

ApiFault not_authenticated(std::string detail) {
  return {401,
          "AUTHENTICATION",
          "3200",
          "message=AuthenticationFailed; errorCode=003200; statusCode=401",
          std::move(detail),
          ""};
}

ApiFault not_authorized(std::string detail) {
  return {403,
          "SERVICE",
          "3100",
          "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",
          std::move(detail),
          ""};
}

ApiFault throttled() {
  return {429,
          "SERVICE",
          "3001",
          "message=ThrottleExceeded; errorCode=003001; statusCode=429",
          "The request limit was reached",
          ""};
}

}  // namespace rekey::sandbox
