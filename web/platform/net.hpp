// Talking to our own backend: one request, or a stream of events that resumes where it was cut.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rekey::web::net {

struct Request {
  std::string method = "GET";
  std::string path;       ///< of our own origin, beginning with '/'
  std::string body = {};  ///< JSON, or empty
  std::vector<std::pair<std::string, std::string>> headers = {};
  int timeout_ms = 30000;
};

/// Why there is no answer. Not to be reached and too slow are two things for the person.
enum class Failure { none, unreachable, timed_out };

struct Response {
  Failure failure = Failure::none;
  int status = 0;  ///< 0 when there was no answer
  std::string body;
  std::string etag;
  int retry_after_s = 0;  ///< of the header Retry-After; 0: not given
  int age_ms = 0;         ///< since it arrived: what boot.js asked for may have waited for us
  bool ok() const { return status >= 200 && status < 300; }
};

/// Sends; `done` is called exactly once, later, never from within this call.
void send(Request request, std::function<void(Response)> done);

struct StreamEvents {
  std::function<void()> open;
  std::function<void(std::string_view name, std::string_view data, std::string_view id)> event;
  /// The stream was cut or refused (`status` 0: cut). It is opened again by itself, later and later
  /// up to 30 s, from the last id, unless the answer was 4xx: then it stays closed (`ended`).
  std::function<void(int status, bool ended)> lost;
};

/// Which steps are to be told: of this connection, after this one.
struct Stream {
  std::string connection;
  std::string last_id;
};

/// Tells what happens to a connection, from the backend's stream of events. All tabs of a browser
/// that show the same connection share one (platform/js/stream.js). Gives a handle for
/// `close_stream`.
int open_stream(const Stream& stream, StreamEvents events);
void close_stream(int handle);

}  // namespace rekey::web::net
