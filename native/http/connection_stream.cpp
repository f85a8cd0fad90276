#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "native/http/connection.hpp"
#include "native/metrics/limit.hpp"

namespace rekey::http {
asio::awaitable<void> Connection::serve_stream(Response response, std::string path) {
  if (!response.headers.get("Content-Type"))
    response.headers.add("Content-Type", "text/event-stream");
  if (!response.headers.get("Cache-Control")) response.headers.add("Cache-Control", "no-store");
  Framing framing;
  framing.stream = true;
  const auto head = response_head(response, framing);
  if (!head || !co_await write(*head)) co_return;
  std::string().swap(buffer_);  // a stream lives long, and needs no more of it
  deadline_ = Clock::time_point::max();

  std::weak_ptr<Connection> weak = weak_from_this();
  queue_ = std::make_shared<EventQueue>([weak, &io = loop_.io] {
    asio::post(io, [weak] {
      const auto self = weak.lock();
      if (!self) return;
      if (self->queue_ && self->queue_->overflowed()) {
        metrics::limit_met("events_waiting", "stream.not_read", {{"peer", self->visitor_.address}});
        self->cut();
      }
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

// A body that is asked for piece by piece, each when the client has taken what came before. True
// when the connection can be used for another request.
asio::awaitable<bool> Connection::write_pieces(Response response, Framing framing,
                                               std::string path) {
  framing.chunked = !framing.http_1_0;
  if (framing.http_1_0) {  // its body ends with the connection (RFC 9112 section 6.3)
    framing.stream = true;
    framing.keep_alive = false;
  }
  const auto head = response_head(response, framing);
  if (!head || !co_await write(*head)) co_return false;
  std::string piece = std::move(response.body);
  while (true) {
    if (!piece.empty()) {
      if (framing.chunked) piece = chunk(piece);
      if (!co_await write(piece)) co_return false;
    }
    deadline_ = Clock::time_point::max();
    bool failed = false;
    std::function<void()> ask = [&response, &piece, &failed, &path] {
      try {
        piece = response.more();
      } catch (...) {
        log_fault("http.pieces_threw", path);
        failed = true;
      }
    };
    co_await on_worker(std::move(ask));
    if (failed) {
      transport_.reset();  // or it would look like the end to a client of HTTP/1.0
      co_return false;
    }
    if (piece.empty()) break;
  }
  if (framing.chunked && !co_await write(chunk({}))) co_return false;
  co_return framing.keep_alive && !common_.stopping;
}

asio::awaitable<void> Connection::write_events() {
  const auto comment_interval = seconds(common_.options.comment_interval_s);
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

}  // namespace rekey::http
