// The authorization request: the address that the browser is sent to (RFC 6749 4.1.1).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/oauth/provider.hpp"

namespace rekey::oauth {

/// Percent-encodes everything but RFC 3986 unreserved characters.
std::string encode(std::string_view text);
/// Undoes percent-encoding and, for form data, '+'. Bad escapes stay as they are.
std::string decode(std::string_view text, bool plus_is_space = true);
/// Unpadded base64url (RFC 4648 5).
std::string base64url(std::string_view bytes);

/// What one authorization request needs beside the provider.
struct AuthorizationRequest {
  std::string client_id;
  std::string redirect_uri;
  std::string state;           ///< unguessable, bound to the browser session (RFC 6749 10.12)
  std::string code_challenge;  ///< empty: PKCE was turned off
  std::string nonce;           ///< for OpenID scopes; empty: none
};

/// The address to send the browser to.
std::string authorization_url(const Provider& provider, const AuthorizationRequest& request);

/// The S256 challenge (RFC 7636 4.2) of a verifier whose SHA-256 (32 bytes) is given.
std::string pkce_challenge(std::string_view sha256_of_verifier);

}  // namespace rekey::oauth
