// AES-256-GCM (NIST SP 800-38D), as blobs and JWE both use it.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.hpp"

namespace rekey::vault {

inline constexpr std::size_t key_bytes = 32;
inline constexpr std::size_t nonce_bytes = 12;
inline constexpr std::size_t tag_bytes = 16;

struct Sealed {
  std::string text;  ///< as long as what was sealed
  std::string tag;
};

/// The key and the nonce have the sizes above; `bound` is authenticated with the secret, one part
/// after the other. Throws std::runtime_error when OpenSSL cannot, which is never the input's
/// fault.
Sealed gcm_seal(const Secret& key, std::string_view nonce,
                std::initializer_list<std::string_view> bound, const Secret& secret);

/// The secret, or nothing when any bit of what is given is not the one of the sealing.
std::optional<Secret> gcm_open(const Secret& key, std::string_view nonce,
                               std::initializer_list<std::string_view> bound,
                               std::string_view sealed, std::string_view tag);

}  // namespace rekey::vault
