// Trouble on request: what shall go wrong, where, and how often.
#pragma once

#include <cstdint>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "native/http/http.hpp"

namespace rekey::sandbox {

/// The names of the place a request goes to, from the general to the particular: a token request
/// is "token" and "token.refresh_token", a query "query" and "query.Customer".
std::vector<std::string> routes_of(const http::Request& request);

/// The company that a request of the accounting API is about; empty for any other request.
std::string realm_of(const http::Request& request);

/// One thing to go wrong.
struct FaultRule {
  std::string route = "*";      ///< a name as above, or "*" for all
  std::string kind = "status";  ///< one of `fault_kinds`
  std::string realm;            ///< only requests about this company; empty: all
  int status = 500;             ///< for kind "status" and "html"
  std::string error;            ///< the `error` of a token answer; empty: what fits the status
  std::string type;             ///< the content type of kind "content_type"
  std::string moves;            ///< of "rows_move": names of moves, with commas; empty: all
  std::string bad;              ///< of "bad_records": `bad_names`, with commas; empty: all
  std::int64_t rows = 1;        ///< of "rows_move": how many move with each request
  std::int64_t every = 10;      ///< of "bad_records": one of so many records is bad
  bool after = false;           ///< the work is done first, and only its answer lost
  std::int64_t delay_ms = 0;    ///< waited in any case
  std::int64_t count = 1;       ///< how many requests it still meets; below 0: all
  double probability = 1;       ///< of meeting a request that it could meet, from 0 to 1
  std::uint64_t seed = 1;       ///< the same seed meets the same of the requests, every time
  std::uint64_t tries = 0;      ///< how often the dice were thrown
  std::uint64_t met = 0;        ///< how many requests it has met
  std::uint64_t id = 0;         ///< given by `Faults::add`
};

inline constexpr std::string_view fault_kinds[] = {"status",
                                                   "slow",
                                                   "html",
                                                   "truncated",
                                                   "cut",
                                                   "cut_body",
                                                   "content_type",
                                                   "admin_lost",
                                                   "expired",
                                                   "wrong_company",
                                                   "rows_move",
                                                   "ignore_orderby",
                                                   "ignore_startposition",
                                                   "wrong_case",
                                                   "short_page",
                                                   "bad_records"};
/// What a record of "bad_records" has wrong with it.
inline constexpr std::string_view bad_names[] = {"no_name",   "no_id",    "half_emoji", "bad_byte",
                                                 "long_name", "null_row", "number"};

/// The members of a rule that are texts, also where they look like numbers.
inline constexpr std::string_view fault_texts[] = {"route", "kind", "realm", "error",
                                                   "type",  "when", "moves", "bad"};

/// The names in a list with commas, or all of `known` when it is empty.
std::vector<std::string_view> names_in(std::string_view list,
                                       std::span<const std::string_view> known);

/// fault_rule.cpp. Reads a rule as it is posted; says what is wrong with it.
Result<FaultRule> parse_fault(const nlohmann::json& text);
nlohmann::json describe(const FaultRule& rule);

/// Thread-safe.
class Faults {
 public:
  /// The number of the new rule, by which it can be removed.
  std::uint64_t add(FaultRule rule);
  void clear();
  /// False if there is no rule of this number (any more).
  bool remove(std::uint64_t id);
  std::vector<FaultRule> all() const;
  /// The first rule that a request meets, by its routes and company; it is counted down.
  std::optional<FaultRule> meet(const std::vector<std::string>& routes,
                                const std::string& realm = {});

 private:
  mutable std::mutex mutex_;
  std::uint64_t next_id_ = 1;
  std::vector<FaultRule> rules_;
};

/// What a rule makes of a request and of the true answer (empty when the work was not done).
http::Response spoil(const FaultRule& rule, const http::Request& request, http::Response answer,
                     Instant now);

}  // namespace rekey::sandbox
