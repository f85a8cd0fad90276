// The server: one acceptor, one io_context per I/O thread, handlers on a small pool of workers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "native/http/peers.hpp"

namespace rekey::http {

/// How much of one thing there may be at once.
struct ServerBounds {
  int connections = 0;             ///< in all; 0: three quarters of the file descriptors
  int peer_connections = 256;      ///< of one address that does not stand for many; more: 429
  int header_fields = 100;         ///< of one request; more: 431
  std::size_t bodies = 256 << 20;  ///< bytes of bodies larger than 64 KiB, in all; more: 503
  /// The largest body that a route takes; none: `ServerOptions::max_body`.
  std::function<std::size_t(std::string_view method, std::string_view path)> body;
  /// The largest body that a route takes of this media type when it is read piece by piece: what is
  /// longer than a part of it is kept in a file meanwhile. 0: it is not read so.
  std::function<std::size_t(std::string_view method, std::string_view path, std::string_view type)>
      lines;
  std::size_t spooled = std::size_t{1} << 30;  ///< bytes in such files, in all; more: 503
  /// Paths that are answered also where a connection is one too many: what tells how things are.
  std::vector<std::string> always_answered;
};

/// An answer to what the server itself refuses, or what failed: to a request of this path; empty:
/// it is not known.
using Problem = std::function<Response(std::string_view path, const Error& error)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  unsigned short port = 0;  ///< 0: any free port, told by `Server::port()`
  int io_threads = 2;
  int workers = 8;                 ///< threads that run handlers (they may block on the database)
  std::size_t max_body = 8 << 20;  ///< larger requests are answered 413
  int header_timeout_s = 15;       ///< a client that does not finish its request in time is dropped
  int idle_timeout_s = 75;
  int comment_interval_s = 15;  ///< how often a silent stream is shown to be alive
  ServerBounds bounds;
  Problem problem;  ///< none: `problem_response`
  Proxies proxies;
  std::string tls_certificate;  ///< PEM file; empty: plain HTTP
  std::string tls_key;
};

/// A running server. `quick`, if there is one, is asked first; what it does not answer is the
/// handler's. A handler may owe a response (`Response::later`); when the server stops, who waits
/// for one is answered 503. A handler is asked for HEAD as if it were GET; the body is then left
/// out. When 1024 requests wait for a worker, more are answered 503. When there are nearly as many
/// connections as there may be, those that have kept us waiting longest, of the peers with most of
/// them, are closed for new ones; when all are busy, new ones are answered 503. The server stops,
/// and waits for running handlers, when destroyed.
class Server {
 public:
  /// Throws std::runtime_error with a sentence a person can act on when it cannot listen.
  Server(ServerOptions options, Handler handler, QuickHandler quick = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  unsigned short port() const;
  /// How many connections it serves at once.
  int most_connections() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rekey::http
