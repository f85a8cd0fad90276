// How the accounting API answers: JSON or XML, records or faults, in the casings Intuit has.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/time.hpp"
#include "native/http/http.hpp"

namespace rekey::sandbox {

/// XML is the default; JSON is answered when it is asked for.
bool wants_json(const http::Request& request);

/// A success. `body` is the JSON form without its time.
http::Response records_response(const http::Request& request, nlohmann::json body, Instant now);

/// What is wrong, in the words of the API. `code` is a string there, always.
struct ApiFault {
  int status = 400;
  std::string type;
  std::string code;
  std::string message;
  std::string detail;
  std::string element;
};

/// What stands under "Fault", for a request or for one item of a batch.
nlohmann::json fault_body(const ApiFault& fault);
/// A fault of the service behind the gateway: capital letters.
http::Response service_fault(const http::Request& request, const ApiFault& fault, Instant now);
/// A fault of the gateway (who are you, may you): small letters, and a time in milliseconds.
http::Response gateway_fault(const http::Request& request, const ApiFault& fault, Instant now);

/// The gateway's usual ones.
ApiFault not_authenticated(std::string detail);
ApiFault not_authorized(std::string detail);
ApiFault throttled();

/// JSON as text; what is not UTF-8 in it (a request can hold anything) is replaced.
std::string json_text(const nlohmann::json& value);
/// How deep the JSON of a request may be nested.
constexpr int deepest_nesting = 100;
/// The JSON of a request; discarded if it does not read, or is nested so deeply that writing it
/// would exhaust the stack.
nlohmann::json parse_json(std::string_view text);

}  // namespace rekey::sandbox
