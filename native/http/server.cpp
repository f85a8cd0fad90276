// How the server is built:
//
// - A Loop is one thread with its own io_context. A connection lives in one loop from its first
//   byte to its last, so nothing about it needs a lock.
// - One acceptor, in the first loop, deals sockets out in turn. Acceptors of their own would let
//   the kernel put every long-lived stream on the same thread.
// - Handlers block (on the database), so they run on workers; the coroutine waits for the outcome.
//   A response that comes later (http/later.hpp) holds no worker: completing it wakes the
//   coroutine.
//   What can be answered from memory is answered in the loop: passing it to another thread and
//   back costs more than the answer.
// - Time limits are a time written into the connection and a look at all of them twice a second,
//   which costs nothing per request. Closing the socket is what ends a wait.
// - Only the parser and the sockets are Boost's; heads are written by message.cpp. There is one
//   stream type for plain and TLS, and one instance of each expensive template.
#include "native/http/server.hpp"

#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <map>
#include <stdexcept>

#include "core/text/catalogue.hpp"
#include "native/http/connection.hpp"
#include "native/http/room.hpp"
#include "native/metrics/limit.hpp"

namespace rekey::http {
namespace {

constexpr auto stop_patience = seconds(5);
constexpr auto tick = std::chrono::milliseconds(500);
// Left to itself the system keeps megabytes for each client that does not read. Half of that is
// what it counts as data.
constexpr int send_buffer = 256 * 1024;

// A sentence instead of "bind: Address already in use".
[[noreturn]] void cannot_listen(const ServerOptions& options, const error_code& why) {
  const char* sentence =
      "Cannot listen on {place}: {why}. Give an IP address of this machine, such as 127.0.0.1.";
  if (why == asio::error::address_in_use)
    sentence =
        "Cannot listen on {place}: another program uses this port. Stop it, or choose another "
        "port.";
  if (why == asio::error::access_denied)
    sentence =
        "Cannot listen on {place}: the system does not allow it. Ports below 1024 are reserved; "
        "choose another port.";
  const auto place = options.address + ":" + std::to_string(options.port);
  throw std::runtime_error(text::fill(sentence, {{"place", place}, {"why", why.message()}}));
}

tcp::endpoint endpoint_of(const ServerOptions& options) {
  error_code failed;
  const auto address = asio::ip::make_address(
      options.address == "localhost" ? "127.0.0.1" : options.address, failed);
  if (failed) cannot_listen(options, failed);
  return {address, options.port};
}

void set_up_tls(std::optional<ssl::context>& tls, const ServerOptions& options) {
  if (options.tls_certificate.empty() && options.tls_key.empty()) return;
  if (options.tls_certificate.empty() || options.tls_key.empty())
    throw std::runtime_error("TLS needs both a certificate and its key; only one is given.");
  tls.emplace(ssl::context::tls_server);
  // TLS 1.2 is the least that providers and RFC 9325 accept; of its suites those with an ephemeral
  // key exchange and authenticated encryption, which all of TLS 1.3 have (RFC 9325 section 4.2).
  SSL_CTX* context = tls->native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(
      context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  error_code failed;
  tls->use_certificate_chain_file(options.tls_certificate, failed);
  if (failed)
    throw std::runtime_error(text::fill(
        "The TLS certificate cannot be read from {certificate}. It must be a PEM file, the "
        "server's own certificate first.",
        {{"certificate", options.tls_certificate}}));
  tls->use_private_key_file(options.tls_key, ssl::context::pem, failed);
  if (failed)
    throw std::runtime_error(
        text::fill("The TLS key in {key} cannot be read, or is not the key of the certificate in "
                   "{certificate}. It must be a PEM file.",
                   {{"key", options.tls_key}, {"certificate", options.tls_certificate}}));
}

constexpr int most_in_a_row = 64;  // accepted before others get their turn
constexpr rlim_t most_files = 65536;

// As many file descriptors as the system lets us have; a quarter of them stays for the database and
// for requests of our own.
int connections_of(const ServerBounds& bounds) {
  if (bounds.connections > 0) return bounds.connections;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 768 / std::max(1, bounds.servers);
  const auto wanted = std::min<rlim_t>(limit.rlim_max, most_files);
  if (limit.rlim_cur < wanted) {
    rlimit more{wanted, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &more) == 0) limit = more;
  }
  const auto all = static_cast<int>(std::min(limit.rlim_cur, most_files) / 4 * 3);
  return all / std::max(1, bounds.servers);
}

}  // namespace

struct Server::Parts : Common {
  Parts(ServerOptions given, Handler handle, QuickHandler quickly)
      : Common(given, connections_of(given.bounds), std::move(handle), std::move(quickly)) {}

  void listen();
  void begin();
  void stop();
  asio::awaitable<void> accept_all();
  asio::awaitable<void> keep_time(Loop& loop);
  void take(Loop& loop, tcp::socket socket, Visitor visitor);
  Peer who_is(const tcp::socket& socket) const;
  Visitor let_in(const Peer& peer);
  void tell_all(void (*what)(Connection&));
  std::map<const Later*, std::shared_ptr<Later>> take_awaited();

  std::vector<std::unique_ptr<Loop>> loops;
  Room room{*this, loops};
  std::optional<tcp::acceptor> acceptor;
  unsigned short bound_port = 0;
};

void Server::Parts::listen() {
  const tcp::endpoint endpoint = endpoint_of(options);
  error_code failed;
  acceptor.emplace(loops.front()->io);
  acceptor->open(endpoint.protocol(), failed);
  if (!failed) acceptor->set_option(tcp::acceptor::reuse_address(true), failed);
  // Connections have it of the socket that accepts them.
  if (!failed) acceptor->set_option(asio::socket_base::send_buffer_size(send_buffer), failed);
  if (!failed) acceptor->bind(endpoint, failed);
  if (!failed) acceptor->listen(asio::socket_base::max_listen_connections, failed);
  if (!failed) acceptor->non_blocking(true, failed);
  if (failed) cannot_listen(options, failed);
  bound_port = acceptor->local_endpoint().port();
}

void Server::Parts::begin() {
  asio::co_spawn(loops.front()->io, accept_all(), asio::detached);
  for (const auto& loop : loops) {
    asio::co_spawn(loop->io, keep_time(*loop), asio::detached);
    loop->thread = std::thread([&io = loop->io] { io.run(); });
  }
}

asio::awaitable<void> Server::Parts::accept_all() {
  asio::steady_timer pause(loops.front()->io);
  int in_a_row = 0;
  for (std::size_t next = 0;; next = (next + 1) % loops.size()) {
    tcp::socket socket(loops[next]->io);
    error_code failed;
    // Those that stand there already, before more is done for others: one a turn of a busy loop
    // would keep them waiting for seconds.
    if (++in_a_row < most_in_a_row) acceptor->accept(socket, failed);
    if (in_a_row >= most_in_a_row || failed == asio::error::would_block) {
      in_a_row = 0;
      std::tie(failed) = co_await acceptor->async_accept(socket, as_pair);
    }
    if (stopping) co_return;
    if (!failed) {
      const auto peer = who_is(socket);
      co_await room.make(peer, peer_group(peer.address));
      if (stopping) co_return;
      take(*loops[next], std::move(socket), let_in(peer));
      continue;
    }
    // Out of file descriptors, most likely: the connection stays in the backlog until one is free.
    log::warning("http.accept_failed", {{"reason", failed.message()}});
    pause.expires_after(std::chrono::milliseconds(100));
    co_await pause.async_wait(as_pair);
  }
}

Peer Server::Parts::who_is(const tcp::socket& socket) const {
  error_code ignored;
  return peer_of(socket.remote_endpoint(ignored).address().to_string(), options.proxies);
}

Visitor Server::Parts::let_in(const Peer& peer) {
  Visitor visitor{peer.address, peer_group(peer.address)};
  int open = 0;
  bool crowd = false;
  {
    const std::lock_guard lock(mutex);
    crowd = admission.is_crowd(peer, visitor.group);
    visitor.welcome = admission.enter(peer, visitor.group);
    open = admission.open();
  }
  if (crowd)
    metrics::limit_met("connections_per_peer", "http.too_many_of_peer",
                       {{"peer", visitor.address}});
  else if (visitor.welcome == Welcome::none)  // one that is only told may find room after all
    metrics::limit_met("connections", "http.too_many_connections",
                       {{"peer", visitor.address}, {"open", open}});
  return visitor;
}

void Server::Parts::take(Loop& loop, tcp::socket socket, Visitor visitor) {
  if (visitor.welcome == Welcome::none) return;  // dropped, rather than starving what is open
  auto connection =
      std::make_shared<Connection>(*this, loop, std::move(socket), std::move(visitor));
  auto life = [connection, &loop]() -> asio::awaitable<void> {
    loop.connections.insert(connection.get());
    co_await connection->run();
  };
  asio::co_spawn(loop.io, std::move(life), [this, connection, &loop](std::exception_ptr fault) {
    if (fault) log::error("http.connection_failed");
    loop.connections.erase(connection.get());
    const std::lock_guard lock(mutex);
    admission.leave(connection->group());
    room.one_left();
    if (admission.open() == 0) none_left.notify_all();
  });
}

asio::awaitable<void> Server::Parts::keep_time(Loop& loop) {
  while (!loop.over) {
    loop.timer.expires_after(tick);
    co_await loop.timer.async_wait(as_pair);
    const auto now = Clock::now();
    for (Connection* connection : loop.connections) connection->look_at_time(now);
  }
}

void Server::Parts::tell_all(void (*what)(Connection&)) {
  for (const auto& loop : loops)
    asio::post(loop->io, [what, &connections = loop->connections] {
      for (Connection* connection : connections) what(*connection);
    });
}

std::map<const Later*, std::shared_ptr<Later>> Server::Parts::take_awaited() {
  const std::lock_guard lock(mutex);
  return std::exchange(awaited, {});
}

void Server::Parts::stop() {
  stopping = true;
  std::promise<void> closed;
  asio::post(loops.front()->io, [this, &closed] {
    error_code ignored;
    acceptor->close(ignored);
    closed.set_value();
  });
  closed.get_future().wait();
  tell_all([](Connection& connection) { connection.end_gently(); });
  for (const auto& [key, each] : take_awaited()) each->complete(ending_response());
  {
    std::unique_lock lock(mutex);
    none_left.wait_for(lock, stop_patience, [this] { return admission.open() == 0; });
  }
  tell_all([](Connection& connection) { connection.cut(); });
  {
    // A handler that still runs uses what belongs to the caller of the destructor.
    std::unique_lock lock(mutex);
    none_left.wait(lock, [this] { return admission.open() == 0; });
  }
  workers.join();
  for (const auto& loop : loops) {
    asio::post(loop->io, [&loop] {
      loop->over = true;
      loop->timer.cancel();
    });
    loop->thread.join();
  }
}

Server::Server(ServerOptions options, Handler handler, QuickHandler quick)
    : parts_(std::make_unique<Parts>(std::move(options), std::move(handler), std::move(quick))) {
  set_up_tls(parts_->tls, parts_->options);
  for (int i = 0; i < std::max(1, parts_->options.io_threads); ++i)
    parts_->loops.push_back(std::make_unique<Loop>());
  parts_->listen();
  parts_->begin();
}

Server::~Server() {
  parts_->stop();
}

int Server::most_connections() const {
  return parts_->admission.most();
}

unsigned short Server::port() const {
  return parts_->bound_port;
}

}  // namespace rekey::http
