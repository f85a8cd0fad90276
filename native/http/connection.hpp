// One connection of the server: reads requests, has them answered, writes responses and streams.
#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <string>

#include "native/http/event_queue.hpp"
#include "native/http/message.hpp"
#include "native/http/spool.hpp"
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
  Connection(Common& common, Loop& loop, tcp::socket socket, Visitor visitor)
      : common_(common),
        loop_(loop),
        transport_(std::move(socket), common.tls ? &*common.tls : nullptr),
        wake_(loop.io),
        visitor_(std::move(visitor)),
        body_share_(common.body_bytes, common.options.bounds.bodies),
        spool_share_(common.spooled_bytes, common.options.bounds.spooled) {}

  /// Ends a connection that took too long.
  void look_at_time(Clock::time_point now) {
    if (now >= deadline_) time_is_up();
  }
  /// Ends the connection as soon as nothing is lost by it.
  void end_gently() {
    if (phase_ != Phase::busy) transport_.cut();
    if (queue_) queue_->finish();
  }
  /// Ends it now, also in the middle of a response.
  void cut() {
    waiting_since_ = Clock::time_point::max();
    transport_.cut();
  }
  /// Since when nothing goes on but that we wait for the client: to send, or to take what we send.
  Clock::time_point waiting_since() const { return waiting_since_; }
  const std::string& group() const { return visitor_.group; }

  /// Serves requests until the connection ends.
  asio::awaitable<void> run();

 private:
  enum class Phase { idle, busy, leaving };
  enum class Outcome { complete, gone, refused };
  /// What the client lets us wait for, where it is told or logged when it takes too long.
  enum class Awaited { other, request, reader };

  void give(seconds time) { deadline_ = Clock::now() + time; }
  void time_is_up();
  seconds header_time() const { return seconds(common_.options.header_timeout_s); }

  asio::awaitable<bool> serve_one();
  asio::awaitable<Outcome> read_request(Parser& parser, int& refusal);
  asio::awaitable<bool> read_more();
  asio::awaitable<int> judge_header(const Parser& parser);
  int judge_size(const Parser& parser);
  int judge_body(Parser& parser);
  bool spool_body(Parser& parser);
  int bodies_full();
  void release_body();
  int header_too_large() const;
  int too_large();
  std::optional<Response> turned_away(const std::string& path);
  static std::string path_of(const Parser& parser);
  std::optional<Request> to_request(Parser& parser);
  std::optional<Response> answer_quickly(const Request& request);
  asio::awaitable<Response> answer(const Request& request);
  // Runs `work` on a worker and comes back to this loop.
  asio::awaitable<void> on_worker(std::function<void()> work);
  asio::awaitable<bool> write(std::string_view bytes);
  asio::awaitable<bool> write_response(Response response, Framing framing, bool head_only);
  asio::awaitable<bool> write_pieces(Response response, Framing framing, std::string path);
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
  Awaited awaited_ = Awaited::other;
  bool late_ = false;  // the request was not finished in time
  Clock::time_point waiting_since_ = Clock::time_point::max();
  std::string buffer_;  // read, and not yet parsed
  Visitor visitor_;
  std::size_t body_limit_ = 0;  // of the request that is being read
  std::string path_;            // of the request that is answered, where it is known
  std::string refusal_detail_;  // why it is refused, where the status alone does not say it
  bool may_spool_ = false;      // it is read piece by piece
  std::shared_ptr<Spool> spool_;
  BodyShare body_share_;
  BodyShare spool_share_;
  std::shared_ptr<EventQueue> queue_;
  bool watching_ = false;
};

/// The answer to those who wait when the server ends.
Response ending_response();

/// Logs the exception that is being handled: what it was, never what it says, because that may
/// quote what a client sent.
void log_fault(std::string_view event, std::string_view path);

}  // namespace rekey::http
