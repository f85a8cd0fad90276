// The bytes of one sealed value: AES-256-GCM with a header that says which key opens it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/secret.hpp"
#include "native/vault/gcm.hpp"

namespace rekey::vault {

/// Seals `secret` with a fresh random nonce. The header and `bound` are authenticated with it.
/// Throws std::runtime_error when OpenSSL cannot, which is never the input's fault.
std::string seal_blob(const Secret& key, std::string_view key_id, std::string_view bound,
                      const Secret& secret);

/// The secret, or nothing when any bit of key, blob or `bound` is not the one of the sealing.
std::optional<Secret> open_blob(const Secret& key, std::string_view bound, std::string_view blob);

/// The id of the key in the header of a blob, or nothing when it is not a blob of a known format.
std::optional<std::string_view> blob_key_id(std::string_view blob);

/// The bytes that every blob sealed under a key of this id begins with.
std::string blob_header(std::string_view key_id);

/// Collects fields so that no two different lists of fields give the same bytes.
class Binding {
 public:
  explicit Binding(std::string_view purpose) { add(purpose); }
  Binding& add(std::string_view field);
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace rekey::vault
