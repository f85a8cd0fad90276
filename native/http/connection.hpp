// One connection of the server: reads requests, has them answered, writes responses and streams.
#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <string>

#include "native/http/event_queue.hpp"
#include "native/http/message.hpp"
#include "native/http/transport.hpp"

namespace rekey::http {

namespace bhttp = boost::beast::http;
using Parser = bhttp::request_parser<bhttp::string_body>;

/// The largest header of a request that is read.
constexpr std::uint32_t max_header = 16 * 1024;
/// How much is read at once, and the largest response that is sent as one piece.
constexpr std::size_t read_size = 16 * 1024;

/// One client, from its first byte to its last; everything happens on its loop's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Common& common, Loop& loop, tcp::socket socket)
      : common_(common),
        loop_(loop),
        transport_(std::move(socket), common.tls ? &*common.tls : nullptr),
        wake_(loop.io) {}

  /// Ends a connection that took too long.
  void look_at_time(Clock::time_point now) {
    if (now >= deadline_) transport_.cut();
  }
  /// Ends the connection as soon as nothing is lost by it.
  void end_gently() {
    if (phase_ != Phase::busy) transport_.cut();
    if (queue_) queue_->finish();
  }
  /// Ends it now, whatever it does.
  void cut() { transport_.cut(); }

  /// Serves requests until the connection ends.
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
  std::optional<Response> answer_quickly(const Request& request);
  asio::awaitable<Response> answer(const Request& request);
  // Runs `work` on a worker and comes back to this loop.
  asio::awaitable<void> on_worker(std::function<void()> work);
  asio::awaitable<bool> write(std::string_view bytes);
  asio::awaitable<bool> write_response(Response response, Framing framing, bool head_only);
  asio::awaitable<void> write_cut(Response response, Framing framing);
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

/// The answer to those who wait when the server ends.
Response ending_response();

/// Logs the exception that is being handled: what it was, never what it says, because that may
/// quote what a client sent.
void log_fault(std::string_view event, std::string_view path);

}  // namespace rekey::http
