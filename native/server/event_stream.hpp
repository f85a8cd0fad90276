// The stream of a connection's steps as server-sent events, which resumes where it was cut off.
#pragma once

#include "native/http/http.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// Answers with `event: step` blocks whose ids are the events' seq: those after `Last-Event-ID` (or
/// the query's `after`; without either, from now on), then each new one as it comes. Steps arrive
/// in order and without a gap. `session` is whose stream it is: each may have so many
/// (stream_limits.hpp).
http::Response event_stream(Service& service, const http::Request& request,
                            const std::string& connection, const std::string& session);

}  // namespace rekey::server
