// Errors as the host API answers them, and what all surfaces share of that:
// application/problem+json (RFC 9457). The page's are in page_problem.hpp.
#pragma once

#include "core/codes.hpp"
#include "core/refusal.hpp"
#include "core/result.hpp"
#include "core/wire/page.hpp"
#include "core/wire/strict.hpp"
#include "native/http/http.hpp"

namespace rekey::server {

/// A problem document of an error, with the status and title of its code (core/codes.hpp). Its hint
/// is the detail, its debug goes nowhere.
http::Response problem(const Error& error);
/// The same with members of its own (RFC 9457 section 3.2).
http::Response problem(const Error& error, const wire::Json& more);
/// A problem document of a refusal by the state machine (409), in the words of the page's
/// catalogue.
http::Response problem(Refusal refusal);

/// The members of a problem that is over by itself: `action` "wait", `retry_after_s`, and `until`
/// in milliseconds since 1970. The header Retry-After is the caller's to add.
wire::Json members_of_wait(std::int64_t seconds, Instant now);

/// The answer that a problem document is sent with.
http::Response problem_answer(int status, const wire::Json& body);

/// The error of an address where nothing is.
Error no_such_address();
/// The error of a tenant that is not there, in the host API.
Error no_such_tenant(const std::string& id);
/// The error of a connection that is not there.
Error no_such_connection();

/// A JSON answer that no cache keeps.
http::Response json_answer(int status, const wire::Json& body);

/// The answer with an ETag of its body, or 304 without one to a caller who has it already
/// (If-None-Match, RFC 9110 section 13.1.2).
http::Response unless_known(http::Response response, const http::Request& request);

/// Fails when a body is not of this media type, or says that it is in another charset than UTF-8.
Result<void> check_type(const http::Request& request, std::string_view media);

/// Whether a request is of the host API, whose callers are told what we do not know. What the page
/// of an older or newer version sends is read as far as it is known.
bool is_read_strictly(const http::Request& request);

/// The JSON body of a request as a T; the error is a problem to answer with. Asks for the content
/// type application/json, which no form of another site can send without asking first.
template <class T>
Result<T> body_as(const http::Request& request, std::string_view what) {
  if (const auto type = check_type(request, "application/json"); !type)
    return tl::unexpected(type.error());
  auto json = wire::parse(request.body, what);
  if (!json) return tl::unexpected(json.error());
  return is_read_strictly(request) ? wire::read_strictly_as<T>(*json, what)
                                   : wire::read_as<T>(*json, what);
}

}  // namespace rekey::server
