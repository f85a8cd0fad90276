// A server that reads and answers exactly as a test tells it, for what no real server would do.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace rekey::testing {

/// One accepted connection of a RawServer.
class RawPeer {
 public:
  explicit RawPeer(int socket) : socket_(socket) {}
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  /// Reads until the text has arrived or the connection ends; gives everything read.
  std::string read_until(std::string_view text);
  void send(std::string_view bytes);

 private:
  int socket_;
};

/// Listens on a free port of 127.0.0.1 and runs `serve` with each connection, one after the other,
/// and the number of it from 0; the connection is closed when `serve` returns.
class RawServer {
 public:
  explicit RawServer(std::function<void(RawPeer&, int)> serve);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  unsigned short port() const { return port_; }
  std::string url(const std::string& path = "/") const;

 private:
  unsigned short port_ = 0;  // first: opening the listener sets it
  int listener_ = -1;
  std::thread thread_;
};

/// A port on which nobody listens.
unsigned short unused_port();

}  // namespace rekey::testing
