// The stream of a connection's steps as server-sent events, which resumes where it was cut off.
#pragma once

#include "native/server/page_session.hpp"

namespace rekey::server {

/// Answers with `event: step` blocks whose ids are the events' seq: those after `Last-Event-ID` (or
/// the query's `after`; without either, from now on), then each new one as it comes. Steps arrive
/// in order and without a gap. The stream ends within seconds of its session, in whichever process
/// ended that; a session that has too many open is answered 429.
http::Response event_stream(Service& service, const http::Request& request, const Who& who);

}  // namespace rekey::server
