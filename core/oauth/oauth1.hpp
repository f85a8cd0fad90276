// OAuth 1.0a requests with the credential of a legacy connection (RFC 5849). The HMAC itself is
// passed in: there is no cryptography in the core.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/secret.hpp"

namespace rekey::oauth {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The signature base string (RFC 5849 3.4.1): `parameters` are all of the query, of a form body
/// and of the Authorization header but `realm` and `oauth_signature`, decoded. The query in `url`
/// is not read.
std::string signature_base_string(std::string_view method, std::string_view url,
                                  Parameters parameters);

/// A consumer's and a token's credentials.
struct Credential {
  std::string consumer_key;
  Secret consumer_secret;
  std::string token;
  Secret token_secret;
};

/// HMAC-SHA1 of a text under a key, as 20 raw bytes.
using HmacSha1 = std::function<std::string(const Secret& key, std::string_view text)>;

/// The Authorization header's value of a request without parameters of its own, signed with
/// HMAC-SHA1 (RFC 5849 3.4.2, 3.5.1). `timestamp` in seconds.
std::string authorization_header(std::string_view method, std::string_view url,
                                 const Credential& credential, std::string_view nonce,
                                 std::int64_t timestamp, const HmacSha1& hmac);

/// Base64 with padding, as signatures are written.
std::string base64(std::string_view bytes);

}  // namespace rekey::oauth
