// Every request received, so that a test can say what was sent and what was not. Secrets are kept
// as digests: two can be told to be the same, none can be read.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "core/time.hpp"
#include "native/http/http.hpp"

namespace rekey::sandbox {

/// "sha256:" and the first sixteen digits of the digest.
std::string digest_of(std::string_view secret);

/// Thread-safe; the latest thousand are kept.
class Ledger {
 public:
  void add(const http::Request& request, const http::Response& response, Instant at);
  /// The entries after number `since`, oldest first. Numbers start at 1.
  nlohmann::json after(std::uint64_t since) const;
  void clear();

 private:
  mutable std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::deque<nlohmann::json> entries_;
};

}  // namespace rekey::sandbox
