// HTTP as our handlers see it: requests, responses and streams of events, without sockets. Boost is
// known to the files of the server only, libcurl to client.cpp.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace rekey::http {

/// Header fields, in order. Names are compared without case; `get` gives the first.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}
  void add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  void set(std::string name, std::string value);
  std::optional<std::string> get(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// Percent-encodes everything but RFC 3986 unreserved characters.
std::string percent_encode(std::string_view text);
/// Undoes percent-encoding; `plus_is_space` for application/x-www-form-urlencoded. Bad escapes stay
/// as they are.
std::string percent_decode(std::string_view text, bool plus_is_space);
/// The pairs of a query string or form body, in order, decoded.
std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text);
/// The first value of a name in such pairs.
std::optional<std::string> find(const std::vector<std::pair<std::string, std::string>>& pairs,
                                std::string_view name);

class Spool;

/// A request as a handler sees it.
struct Request {
  std::string method;  ///< upper case
  std::string path;    ///< percent-decoded path, without the query
  std::string query;   ///< raw, without the '?'
  Headers headers;
  std::string body;
  std::string peer;  ///< the address of who asks, as far as a trusted proxy says it; for limits
  bool peer_is_many = false;  ///< the address stands for many (this machine, a proxy)
  bool tls = false;           ///< whether this hop is encrypted
  /// Where a long body of lines (ServerBounds::lines) begins: `body` is the rest of it then. Read
  /// by `body_pieces` (spool.hpp).
  std::shared_ptr<const Spool> spool = nullptr;

  std::optional<std::string> query_value(std::string_view name) const;
  std::optional<std::string> cookie(std::string_view name) const;
};

/// Where a stream of server-sent events is written; safe from any thread. When the last copy of it
/// is let go, nothing more can be sent, and the stream ends.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// Queues raw bytes (a whole event block, ending in a blank line). False when the client is gone
  /// or does not read (more than 1 MiB queued): then the stream is ended and the client comes back.
  virtual bool send(std::string block) = 0;
};

/// What a stream holds for as long as it is open; destroyed when the client goes.
using Subscription = std::shared_ptr<void>;

/// Whether a response reaches its client: in order, or not, as when a network fails. Only what
/// plays trouble on request uses it.
enum class Cut {
  none,
  before_head,  ///< the connection is reset, and nothing is sent
  in_body,      ///< head and half of the body are sent, then the connection ends
};

class Later;

/// A response. With `stream`, the body is a stream of events: the server sends the head, calls
/// `stream` once with the sink (on a worker thread), keeps what it gives until the client goes, and
/// sends a comment every 15 s so that a dead connection is noticed.
/// With `more`, the body is longer than what is in `body`: each call of it (on a worker thread, one
/// after the other, each after the client has taken what came before) gives the next piece, and an
/// empty one when that was all. It may use the request, which lives until then. When it throws, or
/// the client is gone, it is not called again; the client sees that the end is missing.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::function<Subscription(std::shared_ptr<EventSink>)> stream = {};
  std::function<std::string()> more = {};
  Cut cut = Cut::none;
  std::string_view route =
      {};               ///< the pattern of the path that answered, for what is counted by it
  bool secret = false;  ///< the body is one: it is wiped as soon as it is written
  /// The response is this one's, when it is there, and nothing else here counts.
  std::shared_ptr<Later> later = nullptr;
};

using Handler = std::function<Response(const Request&)>;
/// Answers what can be answered at once, from memory; nothing for everything else. It is asked on
/// the thread that serves connections, so it must never wait.
using QuickHandler = std::function<std::optional<Response>(const Request&)>;

/// A request to another server.
struct ClientRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

/// How a request failed before there was a response. `maybe_done`: the request may have been acted
/// upon (it was sent, and the answer did not arrive whole); false: it certainly was not.
struct TransportError {
  std::string what;
  bool maybe_done = false;
};

/// What came of a request.
using Answer = tl::expected<ClientResponse, TransportError>;

/// Sends requests. Implemented over libcurl (`make_client`) and by fakes in tests.
class Client {
 public:
  virtual ~Client() = default;
  /// Sends one request and waits for the whole answer; for threads that may wait.
  virtual Answer send(const ClientRequest& request) = 0;
  /// Sends one request and calls `done` with the whole answer, once, from some thread and perhaps
  /// before this returns. (`ask` in native/http/ask.hpp awaits it.)
  virtual void send_later(ClientRequest request, std::function<void(Answer)> done) {
    done(send(request));
  }
};

}  // namespace rekey::http
