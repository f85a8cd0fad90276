#include "native/vault/jwe.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "native/vault/random.hpp"

namespace rekey::vault {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

struct Free {
  void operator()(EVP_CIPHER_CTX* each) const { EVP_CIPHER_CTX_free(each); }
  void operator()(EVP_PKEY_CTX* each) const { EVP_PKEY_CTX_free(each); }
  void operator()(BIO* each) const { BIO_free(each); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* in(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void must(int result) {
  if (result <= 0) throw std::runtime_error("OpenSSL cannot seal for a public key.");
}

/// RFC 7518 section 4.3: OAEP with SHA-256, and MGF1 with SHA-256.
std::string wrap(EVP_PKEY* key, const Secret& content_key) {
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
  must(EVP_PKEY_encrypt_init(context.get()));
  must(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING));
  must(EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()));
  must(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()));
  const auto& plain = content_key.reveal();
  std::size_t size = 0;
  must(EVP_PKEY_encrypt(context.get(), nullptr, &size, in(plain), plain.size()));
  std::string wrapped(size, '\0');
  must(EVP_PKEY_encrypt(context.get(), out(wrapped), &size, in(plain), plain.size()));
  wrapped.resize(size);
  return wrapped;
}

}  // namespace

Result<Recipient> Recipient::from_pem(const std::string& pem) {
  const Owned<BIO> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr),
                                EVP_PKEY_free);
  if (!key)
    return fail(Code::bad_input,
                "This is not a public key in PEM form (\"BEGIN PUBLIC KEY\"). OpenSSL makes one: "
                "openssl pkey -in private.pem -pubout.");
  const int bits = EVP_PKEY_bits(key.get());
  if (EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA || bits < 2048 || bits > 8192)
    return fail(Code::bad_input,
                "The public key must be one of RSA with 2048 to 8192 bits. OpenSSL makes one: "
                "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072.");
  return Recipient(std::move(key));
}

std::string Recipient::seal_json(const Secret& text) const {
  static const std::string header =
      base64url_encode(R"({"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"application/json"})");
  const Secret content_key(random_bytes(key_bytes));
  const std::string nonce = random_bytes(nonce_bytes);
  const std::string& plain = text.reveal();
  std::string sealed(plain.size(), '\0'), tag(tag_bytes, '\0'), rest(tag_bytes, '\0');
  int written = 0;
  const Owned<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  must(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(content_key.reveal()),
                          in(nonce)));
  // RFC 7516 section 5.1, step 14: the encoded header is the additional authenticated data.
  must(EVP_EncryptUpdate(cipher.get(), nullptr, &written, in(header),
                         static_cast<int>(header.size())));
  must(EVP_EncryptUpdate(cipher.get(), out(sealed), &written, in(plain),
                         static_cast<int>(plain.size())));
  must(EVP_EncryptFinal_ex(cipher.get(), out(rest), &written));
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes),
                           tag.data()));
  return header + '.' + base64url_encode(wrap(key_.get(), content_key)) + '.' +
         base64url_encode(nonce) + '.' + base64url_encode(sealed) + '.' + base64url_encode(tag);
}

}  // namespace rekey::vault
