// OAuth 1.0a connections as they were: which there are, whether a request is signed by them, and
// how they are renewed and ended.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "native/http/http.hpp"
#include "native/sandbox/kept/keep.hpp"
#include "native/sandbox/kept/kept.hpp"

namespace rekey::sandbox {

/// An application of the old platform.
struct LegacyApp {
  std::string consumer_key;
  std::string consumer_secret;
};

/// One company's connection to it.
struct LegacyConnection {
  LegacyApp app;
  std::string token;
  std::string token_secret;
  std::string realm;
  Instant issued{};
  bool migrated = false;
};

/// What the platform answers, by its own numbers.
enum class LegacyCode {
  ok = 0,
  needs_authorization = 22,
  app_unknown = 24,
  too_early = 212,
  token_rejected = 270,
};

/// Tokens live half a year, and are renewed in the last month of it only.
inline constexpr Millis legacy_life = std::chrono::hours{24 * 180};
inline constexpr Millis legacy_window = std::chrono::hours{24 * 30};

/// Thread-safe.
class LegacyConnections {
 public:
  explicit LegacyConnections(std::vector<LegacyApp> apps) : apps_(std::move(apps)) {}

  /// A new connection of the first application.
  LegacyConnection add(const std::string& realm, Instant issued);
  /// One that exists elsewhere already.
  void add(LegacyConnection connection);

  struct Verdict {
    LegacyCode code = LegacyCode::needs_authorization;
    std::optional<LegacyConnection> connection;  ///< whose signature it is, if it is one
  };
  /// Verifies the signature of a request (RFC 5849 section 3). `url` is the request's address
  /// without its query, as the client wrote it.
  Verdict verify(const http::Request& request, const std::string& url, Instant now) const;
  /// Whether time stamps must be of now and nonces new (RFC 5849 section 3.3).
  void check_nonces(bool check);

  /// A new token and secret for a connection whose time has come; the old ones end.
  std::pair<LegacyCode, std::optional<LegacyConnection>> reconnect(const LegacyConnection& old,
                                                                   Instant now);
  void disconnect(const LegacyConnection& connection);
  /// Ends all connections to a company, or, without one, all there are; tells how many.
  std::size_t end_company(const std::string& realm = {});
  /// Notes that a connection was exchanged for a grant; false if it was before. It goes on working.
  bool mark_migrated(const LegacyConnection& connection);
  std::vector<LegacyConnection> all() const;

  /// Gives back what was kept, in place of what there is.
  void restore(const nlohmann::json& body);
  /// Tells of every change ("legacy", all of them) from now on.
  void keep_with(Keep keep) { keep_ = std::move(keep); }

 private:
  bool is_new(const std::vector<std::pair<std::string, std::string>>& header, Instant now) const;
  void tell() const;

  mutable std::mutex mutex_;
  Keep keep_;
  std::vector<LegacyApp> apps_;
  std::vector<LegacyConnection> connections_;
  bool check_nonces_ = false;
  /// Time stamp, token and nonce of each request that was taken, and when. Remembering them changes
  /// no connection.
  mutable std::map<std::string, Instant> nonces_;
};

/// The XML (or, when asked for, JSON) answer to a disconnect or reconnect.
http::Response legacy_response(const http::Request& request, const char* root, LegacyCode code,
                               const std::optional<LegacyConnection>& renewed, Instant now);

}  // namespace rekey::sandbox
