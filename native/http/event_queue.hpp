// The queue between the senders of events, on any thread, and the connection that writes them.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "native/http/http.hpp"

namespace rekey::http {

/// Holds events until the connection can write them. When more than `limit` bytes wait, the client
/// does not read: the queue closes, and the client, which knows the last event it saw, comes back.
class EventQueue {
 public:
  static constexpr std::size_t limit = 1 << 20;

  /// `wake` is called, from the thread that changed something, when there is something to do; not
  /// again before `take`.
  explicit EventQueue(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// False, and nothing queued, when the stream has ended or ends by this.
  bool push(std::string block);
  /// Everything that waits, in order.
  std::string take();
  /// No more events: what waits is still written, then the stream ends.
  void finish();
  /// The stream is over: what waits is dropped, and `wake` is never called again.
  void close();

  bool ended() const;       ///< by finish, overflow or close
  bool overflowed() const;  ///< the client did not read

 private:
  void wake_once();

  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::string waiting_;
  bool woken_ = false;
  bool ended_ = false;
  bool overflowed_ = false;
};

/// The sink for such a queue. When the last copy of it is let go, no sender is left, and the
/// stream ends.
std::shared_ptr<EventSink> make_sink(std::shared_ptr<EventQueue> queue);

}  // namespace rekey::http
