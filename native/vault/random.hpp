// Random values, digests and the two base64 alphabets, over OpenSSL.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rekey::vault {

/// Bytes from the system's generator. Throws std::runtime_error when there are none to be had:
/// nothing may go on with values that can be guessed.
std::string random_bytes(std::size_t count);
/// As many random bytes in base64url: a state, a verifier, a session, an id.
std::string random_token(std::size_t bytes = 32);

/// RFC 4648 section 4, with padding.
std::string base64_encode(std::string_view bytes);
/// Nothing when the text is not exactly that.
std::optional<std::string> base64_decode(std::string_view text);
/// RFC 4648 section 5, without padding.
std::string base64url_encode(std::string_view bytes);
/// Nothing when the text is not exactly that.
std::optional<std::string> base64url_decode(std::string_view text);
/// Lower case.
std::string hex_encode(std::string_view bytes);

/// Digests and codes as raw bytes.
std::string sha256(std::string_view bytes);
std::string hmac_sha1(std::string_view key, std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);

inline std::string sha256_hex(std::string_view bytes) {
  return hex_encode(sha256(bytes));
}
/// What PKCE calls S256, and what a token is stored as when it is only ever compared.
inline std::string sha256_base64url(std::string_view bytes) {
  return base64url_encode(sha256(bytes));
}

}  // namespace rekey::vault
