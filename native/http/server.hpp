// The server: one acceptor, one io_context per I/O thread, handlers on a small pool of workers.
#pragma once

#include <memory>
#include <string>

#include "native/http/http.hpp"

namespace rekey::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  unsigned short port = 0;  ///< 0: any free port, told by `Server::port()`
  int io_threads = 2;
  int workers = 8;                 ///< threads that run handlers (they may block on the database)
  std::size_t max_body = 8 << 20;  ///< larger requests are answered 413
  int header_timeout_s = 15;       ///< a client that does not finish its request in time is dropped
  int idle_timeout_s = 75;
  int comment_interval_s = 15;  ///< how often a silent stream is shown to be alive
  std::string tls_certificate;  ///< PEM file; empty: plain HTTP
  std::string tls_key;
};

/// A running server. `quick`, if there is one, is asked first; what it does not answer is the
/// handler's. A handler may owe a response (`Response::later`); when the server stops, who waits
/// for one is answered 503. A handler is asked for HEAD as if it were GET; the body is then left
/// out. When 1024 requests wait for a worker, more are answered 503. The server stops, and waits
/// for running handlers, when destroyed.
class Server {
 public:
  /// Throws std::runtime_error with a sentence a person can act on when it cannot listen.
  Server(ServerOptions options, Handler handler, QuickHandler quick = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  unsigned short port() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rekey::http
