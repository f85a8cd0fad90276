// How the next authorization ends, when that was asked for.
#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace rekey::sandbox {

/// The same whether a person at the pages answers or `auto_consent` does. With neither member it
/// ends as it is answered.
struct NextConsent {
  std::string error;  ///< as it goes into the redirect; empty: allowed
  std::string realm;  ///< the company that is chosen, whatever the form says; empty: as it says
};

/// Holds it for one authorization. Thread-safe.
class NextConsents {
 public:
  NextConsent get() const {
    const std::lock_guard lock(mutex_);
    return next_;
  }
  void set(NextConsent next) {
    const std::lock_guard lock(mutex_);
    next_ = std::move(next);
  }
  /// For the authorization that is answered now; the one after it ends as it is answered.
  NextConsent take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(next_, NextConsent{});
  }

 private:
  mutable std::mutex mutex_;
  NextConsent next_;
};

}  // namespace rekey::sandbox
