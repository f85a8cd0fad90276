// Sealing for another party's public key, in a form every JOSE library opens: JWE (RFC 7516).
#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "core/secret.hpp"

struct evp_pkey_st;

namespace rekey::vault {

/// An RSA public key that texts can be sealed for: RSA-OAEP-256 and A256GCM (RFC 7518 4.3 and 5.3).
class Recipient {
 public:
  /// Reads a PEM public key ("BEGIN PUBLIC KEY") of 2048 to 8192 bits; the error says what is
  /// wrong.
  static Result<Recipient> from_pem(const std::string& pem);

  /// The compact form (RFC 7516 section 7.1) of a JSON text: letters, digits, '-', '_' and '.'.
  std::string seal_json(const Secret& text) const;

 private:
  explicit Recipient(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace rekey::vault
