// The form of a response on the wire, and the answers that the server gives without asking a
// handler.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "native/http/http.hpp"

namespace rekey::http {

/// What the head of a response must say beyond what the handler put into it.
struct Framing {
  bool keep_alive = false;
  bool http_1_0 = false;
  bool stream = false;   ///< no length: the body ends when the connection does
  bool chunked = false;  ///< no length: the body is sent in chunks (RFC 9112 section 7.1)
};

/// The status line and header fields, up to and with the blank line. Length, date and connection
/// are the server's to say: fields of these names in the response are left out. Nothing when a
/// field holds a line break or another control character, which would let a value write headers.
std::optional<std::string> response_head(const Response& response, const Framing& framing);

/// A piece of a body as a chunk; of an empty one, the end of the body.
std::string chunk(std::string_view piece);

/// The usual words for a status code ("Not Found").
std::string_view reason_phrase(int status);

/// The code of an error that the server itself answers with this status.
Code code_for(int status);
/// An answer of the server itself, as a problem document (RFC 9457).
Response problem_response(int status, std::string_view detail);

/// A request target split into decoded path and raw query; nothing when it is not one that a
/// server of ours can be asked for (RFC 9112 section 3.2), or hides control characters.
struct Target {
  std::string path;
  std::string query;
};
std::optional<Target> parse_target(std::string_view target);

}  // namespace rekey::http
