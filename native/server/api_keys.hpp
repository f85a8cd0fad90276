// The keys of the host API with their scopes and rate limits, kept in memory.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "native/store/keys.hpp"

namespace rekey::server {

/// What a key may do.
enum class Scope {
  tokens,             ///< take access tokens
  connections_read,   ///< read connections, their history and their configurations
  connections_write,  ///< disconnect, probe, import again, delete
  directory,          ///< tenants and their own records
  pages,              ///< sign a tenant's customer in to the page
  grants_import,      ///< bring in connections that exist already
  grants_export,      ///< take grants out, sealed
  webhooks,           ///< manage webhooks
  audit,              ///< read the audit
  metrics,            ///< read /metrics
};
constexpr std::array<std::string_view, 10> names_of(Scope) {
  return {"tokens",        "connections:read", "connections:write", "directory", "pages",
          "grants:import", "grants:export",    "webhooks",          "audit",     "metrics"};
}
/// What a new key may do unless told otherwise: all but taking the grants out.
std::string default_scopes();
/// Reads names with spaces or commas between, and gives them in order with spaces; fails on one
/// that is not known.
Result<std::string> checked_scopes(std::string_view names);

/// How a key stands with its limit, for the header fields of an answer.
struct Allowance {
  std::int64_t burst = 0;
  std::int64_t rate = 0;
  std::int64_t left = 0;
  bool spent = false;  ///< too much: this request is not served
};

/// A caller that was recognised.
class Caller {
 public:
  Caller(store::ApiKey key);
  const store::ApiKey& key() const { return key_; }
  bool may(Scope scope) const { return (scopes_ >> static_cast<unsigned>(scope) & 1U) != 0; }
  /// Takes one request out of the key's bucket (which fills at `rate` up to `burst`); none: the key
  /// has no limit.
  std::optional<Allowance> spend(std::chrono::steady_clock::time_point now);

 private:
  store::ApiKey key_;
  unsigned scopes_ = 0;
  std::mutex mutex_;
  double tokens_ = 0;
  std::chrono::steady_clock::time_point filled_{};
};

/// The keys that have been used since any was changed. Safe from several threads.
class KeyRing {
 public:
  explicit KeyRing(store::Databases& databases) : databases_(databases) {}

  /// The caller with this key, from memory only.
  std::shared_ptr<Caller> recall(std::string_view key) const;
  /// The caller with this key, or null.
  std::shared_ptr<Caller> find(std::string_view key);
  /// Keys were added or revoked.
  void forget();

 private:
  store::Databases& databases_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Caller>> callers_;  // by the key's SHA-256
  std::unordered_map<std::string, std::shared_ptr<Caller>> before_;   // by id: their buckets go on
  std::uint64_t forgotten_ = 0;
};

/// The key in an `Authorization: Bearer …` field; nothing when there is none.
std::optional<std::string_view> bearer(std::string_view authorization);

}  // namespace rekey::server
