#include "native/vault/blob.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "native/vault/random.hpp"

namespace rekey::vault {
namespace {

constexpr char format = 1;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

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

struct Parts {
  std::string_view header;
  std::string_view key_id;
  std::string_view nonce;
  std::string_view sealed;
  std::string_view tag;
};

std::optional<Parts> split(std::string_view blob) {
  if (blob.size() < 2 || blob[0] != format) return std::nullopt;
  const std::size_t id_bytes = static_cast<unsigned char>(blob[1]);
  const std::size_t header_bytes = 2 + id_bytes;
  if (blob.size() < header_bytes + nonce_bytes + tag_bytes) return std::nullopt;
  Parts parts;
  parts.header = blob.substr(0, header_bytes);
  parts.key_id = blob.substr(2, id_bytes);
  parts.nonce = blob.substr(header_bytes, nonce_bytes);
  parts.tag = blob.substr(blob.size() - tag_bytes);
  parts.sealed =
      blob.substr(header_bytes + nonce_bytes, blob.size() - header_bytes - nonce_bytes - tag_bytes);
  return parts;
}

}  // namespace

std::string seal_blob(const Secret& key, std::string_view key_id, std::string_view bound,
                      const Secret& secret) {
  if (key.reveal().size() != key_bytes || key_id.size() > 255)
    throw std::runtime_error("A key for AES-256-GCM has 32 bytes and an id of at most 255.");
  const std::string header = blob_header(key_id);
  const std::string nonce = random_bytes(nonce_bytes);
  const std::string& plain = secret.reveal();
  std::string sealed(plain.size(), '\0');
  std::string tag(tag_bytes, '\0');
  int written = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  must(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key.reveal()), in(nonce)));
  must(EVP_EncryptUpdate(cipher.get(), nullptr, &written, in(header), length(header)));
  must(EVP_EncryptUpdate(cipher.get(), nullptr, &written, in(bound), length(bound)));
  must(EVP_EncryptUpdate(cipher.get(), out(sealed), &written, in(plain), length(plain)));
  must(EVP_EncryptFinal_ex(cipher.get(), out(sealed) + written, &written));
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes),
                           tag.data()));
  return header + nonce + sealed + tag;
}

std::optional<Secret> open_blob(const Secret& key, std::string_view bound, std::string_view blob) {
  const auto parts = split(blob);
  if (!parts || key.reveal().size() != key_bytes) return std::nullopt;
  std::string plain(parts->sealed.size(), '\0');
  std::string tag(parts->tag);
  int written = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  must(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key.reveal()),
                          in(parts->nonce)));
  must(
      EVP_DecryptUpdate(cipher.get(), nullptr, &written, in(parts->header), length(parts->header)));
  must(EVP_DecryptUpdate(cipher.get(), nullptr, &written, in(bound), length(bound)));
  must(EVP_DecryptUpdate(cipher.get(), out(plain), &written, in(parts->sealed),
                         length(parts->sealed)));
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes),
                           tag.data()));
  Secret secret(std::move(plain));
  // Only now is it known whether the bytes are what was sealed; before, they are nothing.
  std::string rest(tag_bytes, '\0');
  if (EVP_DecryptFinal_ex(cipher.get(), out(rest), &written) != 1) return std::nullopt;
  return secret;
}

std::optional<std::string_view> blob_key_id(std::string_view blob) {
  const auto parts = split(blob);
  if (!parts) return std::nullopt;
  return parts->key_id;
}

std::string blob_header(std::string_view key_id) {
  return std::string{format, static_cast<char>(key_id.size())}.append(key_id);
}

Binding& Binding::add(std::string_view field) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes_ += static_cast<char>(field.size() >> shift & 0xff);
  bytes_ += field;
  return *this;
}

}  // namespace rekey::vault
