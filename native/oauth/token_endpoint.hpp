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

namespace rekey::oauth {

/// Who we are at the provider.
struct ClientIdentity {
  std::string client_id;
  Secret client_secret;
};

using TokenAnswer = tl::expected<Tokens, Failure>;

/// Calls the token and revocation endpoints with client_secret_basic (RFC 6749 2.3.1). Must outlive
/// what it has been asked.
class TokenEndpoint {
 public:
  TokenEndpoint(Provider provider, ClientIdentity identity, std::shared_ptr<http::Client> client,
                std::function<Instant()> clock);

  /// The client id that every call is made with.
  const std::string& client_id() const { return identity_.client_id; }

  /// Exchanges a code (RFC 6749 4.1.3), once; `verifier` empty: no PKCE in this attempt.
  async::Task<TokenAnswer> exchange(const Secret& code, const std::string& redirect_uri,
                                    const Secret& verifier) const;
  /// Renews (RFC 6749 6).
  async::Task<TokenAnswer> refresh(const Secret& refresh_token) const;
  /// Ends a grant (RFC 7009). False: the provider did not say that it is ended: it could not be
  /// reached, is in trouble, or refuses our own credentials.
  async::Task<bool> revoke(Secret token) const;

 private:
  async::Task<TokenAnswer> post(std::string form) const;
  std::string basic() const;

  Provider provider_;
  ClientIdentity identity_;
  std::shared_ptr<http::Client> client_;
  std::function<Instant()> clock_;
};

}  // namespace rekey::oauth
