// The one file that includes Boost. How it is built:
//
// - A Loop is one thread with its own io_context. A connection lives in one loop from its first
//   byte to its last, so nothing about it needs a lock.
// - One acceptor, in the first loop, deals sockets out in turn. Acceptors of their own would let
//   the kernel put every long-lived stream on the same thread.
// - Handlers block (on the database), so they run on workers; the coroutine waits for the outcome.
// - Time limits are a time written into the connection and a look at all of them twice a second,
//   which costs nothing per request. Closing the socket is what ends a wait.
// - Only the parser and the sockets are Boost's; heads are written by message.cpp. There is one
//   stream type for plain and TLS, and one instance of each expensive template.
#include "native/http/server.hpp"

#include <cxxabi.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "native/http/event_queue.hpp"
#include "native/http/message.hpp"
#include "native/log.hpp"

namespace rekey::http {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Parser = bhttp::request_parser<bhttp::string_body>;
using std::chrono::seconds;

constexpr auto as_pair = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t max_header = 16 * 1024;
constexpr std::size_t read_size = 16 * 1024;
constexpr std::size_t slowest_bytes_per_second = 4096;  // what a body must reach to be waited for
constexpr int max_waiting_handlers = 1024;
constexpr auto write_patience = seconds(30);
constexpr auto linger_time = seconds(2);
constexpr auto comment_interval = seconds(15);
constexpr auto stop_patience = seconds(5);
constexpr auto tick = std::chrono::milliseconds(500);

constexpr std::string_view fault_of_ours =
    "Something went wrong on our side. Please try again; if it stays, tell whoever runs this "
    "server.";

// The text of an exception may quote what the client sent; its type never does. To be called in a
// catch clause.
void log_fault(std::string_view event, std::string_view path) {
  const std::type_info* type = abi::__cxa_current_exception_type();
  log::error(event, {{"path", path}, {"type", type == nullptr ? "unknown" : type->name()}});
}

std::string_view refusal_detail(int status) {
  switch (status) {
    case 413:
      return "The request is larger than this server takes.";
    case 431:
      return "The header of the request is larger than this server takes.";
    case 417:
      return "The only expectation this server can meet is 100-continue.";
    case 501:
      return "This server does not know this transfer coding.";
    case 505:
      return "This server speaks HTTP/1.1.";
    default:
      return "This is not a request in a form this server understands.";
  }
}

class Connection;

// One I/O thread.
struct Loop {
  asio::io_context io{1};
  asio::steady_timer timer{io};
  std::set<Connection*> connections;  // these two are touched by this loop's thread only
  bool over = false;
  std::thread thread;
};

// What all connections of a server have in common.
struct Common {
  ServerOptions options;
  Handler handler;
  std::optional<ssl::context> tls;
  asio::thread_pool workers;
  std::atomic<int> waiting_handlers{0};
  std::atomic<bool> stopping{false};
  std::mutex mutex;
  std::condition_variable none_left;
  int open = 0;  // connections, under the mutex

  Common(ServerOptions given, Handler handle)
      : options(std::move(given)),
        handler(std::move(handle)),
        workers(static_cast<std::size_t>(std::max(1, options.workers))) {}
};

// The bytes of one connection, plain or TLS, as one type.
class Transport {
 public:
  Transport(tcp::socket socket, ssl::context* tls) : socket_(std::move(socket)) {
    if (tls != nullptr) tls_.emplace(socket_, *tls);
  }

  bool encrypted() const { return tls_.has_value(); }
  tcp::socket& socket() { return socket_; }

  auto read_some(asio::mutable_buffer into) {
    return tls_ ? tls_->async_read_some(into, as_pair) : socket_.async_read_some(into, as_pair);
  }
  auto write_some(asio::const_buffer from) {
    return tls_ ? tls_->async_write_some(from, as_pair) : socket_.async_write_some(from, as_pair);
  }
  auto handshake() { return tls_->async_handshake(ssl::stream_base::server, as_pair); }
  auto say_goodbye() { return tls_->async_shutdown(as_pair); }

  // Ends every wait on this connection with an error.
  void cut() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  tcp::socket socket_;
  std::optional<ssl::stream<tcp::socket&>> tls_;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Common& common, Loop& loop, tcp::socket socket)
      : common_(common),
        loop_(loop),
        transport_(std::move(socket), common.tls ? &*common.tls : nullptr),
        wake_(loop.io) {}

  // Ends a connection that took too long.
  void look_at_time(Clock::time_point now) {
    if (now >= deadline_) transport_.cut();
  }
  // Ends the connection as soon as nothing is lost by it.
  void end_gently() {
    if (phase_ != Phase::busy) transport_.cut();
    if (queue_) queue_->finish();
  }
  void cut() { transport_.cut(); }

  asio::awaitable<void> run();

 private:
  enum class Phase { idle, busy, leaving };
  enum class Outcome { complete, gone, refused };

  void give(seconds time) { deadline_ = Clock::now() + time; }
  seconds header_time() const { return seconds(common_.options.header_timeout_s); }

  asio::awaitable<bool> serve_one();
  asio::awaitable<Outcome> read_request(Parser& parser, int& refusal);
  asio::awaitable<bool> read_more();
  asio::awaitable<int> judge_header(const Parser& parser);
  std::optional<Request> to_request(Parser& parser);
  asio::awaitable<Response> answer(const Request& request);
  asio::awaitable<void> on_worker(std::function<void()> work);
  asio::awaitable<bool> write(std::string_view bytes);
  asio::awaitable<bool> write_response(Response response, Framing framing, bool head_only);
  asio::awaitable<void> serve_stream(Response response, std::string path);
  asio::awaitable<void> write_events();
  asio::awaitable<void> watch_peer();
  asio::awaitable<void> leave();

  Common& common_;
  Loop& loop_;
  Transport transport_;
  asio::steady_timer wake_;  // cancelled to wake the writer of a stream
  Clock::time_point deadline_ = Clock::time_point::max();
  Phase phase_ = Phase::idle;
  std::string buffer_;  // read, and not yet parsed
  std::string peer_;
  std::shared_ptr<EventQueue> queue_;
  bool watching_ = false;
};

asio::awaitable<void> Connection::run() {
  error_code ignored;
  peer_ = transport_.socket().remote_endpoint(ignored).address().to_string();
  transport_.socket().set_option(tcp::no_delay(true), ignored);
  give(header_time());
  bool usable = true;
  if (transport_.encrypted()) {
    const auto [failed] = co_await transport_.handshake();
    usable = !failed;
  }
  if (usable) {
    while (co_await serve_one()) {
    }
    co_await leave();
  }
  transport_.cut();
}

// One request and its response. True when the connection can be used for another.
asio::awaitable<bool> Connection::serve_one() {
  Parser parser;
  parser.header_limit(max_header);
  parser.body_limit(common_.options.max_body);
  int refusal = 0;
  const Outcome outcome = co_await read_request(parser, refusal);
  if (outcome == Outcome::gone) co_return false;
  Framing framing;
  std::optional<Request> request;
  if (outcome == Outcome::complete) {
    framing.keep_alive = parser.get().keep_alive();
    framing.http_1_0 = parser.get().version() < 11;
    request = to_request(parser);
    if (!request) refusal = 400;
  }
  if (!request) {
    // What follows in the buffer cannot be told apart from the rest of this request.
    co_await write_response(problem_response(refusal, refusal_detail(refusal)), {}, false);
    co_return false;
  }
  const bool head_only = request->method == "HEAD";
  if (head_only) request->method = "GET";
  Response response = co_await answer(*request);
  framing.keep_alive = framing.keep_alive && !common_.stopping;
  if (response.stream && !head_only) {
    co_await serve_stream(std::move(response), request->path);
    co_return false;
  }
  const bool written = co_await write_response(std::move(response), framing, head_only);
  co_return written&& framing.keep_alive;
}

asio::awaitable<Connection::Outcome> Connection::read_request(Parser& parser, int& refusal) {
  if (buffer_.empty()) {
    phase_ = Phase::idle;
    if (common_.stopping) co_return Outcome::gone;
    const bool arrived = co_await read_more();
    phase_ = Phase::busy;
    if (!arrived) co_return Outcome::gone;
  }
  give(header_time());
  auto allowed_until = deadline_;
  bool judged = false;
  while (true) {
    error_code problem;
    const std::size_t used = parser.put(asio::buffer(buffer_), problem);
    buffer_.erase(0, used);
    if (judged) allowed_until += std::chrono::milliseconds(used * 1000 / slowest_bytes_per_second);
    deadline_ = std::min(allowed_until, Clock::now() + header_time());
    if (problem && problem != bhttp::error::need_more) {
      refusal = problem == bhttp::error::header_limit  ? 431
                : problem == bhttp::error::body_limit  ? 413
                : problem == bhttp::error::bad_version ? 505
                                                       : 400;
      co_return Outcome::refused;
    }
    if (!judged && parser.is_header_done()) {
      judged = true;
      refusal = co_await judge_header(parser);
      if (refusal != 0) co_return Outcome::refused;
      allowed_until = deadline_ = Clock::now() + header_time();
      parser.eager(true);
    }
    if (parser.is_done()) co_return Outcome::complete;
    if (problem != bhttp::error::need_more && !buffer_.empty()) continue;
    if (!co_await read_more()) co_return Outcome::gone;
  }
}

asio::awaitable<bool> Connection::read_more() {
  const std::size_t before = buffer_.size();
  buffer_.resize(before + read_size);
  const auto [failed, count] =
      co_await transport_.read_some(asio::buffer(buffer_.data() + before, read_size));
  buffer_.resize(before + count);
  co_return !failed && count > 0;
}

// What the parser lets pass and we do not. Gives the status to refuse with, or 0.
asio::awaitable<int> Connection::judge_header(const Parser& parser) {
  const auto& head = parser.get();
  // RFC 9112 section 3.2: exactly one Host in HTTP/1.1.
  const auto hosts = head.count(bhttp::field::host);
  if (hosts > 1 || (hosts == 0 && head.version() == 11)) co_return 400;
  // A coding that we do not know would leave the end of the body open to interpretation.
  const auto coding = head[bhttp::field::transfer_encoding];
  if (!coding.empty() && !boost::beast::iequals(coding, "chunked")) co_return 501;
  const auto expected = head[bhttp::field::expect];
  if (expected.empty()) co_return 0;
  if (!boost::beast::iequals(expected, "100-continue")) co_return 417;
  if (!parser.is_done() && buffer_.empty() && !co_await write("HTTP/1.1 100 Continue\r\n\r\n"))
    co_return 400;
  co_return 0;
}

std::optional<Request> Connection::to_request(Parser& parser) {
  auto message = parser.release();
  const auto text = [](auto view) { return std::string(view.data(), view.size()); };
  auto target = parse_target(text(message.target()));
  if (!target) return std::nullopt;
  Request request;
  request.method = text(message.method_string());
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  for (const auto& field : message)
    request.headers.add(text(field.name_string()), text(field.value()));
  request.body = std::move(message.body());
  request.peer = peer_;
  request.tls = transport_.encrypted();
  return request;
}

// Runs `work` on a worker and comes back to this loop.
asio::awaitable<void> Connection::on_worker(std::function<void()> work) {
  auto start = [this, &work](auto done) {
    asio::post(common_.workers, [this, &work, done = std::move(done)]() mutable {
      work();
      asio::post(loop_.io, std::move(done));
    });
  };
  auto token = asio::use_awaitable;
  co_await asio::async_initiate<decltype(token), void()>(start, token);
}

asio::awaitable<Response> Connection::answer(const Request& request) {
  deadline_ = Clock::time_point::max();
  Response response;
  if (common_.waiting_handlers.fetch_add(1) >= max_waiting_handlers) {
    response = problem_response(503, "The server has too much to do. Try again in a moment.");
    response.headers.add("Retry-After", "1");
  } else {
    std::function<void()> work = [this, &request, &response] {
      try {
        response = common_.handler(request);
      } catch (...) {
        log_fault("http.handler_threw", request.path);
        response = problem_response(500, fault_of_ours);
      }
    };
    co_await on_worker(std::move(work));
  }
  common_.waiting_handlers.fetch_sub(1);
  co_return response;
}

asio::awaitable<bool> Connection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    give(write_patience);
    const auto [failed, count] =
        co_await transport_.write_some(asio::buffer(bytes.data(), bytes.size()));
    if (failed) co_return false;
    bytes.remove_prefix(count);
  }
  give(seconds(common_.options.idle_timeout_s));
  co_return true;
}

asio::awaitable<bool> Connection::write_response(Response response, Framing framing,
                                                 bool head_only) {
  auto head = response_head(response, framing);
  if (!head) {
    log::error("http.bad_header_field", {{"status", response.status}});
    response = problem_response(500, fault_of_ours);
    head = response_head(response, framing);
  }
  const bool bodyless = head_only || response.status == 204 || response.status == 304;
  if (bodyless) co_return co_await write(*head);
  if (response.body.size() <= read_size) {  // one packet; a large body is not copied for it
    head->append(response.body);
    co_return co_await write(*head);
  }
  if (!co_await write(*head)) co_return false;
  co_return co_await write(response.body);
}

asio::awaitable<void> Connection::serve_stream(Response response, std::string path) {
  if (!response.headers.get("Content-Type"))
    response.headers.add("Content-Type", "text/event-stream");
  if (!response.headers.get("Cache-Control")) response.headers.add("Cache-Control", "no-store");
  Framing framing;
  framing.stream = true;
  const auto head = response_head(response, framing);
  if (!head || !co_await write(*head)) co_return;
  buffer_ = {};  // a stream lives long, and needs no more of it
  deadline_ = Clock::time_point::max();

  std::weak_ptr<Connection> weak = weak_from_this();
  queue_ = std::make_shared<EventQueue>([weak, &io = loop_.io] {
    asio::post(io, [weak] {
      const auto self = weak.lock();
      if (!self) return;
      if (self->queue_ && self->queue_->overflowed()) self->cut();
      self->wake_.cancel();
    });
  });
  watching_ = true;
  asio::co_spawn(loop_.io, watch_peer(), [self = shared_from_this()](std::exception_ptr) {
    self->watching_ = false;
    self->wake_.cancel();
  });
  Subscription subscription;
  std::function<void()> begin = [this, &subscription, &response, &path] {
    try {
      subscription = response.stream(make_sink(queue_));
    } catch (...) {
      log_fault("http.stream_threw", path);
      queue_->finish();
    }
  };
  co_await on_worker(std::move(begin));
  if (common_.stopping) queue_->finish();
  co_await write_events();
  queue_->close();
  // Letting go of a subscription may wait for a lock of the application's.
  std::function<void()> let_go = [&subscription, &response] {
    subscription.reset();
    response.stream = nullptr;
  };
  co_await on_worker(std::move(let_go));
  // The watcher's read must be over before the connection is closed in order.
  error_code ignored;
  transport_.socket().cancel(ignored);
  while (watching_) {
    wake_.expires_at(Clock::time_point::max());
    co_await wake_.async_wait(as_pair);
  }
}

asio::awaitable<void> Connection::write_events() {
  auto last_written = Clock::now();
  while (true) {
    const bool ended = queue_->ended();  // asked before taking: nothing is queued after it
    std::string events = queue_->take();
    if (events.empty() && (ended || !watching_)) co_return;
    if (events.empty() && Clock::now() - last_written >= comment_interval) events = ":\n\n";
    if (!events.empty()) {
      if (!co_await write(events)) co_return;
      deadline_ = Clock::time_point::max();
      last_written = Clock::now();
      continue;
    }
    wake_.expires_at(last_written + comment_interval);
    co_await wake_.async_wait(as_pair);
  }
}

// A client of a stream has nothing more to say; a read that ends tells that it is gone.
asio::awaitable<void> Connection::watch_peer() {
  std::array<char, 256> ignored{};
  while (true) {
    const auto [failed, count] = co_await transport_.read_some(asio::buffer(ignored));
    if (failed || count == 0) break;
  }
}

// Closes without a reset. A reset, which closing with unread bytes would cause, may take the
// response away from a client that has not read it yet.
asio::awaitable<void> Connection::leave() {
  phase_ = Phase::leaving;
  give(linger_time);
  if (transport_.encrypted()) co_await transport_.say_goodbye();
  error_code failed;
  transport_.socket().shutdown(tcp::socket::shutdown_send, failed);
  std::array<char, 4096> ignored{};
  while (!failed) {
    const auto [ended, count] =
        co_await transport_.socket().async_read_some(asio::buffer(ignored), as_pair);
    failed = ended;
  }
}

// A sentence instead of "bind: Address already in use".
[[noreturn]] void cannot_listen(const ServerOptions& options, const error_code& why) {
  std::string text = "Cannot listen on " + options.address + ":" + std::to_string(options.port);
  if (why == asio::error::address_in_use)
    text += ": another program uses this port. Stop it, or choose another port.";
  else if (why == asio::error::access_denied)
    text += ": the system does not allow it. Ports below 1024 are reserved; choose another port.";
  else
    text += ": " + why.message() + ". Give an IP address of this machine, such as 127.0.0.1.";
  throw std::runtime_error(text);
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
  // TLS 1.2 is the least that Intuit and RFC 9325 accept.
  tls->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                   ssl::context::no_tlsv1_1);
  error_code failed;
  tls->use_certificate_chain_file(options.tls_certificate, failed);
  if (failed)
    throw std::runtime_error("The TLS certificate cannot be read from " + options.tls_certificate +
                             ". It must be a PEM file, the server's own certificate first.");
  tls->use_private_key_file(options.tls_key, ssl::context::pem, failed);
  if (failed)
    throw std::runtime_error("The TLS key in " + options.tls_key +
                             " cannot be read, or is not the key of the certificate in " +
                             options.tls_certificate + ". It must be a PEM file.");
}

// A quarter of the file descriptors stays for the database and for requests of our own.
int most_connections() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 65536;
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1 << 20) / 4 * 3);
}

}  // namespace

struct Server::Parts : Common {
  using Common::Common;

  void listen();
  void begin();
  void stop();
  asio::awaitable<void> accept_all();
  asio::awaitable<void> keep_time(Loop& loop);
  void take(Loop& loop, tcp::socket socket);
  void tell_all(void (*what)(Connection&));

  std::vector<std::unique_ptr<Loop>> loops;
  std::optional<tcp::acceptor> acceptor;
  unsigned short bound_port = 0;
  int most_open = most_connections();
};

void Server::Parts::listen() {
  const tcp::endpoint endpoint = endpoint_of(options);
  error_code failed;
  acceptor.emplace(loops.front()->io);
  acceptor->open(endpoint.protocol(), failed);
  if (!failed) acceptor->set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor->bind(endpoint, failed);
  if (!failed) acceptor->listen(asio::socket_base::max_listen_connections, failed);
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
  for (std::size_t next = 0;; next = (next + 1) % loops.size()) {
    tcp::socket socket(loops[next]->io);
    const auto [failed] = co_await acceptor->async_accept(socket, as_pair);
    if (stopping) co_return;
    if (!failed) {
      take(*loops[next], std::move(socket));
      continue;
    }
    // Out of file descriptors, most likely: the connection stays in the backlog until one is free.
    log::warning("http.accept_failed", {{"reason", failed.message()}});
    pause.expires_after(std::chrono::milliseconds(100));
    co_await pause.async_wait(as_pair);
  }
}

void Server::Parts::take(Loop& loop, tcp::socket socket) {
  {
    const std::lock_guard lock(mutex);
    if (open >= most_open) return;  // dropped, rather than starving what is open already
    ++open;
  }
  auto connection = std::make_shared<Connection>(*this, loop, std::move(socket));
  auto life = [connection, &loop]() -> asio::awaitable<void> {
    loop.connections.insert(connection.get());
    co_await connection->run();
  };
  asio::co_spawn(loop.io, std::move(life), [this, connection, &loop](std::exception_ptr fault) {
    if (fault) log::error("http.connection_failed");
    loop.connections.erase(connection.get());
    const std::lock_guard lock(mutex);
    if (--open == 0) none_left.notify_all();
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
  {
    std::unique_lock lock(mutex);
    none_left.wait_for(lock, stop_patience, [this] { return open == 0; });
  }
  tell_all([](Connection& connection) { connection.cut(); });
  {
    // A handler that still runs uses what belongs to the caller of the destructor.
    std::unique_lock lock(mutex);
    none_left.wait(lock, [this] { return open == 0; });
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

Server::Server(ServerOptions options, Handler handler)
    : parts_(std::make_unique<Parts>(std::move(options), std::move(handler))) {
  set_up_tls(parts_->tls, parts_->options);
  for (int i = 0; i < std::max(1, parts_->options.io_threads); ++i)
    parts_->loops.push_back(std::make_unique<Loop>());
  parts_->listen();
  parts_->begin();
}

Server::~Server() {
  parts_->stop();
}

unsigned short Server::port() const {
  return parts_->bound_port;
}

}  // namespace rekey::http
