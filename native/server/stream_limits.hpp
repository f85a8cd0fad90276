// The limits on streams of events that are open at once: each holds a connection for as long as it
// likes.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/result.hpp"
#include "native/http/http.hpp"

namespace rekey::server {

struct StreamBounds {
  int per_session = 16;  ///< one browser needs one; tabs that know nothing of each other, one each
  int per_peer = 64;     ///< of one address that does not stand for many (an office)
  int in_all = 10'000;   ///< of this process
};

/// The streams of one process. Safe from several threads.
class StreamLimits {
 public:
  explicit StreamLimits(StreamBounds bounds = {}) : counts_(std::make_shared<Counts>(bounds)) {}

  /// What a stream holds while it is open.
  using Place = std::shared_ptr<void>;
  enum class Full { session, peer, all };
  /// A place for one more stream of this session (any text that is the same for all of its
  /// requests) and this request's peer; or which bound is reached, which is logged.
  tl::expected<Place, Full> take(const std::string& session, const http::Request& request);

  /// The answer when there is none: 429, or 503 when it is not the caller's own doing.
  static http::Response refusal(Full full);

  int open() const;

 private:
  struct Counts {
    explicit Counts(StreamBounds given) : bounds(given) {}
    const StreamBounds bounds;
    std::mutex mutex;
    std::map<std::string, int> of_session, of_peer;
    int open = 0;
  };
  std::shared_ptr<Counts> counts_;  // a stream may end after us
};

}  // namespace rekey::server
