#include "http_raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace rekey::testing {

RawClient::RawClient(unsigned short port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect to the server under test");
}

RawClient::~RawClient() {
  ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string RawClient::read_until(std::string_view text, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!closed_) {
    if (const auto at = unread_.find(text); !text.empty() && at != std::string::npos) {
      std::string found = unread_.substr(0, at + text.size());
      unread_.erase(0, found.size());
      return found;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd wait{socket_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) break;
    std::array<char, 65536> bytes{};
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count <= 0) {
      closed_ = true;
      reset_ = count < 0 && errno == ECONNRESET;
    } else {
      unread_.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }
  if (const auto at = unread_.find(text); !text.empty() && at != std::string::npos) {
    std::string found = unread_.substr(0, at + text.size());
    unread_.erase(0, found.size());
    return found;
  }
  return std::exchange(unread_, {});
}

std::string RawClient::read_to_end(std::chrono::milliseconds patience) {
  return read_until({}, patience);
}

void RawClient::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

int count(std::string_view text, std::string_view part) {
  int found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

}  // namespace rekey::testing
