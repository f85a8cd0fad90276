// Trouble on request: what shall go wrong, where, and how often.
#pragma once

#include <cstdint>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "native/http/http.hpp"

namespace rekey::sandbox {

/// The names of the place a request goes to, from the general to the particular: a token request
/// is "token" and "token.refresh_token", a query "query" and "query.Customer".
std::vector<std::string> routes_of(const http::Request& request);

/// One thing to go wrong.
struct FaultRule {
  std::string route = "*";  ///< a name as above, or "*" for all
  std::string kind =
      "status";               ///< status, slow, html, truncated, admin_lost, expired, wrong_company
  int status = 500;           ///< for kind "status"
  std::string error;          ///< the `error` of a token answer; empty: what fits the status
  bool after = false;         ///< the work is done first, and only its answer lost
  std::int64_t delay_ms = 0;  ///< waited in any case
  std::int64_t count = 1;     ///< how many requests it still meets; below 0: all
};

/// Reads a rule as it is posted; says what is wrong with it.
Result<FaultRule> parse_fault(const nlohmann::json& text);
nlohmann::json describe(const FaultRule& rule);

/// Thread-safe.
class Faults {
 public:
  void add(FaultRule rule);
  void clear();
  std::vector<FaultRule> all() const;
  /// The first rule that a request meets; it is counted down.
  std::optional<FaultRule> meet(const std::vector<std::string>& routes);

 private:
  mutable std::mutex mutex_;
  std::vector<FaultRule> rules_;
};

/// What a rule makes of a request and of the true answer (empty when the work was not done).
http::Response spoil(const FaultRule& rule, const http::Request& request, http::Response answer,
                     Instant now);

}  // namespace rekey::sandbox
