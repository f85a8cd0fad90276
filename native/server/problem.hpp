// Errors as every surface answers them: application/problem+json (RFC 9457).
#pragma once

#include "core/refusal.hpp"
#include "core/result.hpp"
#include "core/text/catalogue.hpp"
#include "core/wire/page.hpp"
#include "native/http/http.hpp"

namespace rekey::server {

/// The one table from an error's code to its HTTP status.
int status_of(Code code);

/// A problem document of an error; its hint is the detail, its debug goes nowhere.
http::Response problem(const Error& error);
/// The same with members of its own (RFC 9457 section 3.2), and another status than the code's if
/// `more` has a "status".
http::Response problem(const Error& error, const wire::Json& more);
/// A problem document of a refusal by the state machine (409), in the catalogue's words.
http::Response problem(Refusal refusal, const text::Catalogue& words);

/// A JSON answer that no cache keeps.
http::Response json_answer(int status, const wire::Json& body);

/// The JSON body of a request as a T; the error is a problem to answer with. Asks for the content
/// type application/json, which no form of another site can send without asking first.
template <class T>
Result<T> body_as(const http::Request& request, std::string_view what) {
  const auto type = request.headers.get("Content-Type").value_or("");
  if (type.rfind("application/json", 0) != 0)
    return fail(Code::bad_input, "The request's content type must be application/json.");
  auto json = wire::parse(request.body, what);
  if (!json) return tl::unexpected(json.error());
  return wire::read_as<T>(*json, what);
}

}  // namespace rekey::server
