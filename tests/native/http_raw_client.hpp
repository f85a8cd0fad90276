// A client that sends exactly the bytes it is given, for what no real client would send.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace rekey::testing {

/// One TCP connection to a port of 127.0.0.1.
class RawClient {
 public:
  explicit RawClient(unsigned short port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False when the other side no longer takes bytes.
  bool send(std::string_view bytes);
  /// Reads until the text has arrived, or the connection ends, or the time is up; gives everything
  /// read so far that an earlier call did not give.
  std::string read_until(std::string_view text,
                         std::chrono::milliseconds patience = std::chrono::seconds(10));
  /// Reads until the other side closes. `closed()` tells whether it did within the time.
  std::string read_to_end(std::chrono::milliseconds patience = std::chrono::seconds(10));
  bool closed() const { return closed_; }
  /// Whether it closed with a reset rather than in order.
  bool was_reset() const { return reset_; }
  /// Says that no more will be sent, and goes on reading.
  void finish_sending();

 private:
  int socket_ = -1;
  bool closed_ = false;
  bool reset_ = false;
  std::string unread_;
};

/// How often a text occurs in another.
int count(std::string_view text, std::string_view part);

}  // namespace rekey::testing
