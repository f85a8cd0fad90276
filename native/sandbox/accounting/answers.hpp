// How the accounting API answers: JSON or XML, records or faults, in the casings Intuit has.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/time.hpp"
#include "native/http/http.hpp"
#include "native/sandbox/books/api_fault.hpp"

namespace rekey::sandbox {

/// XML is the default; JSON is answered when it is asked for.
bool wants_json(const http::Request& request);

/// A success. `body` is the JSON form without its time.
http::Response records_response(const http::Request& request, nlohmann::json body, Instant now);

/// What stands under "Fault", for a request or for one item of a batch.
nlohmann::json fault_body(const ApiFault& fault);
/// A fault of the service behind the gateway: capital letters.
http::Response service_fault(const http::Request& request, const ApiFault& fault, Instant now);
/// A fault of the gateway (authentication, limits): small letters, and a time in milliseconds.
http::Response gateway_fault(const http::Request& request, const ApiFault& fault, Instant now);

/// The gateway's usual ones.
ApiFault not_authenticated(std::string detail);
ApiFault not_authorized(std::string detail);
ApiFault throttled();

}  // namespace rekey::sandbox
