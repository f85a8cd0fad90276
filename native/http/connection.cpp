#include "native/http/connection.hpp"

#include <cxxabi.h>

#include <boost/asio/post.hpp>

#include "core/secret.hpp"
#include "native/metrics/limit.hpp"

namespace rekey::http {
namespace {

constexpr int max_waiting_handlers = 1024;
constexpr auto write_patience = seconds(30);
// Who takes what we send more slowly than this, all in all, does not read it.
constexpr std::size_t slowest_reader = 4096;  // bytes a second
constexpr auto slow_after = seconds(2);
constexpr auto linger_time = seconds(2);
constexpr std::string_view fault_of_ours =
    "Something went wrong on our side. Please try again; if it stays, tell the operator of this "
    "server.";

std::string_view refusal_detail(int status) {
  switch (status) {
    case 408:
      return "The request was not finished in time. Send it again.";
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

}  // namespace

// (Not in the unnamed namespace: it is kept in the frame of a coroutine of a class with linkage.)
// Starts `work` on a worker, and afterwards the work that waits for it, in the loop that it came
// from.
struct OnWorker {
  Common& common;
  Loop& loop;
  std::function<void()>& work;

  template <class Done>
  void operator()(Done&& done) const {
    asio::post(common.workers, [*this, done = std::forward<Done>(done)]() mutable {
      work();
      asio::post(loop.io, std::move(done));
    });
  }
};

// Starts a handler on a worker, and the work that waits for its response when the response is
// there. Meanwhile the worker does other things.
struct OnResponse {
  Common& common;
  Loop& loop;
  const Request& request;
  Response& response;

  template <class Done>
  void operator()(Done&& done) const {
    // The one who completes a response keeps this in a std::function, which wants to copy it.
    auto kept = std::make_shared<std::decay_t<Done>>(std::forward<Done>(done));
    asio::post(common.workers, [*this, kept] {
      const auto go_on = [&io = loop.io, kept] { asio::post(io, std::move(*kept)); };
      run([this] { return common.handler(request); });
      --common.waiting_handlers;
      const auto later = response.later;
      if (!later) return go_on();
      const bool ending = note(later);
      later->deliver([*this, go_on, key = later.get()](const Later::Get& get) {
        run(get);
        forget(key);
        go_on();
      });
      if (ending) later->complete(ending_response());
    });
  }

  void run(const Later::Get& get) const {
    try {
      response = get();
    } catch (...) {
      log_fault("http.handler_threw", request.path);
      response = common.problem(request.path, 500, fault_of_ours);
    }
  }
  // True: the server ends, and the client will not be told.
  bool note(const std::shared_ptr<Later>& later) const {
    const std::lock_guard lock(common.mutex);
    common.awaited.emplace(later.get(), later);
    return common.stopping;
  }
  void forget(const Later* key) const {
    const std::lock_guard lock(common.mutex);
    common.awaited.erase(key);
  }
};

Response ending_response() {
  auto response =
      problem_response(503, "The service is ending. Ask again in a moment, and it is back.");
  response.headers.add("Retry-After", "1");
  return response;
}

void log_fault(std::string_view event, std::string_view path) {
  const std::type_info* type = abi::__cxa_current_exception_type();
  // Of the path, only its beginning: the rest may be an id, or worse.
  const std::string_view beginning = path.substr(0, path.find('/', 1));
  log::error(event, {{"path", beginning}, {"type", type == nullptr ? "unknown" : type->name()}});
}

// A request that does not arrive is answered (RFC 9110 section 15.5.9), everything else is over.
void Connection::time_is_up() {
  deadline_ = Clock::time_point::max();
  if (awaited_ == Awaited::request) {
    late_ = true;
    error_code ignored;
    transport_.socket().cancel(ignored);
    return;
  }
  if (awaited_ == Awaited::reader)
    metrics::limit_met("answer_time", "http.answer_not_taken", {{"peer", visitor_.address}});
  transport_.cut();
}

asio::awaitable<void> Connection::run() {
  error_code ignored;
  transport_.socket().set_option(tcp::no_delay(true), ignored);
  give(header_time());
  bool usable = true;
  if (transport_.encrypted()) {
    waiting_since_ = Clock::now();
    const auto [failed] = co_await transport_.handshake();
    usable = !failed;
  }
  if (usable) {
    while (co_await serve_one()) release_body();
    release_body();  // not only when it has left, which takes a while
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
  path_ = path_of(parser);
  if (outcome == Outcome::complete) {
    framing.keep_alive = parser.get().keep_alive();
    framing.http_1_0 = parser.get().version() < 11;
    request = to_request(parser);
    if (!request) refusal = 400;
  }
  if (!request) {
    // Its body goes at once, so that others have the room however slowly this client reads.
    std::string().swap(parser.get().body());
    release_body();
    // What follows in the buffer cannot be told apart from the rest of this request.
    if (refusal_detail_.empty()) refusal_detail_ = refusal_detail(refusal);
    auto refused = common_.problem(path_, refusal, refusal_detail_);
    if (refusal == 503) refused.headers.add("Retry-After", "5");
    co_await write_response(std::move(refused), {}, false);
    co_return false;
  }
  const bool head_only = request->method == "HEAD";
  if (head_only) request->method = "GET";
  auto quick = turned_away(request->path);
  if (!quick) quick = answer_quickly(*request);
  if (!quick) quick = co_await answer(*request);
  Response response = std::move(*quick);
  framing.keep_alive = framing.keep_alive && !common_.stopping && visitor_.welcome == Welcome::yes;
  if (response.stream && !head_only) {
    co_await serve_stream(std::move(response), request->path);
    co_return false;
  }
  if (response.cut != Cut::none) {
    co_await write_cut(std::move(response), framing);
    co_return false;
  }
  if (response.more && !head_only)
    co_return co_await write_pieces(std::move(response), framing, request->path);
  const bool written = co_await write_response(std::move(response), framing, head_only);
  co_return written&& framing.keep_alive;
}

// The answer to a connection that is one too many; only requests for the state of the service are
// served. When others have left since it came, it is not one too many any more.
std::optional<Response> Connection::turned_away(const std::string& path) {
  if (visitor_.welcome == Welcome::full && common_.has_room()) visitor_.welcome = Welcome::yes;
  if (visitor_.welcome == Welcome::yes) return std::nullopt;
  const auto& always = common_.options.bounds.always_answered;
  if (std::find(always.begin(), always.end(), path) != always.end()) return std::nullopt;
  const bool crowd = visitor_.welcome == Welcome::crowd;
  if (!crowd)
    metrics::limit_met("connections", "http.too_many_connections", {{"peer", visitor_.address}});
  auto response = common_.problem(
      path, crowd ? 429 : 503,
      crowd ? "Your address has too many connections open to this server. Close some, or use them "
              "for more than one request, and try again."
            : "The server has as many connections as it can serve. Try again in a moment.");
  response.headers.add("Retry-After", crowd ? "5" : "1");
  return response;
}

asio::awaitable<void> Connection::on_worker(std::function<void()> work) {
  auto token = asio::use_awaitable;
  co_await asio::async_initiate<decltype(token), void()>(OnWorker{common_, loop_, work}, token);
}

std::optional<Response> Connection::answer_quickly(const Request& request) {
  if (!common_.quick) return std::nullopt;
  try {
    return common_.quick(request);
  } catch (...) {
    log_fault("http.handler_threw", request.path);
    return common_.problem(request.path, 500, fault_of_ours);
  }
}

asio::awaitable<Response> Connection::answer(const Request& request) {
  deadline_ = Clock::time_point::max();
  Response response;
  if (common_.waiting_handlers.fetch_add(1) >= max_waiting_handlers) {
    response =
        common_.problem(request.path, 503, "The server has too much to do. Try again in a moment.");
    response.headers.add("Retry-After", "1");
    common_.waiting_handlers.fetch_sub(1);
    metrics::limit_met("requests_waiting", "http.too_many_requests_wait",
                       {{"most", max_waiting_handlers}});
    co_return response;
  }
  auto token = asio::use_awaitable;
  co_await asio::async_initiate<decltype(token), void()>(
      OnResponse{common_, loop_, request, response}, token);
  co_return response;
}

asio::awaitable<bool> Connection::write(std::string_view bytes) {
  auto now = Clock::now();
  const auto patient_until =
      now + write_patience + std::chrono::milliseconds(bytes.size() * 1000 / slowest_reader);
  while (!bytes.empty()) {
    deadline_ = std::min(now + write_patience, patient_until);
    waiting_since_ = now + slow_after;
    awaited_ = Awaited::reader;
    const auto [failed, count] =
        co_await transport_.write_some(asio::buffer(bytes.data(), bytes.size()));
    awaited_ = Awaited::other;
    waiting_since_ = Clock::time_point::max();
    if (failed) co_return false;
    bytes.remove_prefix(count);
    now = Clock::now();
  }
  deadline_ = now + seconds(common_.options.idle_timeout_s);
  co_return true;
}

asio::awaitable<bool> Connection::write_response(Response response, Framing framing,
                                                 bool head_only) {
  auto head = response_head(response, framing);
  if (!head) {
    log::error("http.bad_header_field", {{"status", response.status}});
    response = common_.problem(path_, 500, fault_of_ours);
    head = response_head(response, framing);
  }
  const bool bodyless = head_only || response.status == 204 || response.status == 304;
  if (bodyless) co_return co_await write(*head);
  if (response.body.size() <= read_size) {  // one packet; a large body is not copied for it
    head->reserve(head->size() + response.body.size());
    head->append(response.body);
    const bool written = co_await write(*head);
    if (response.secret) {
      const Secret wiped(std::move(*head)), too(std::move(response.body));
    }
    co_return written;
  }
  const bool written = co_await write(*head) && co_await write(response.body);
  if (response.secret) const Secret wiped(std::move(response.body));
  co_return written;
}

// Leaves the client without its response, or with the first half of it.
asio::awaitable<void> Connection::write_cut(Response response, Framing framing) {
  auto head = response_head(response, framing);
  if (response.cut == Cut::before_head || !head) {
    transport_.reset();
    co_return;
  }
  co_await write(head->append(response.body, 0, response.body.size() / 2));
}

// Closes without a reset. A reset, which closing with unread bytes would cause, may take the
// response away from a client that has not read it yet.
asio::awaitable<void> Connection::leave() {
  phase_ = Phase::leaving;
  give(linger_time);
  waiting_since_ = Clock::now();
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

}  // namespace rekey::http
