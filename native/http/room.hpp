// Ends idle connections when as many are open as there may be, to make room for new ones. Internal
// to the server.
#pragma once

#include <memory>
#include <vector>

#include "native/http/loop.hpp"

namespace rekey::http {

/// Looks for those that only wait for their client, and closes them. `make` is called in the first
/// loop, by the coroutine that accepts, so there is one newcomer at a time.
class Room {
 public:
  Room(Common& common, std::vector<std::unique_ptr<Loop>>& loops)
      : common_(common), loops_(loops) {}

  /// Makes room for one from this peer. Where all places are taken, it waits until those that were
  /// closed have left, so that the newcomer is served; where none can be closed and there is no
  /// room even to tell the newcomer so, until there is some, for a few seconds.
  asio::awaitable<void> make(const Peer& peer, const std::string& group);
  /// A connection has left. From any thread.
  void one_left();

 private:
  enum class Need { none, some, now };
  struct Clearing;

  Need need(const Peer& peer, const std::string& group);
  bool is_still_full(bool some_leave);
  std::shared_ptr<Clearing> clear(Clock::time_point arrived);
  asio::awaitable<void> wait_until(Clock::time_point when);

  Common& common_;
  std::vector<std::unique_ptr<Loop>>& loops_;
  std::optional<asio::steady_timer> news_;  // cancelled when there are some; of the first loop
  std::atomic<bool> awaited_{false};
  Clock::time_point in_vain_until_{};
};

}  // namespace rekey::http
