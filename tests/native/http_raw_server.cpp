#include "http_raw_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace rekey::testing {
namespace {

int listen_on_free_port(unsigned short& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener, generic, size) != 0 || ::listen(listener, 16) != 0 ||
      ::getsockname(listener, generic, &size) != 0)
    throw std::runtime_error("cannot listen for a test");
  port = ntohs(address.sin_port);
  return listener;
}

}  // namespace

RawPeer::~RawPeer() {
  ::close(socket_);
}

std::string RawPeer::read_until(std::string_view text) {
  std::string read;
  while (text.empty() || read.find(text) == std::string::npos) {
    std::array<char, 4096> bytes{};
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count <= 0) break;
    read.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return read;
}

void RawPeer::send(std::string_view bytes) {
  ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

RawServer::RawServer(std::function<void(RawPeer&, int)> serve)
    : listener_(listen_on_free_port(port_)),
      thread_([listener = listener_, serve = std::move(serve)] {
        for (int number = 0;; ++number) {
          const int socket = ::accept(listener, nullptr, nullptr);
          if (socket < 0) return;
          RawPeer peer(socket);
          serve(peer, number);
        }
      }) {}

RawServer::~RawServer() {
  ::shutdown(listener_, SHUT_RDWR);  // wakes accept, which close alone would not
  thread_.join();
  ::close(listener_);
}

std::string RawServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

unsigned short unused_port() {
  unsigned short port = 0;
  ::close(listen_on_free_port(port));
  return port;
}

}  // namespace rekey::testing
