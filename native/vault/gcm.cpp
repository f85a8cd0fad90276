#include "native/vault/gcm.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace rekey::vault {
namespace {

struct CipherDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter>;

const unsigned char* in(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}
int length(std::string_view bytes) {
  return static_cast<int>(bytes.size());
}

void must(int result) {
  if (result != 1) throw std::runtime_error("OpenSSL cannot encrypt with AES-256-GCM.");
}

}  // namespace

Sealed gcm_seal(const Secret& key, std::string_view nonce,
                std::initializer_list<std::string_view> bound, const Secret& secret) {
  const std::string& plain = secret.reveal();
  Sealed sealed{std::string(plain.size(), '\0'), std::string(tag_bytes, '\0')};
  int written = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  must(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key.reveal()), in(nonce)));
  for (const auto part : bound)
    must(EVP_EncryptUpdate(cipher.get(), nullptr, &written, in(part), length(part)));
  must(EVP_EncryptUpdate(cipher.get(), out(sealed.text), &written, in(plain), length(plain)));
  must(EVP_EncryptFinal_ex(cipher.get(), out(sealed.text) + written, &written));
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes),
                           sealed.tag.data()));
  return sealed;
}

std::optional<Secret> gcm_open(const Secret& key, std::string_view nonce,
                               std::initializer_list<std::string_view> bound,
                               std::string_view sealed, std::string_view tag) {
  std::string plain(sealed.size(), '\0');
  std::string expected(tag);
  int written = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  must(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key.reveal()), in(nonce)));
  for (const auto part : bound)
    must(EVP_DecryptUpdate(cipher.get(), nullptr, &written, in(part), length(part)));
  must(EVP_DecryptUpdate(cipher.get(), out(plain), &written, in(sealed), length(sealed)));
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes),
                           expected.data()));
  Secret secret(std::move(plain));
  // Only now is it known whether the bytes are what was sealed; before, they are nothing.
  std::string rest(tag_bytes, '\0');
  if (EVP_DecryptFinal_ex(cipher.get(), out(rest), &written) != 1) return std::nullopt;
  return secret;
}

}  // namespace rekey::vault
