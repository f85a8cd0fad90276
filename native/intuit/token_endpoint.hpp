// The confidential half of OAuth 2.0: the only code that knows the client secret.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/oauth/provider.hpp"
#include "core/oauth/token.hpp"
#include "native/async/task.hpp"
#include "native/http/http.hpp"

namespace rekey::intuit {

/// Who we are at the provider.
struct ClientIdentity {
  std::string client_id;
  Secret client_secret;
};

/// Why a token call gave no tokens. `maybe_done`: the provider may have acted on it all the same,
/// so a code or refresh token that was sent must count as spent.
struct TokenFailure {
  oauth::TokenFault fault = oauth::TokenFault::unavailable;
  bool maybe_done = false;
  std::string debug;                    ///< status and intuit_tid, for the log
  std::optional<Millis> retry_after{};  ///< what the provider asks us to wait (RFC 9110 10.2.3)
};

using TokenAnswer = tl::expected<oauth::Tokens, TokenFailure>;

/// Calls the token and revocation endpoints with client_secret_basic (RFC 6749 2.3.1). Must outlive
/// what it has been asked.
class TokenEndpoint {
 public:
  TokenEndpoint(oauth::Provider provider, ClientIdentity identity,
                std::shared_ptr<http::Client> client, std::function<Instant()> clock);

  /// Exchanges a code (RFC 6749 4.1.3), once; `verifier` empty: no PKCE in this attempt.
  async::Task<TokenAnswer> exchange(const Secret& code, const std::string& redirect_uri,
                                    const Secret& verifier) const;
  /// Renews (RFC 6749 6).
  async::Task<TokenAnswer> refresh(const Secret& refresh_token) const;
  /// Ends a grant (RFC 7009). Any answer of the provider counts as ended: it answers 400 for what
  /// it has ended before. False: it could not be reached or is in trouble.
  async::Task<bool> revoke(Secret token) const;

 private:
  async::Task<TokenAnswer> post(std::string form) const;
  std::string basic() const;

  oauth::Provider provider_;
  ClientIdentity identity_;
  std::shared_ptr<http::Client> client_;
  std::function<Instant()> clock_;
};

}  // namespace rekey::intuit
