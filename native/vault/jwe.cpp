#include "native/vault/jwe.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "native/vault/gcm.hpp"
#include "native/vault/random.hpp"

namespace rekey::vault {
namespace {

struct Free {
  void operator()(EVP_PKEY_CTX* each) const { EVP_PKEY_CTX_free(each); }
  void operator()(BIO* each) const { BIO_free(each); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// EVP_PKEY functions say 0 or less when they fail, -2 for what a key is not made for.
void succeed(int result) {
  if (result <= 0) throw std::runtime_error("OpenSSL cannot seal for a public key.");
}

/// RFC 7518 section 4.3: OAEP with SHA-256, and MGF1 with SHA-256.
std::string wrap(EVP_PKEY* key, const Secret& content_key) {
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
  succeed(EVP_PKEY_encrypt_init(context.get()));
  succeed(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING));
  succeed(EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()));
  succeed(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()));
  const auto& plain = content_key.reveal();
  const auto* from = reinterpret_cast<const unsigned char*>(plain.data());
  std::size_t size = 0;
  succeed(EVP_PKEY_encrypt(context.get(), nullptr, &size, from, plain.size()));
  std::string wrapped(size, '\0');
  auto* to = reinterpret_cast<unsigned char*>(wrapped.data());
  succeed(EVP_PKEY_encrypt(context.get(), to, &size, from, plain.size()));
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
  // RFC 7516 section 5.1, step 14: the encoded header is the additional authenticated data.
  const auto sealed = gcm_seal(content_key, nonce, {header}, text);
  return header + '.' + base64url_encode(wrap(key_.get(), content_key)) + '.' +
         base64url_encode(nonce) + '.' + base64url_encode(sealed.text) + '.' +
         base64url_encode(sealed.tag);
}

}  // namespace rekey::vault
