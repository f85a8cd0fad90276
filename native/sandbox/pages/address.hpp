// The address that the sandbox is reached at.
#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "native/http/http.hpp"

namespace rekey::sandbox {

/// Thread-safe: the port may be known only after the first request.
class Address {
 public:
  explicit Address(std::string configured) { set(std::move(configured)); }

  /// Empty: as each request's Host says. A slash at the end does not count.
  void set(std::string configured);
  /// The address as the client wrote it, without a slash at the end: as configured, or else as its
  /// Host header says.
  std::string of(const http::Request& request) const;

 private:
  mutable std::mutex mutex_;
  std::string configured_;
};

}  // namespace rekey::sandbox
