// The threads of the server and the state that its connections share. Internal to the server: this
// header, transport.hpp, connection.hpp and the files that define them are the only ones that know
// Boost, and they are compiled as one.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "native/http/admission.hpp"
#include "native/http/body_share.hpp"
#include "native/http/later.hpp"
#include "native/http/message.hpp"
#include "native/http/server.hpp"

namespace rekey::http {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

/// Makes an operation of Asio give its error beside its result, rather than throw it.
constexpr auto as_pair = asio::as_tuple(asio::use_awaitable);

class Connection;

/// One I/O thread.
struct Loop {
  asio::io_context io{1};
  asio::steady_timer timer{io};
  std::set<Connection*> connections;  // these two are touched by this loop's thread only
  bool over = false;
  std::thread thread;
};

/// What all connections of a server have in common.
struct Common {
  ServerOptions options;
  Handler handler;
  QuickHandler quick;
  std::optional<ssl::context> tls;
  asio::thread_pool workers;
  std::atomic<int> waiting_handlers{0};
  std::atomic<bool> stopping{false};
  std::mutex mutex;
  std::condition_variable none_left;
  Admission admission;                                     // under the mutex
  std::map<const Later*, std::shared_ptr<Later>> awaited;  // under the mutex
  std::atomic<std::size_t> body_bytes{0};
  std::atomic<std::size_t> spooled_bytes{0};

  Common(ServerOptions given, int most_open, Handler handle, QuickHandler quickly)
      : options(std::move(given)),
        handler(std::move(handle)),
        quick(std::move(quickly)),
        workers(static_cast<std::size_t>(std::max(1, options.workers))),
        admission(most_open, options.bounds.peer_connections) {}

  /// The server's own answer to a request of this path; empty: not known.
  Response problem(std::string_view path, int status, std::string_view detail) const {
    if (!options.problem) return problem_response(status, detail);
    return options.problem(path, {code_for(status), std::string(detail), {}});
  }
  /// Whether one of those that are open, however it was welcomed, can be served.
  bool has_room() {
    const std::lock_guard lock(mutex);
    return admission.open() <= admission.most();
  }
};

}  // namespace rekey::http
