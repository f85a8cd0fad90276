// The bytes of one connection, plain or TLS, as one type, so that the code above is compiled once.
#pragma once

#include <boost/asio/ssl/stream.hpp>

#include "native/http/loop.hpp"

namespace rekey::http {

/// A socket, with TLS over it if a context is given.
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

  /// Ends the connection with a reset: the other side is told of an error, not of an end.
  void reset() {
    error_code ignored;
    socket_.set_option(tcp::socket::linger(true, 0), ignored);
    cut();
  }

  /// Ends every wait on this connection with an error.
  void cut() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  tcp::socket socket_;
  std::optional<ssl::stream<tcp::socket&>> tls_;
};

}  // namespace rekey::http
