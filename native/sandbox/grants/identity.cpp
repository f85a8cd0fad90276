#include "native/sandbox/grants/identity.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <vector>

#include "native/sandbox/made/names.hpp"
#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/times.hpp"
#include "native/vault/random.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

/// A number of the key as unsigned big-endian bytes (RFC 7518 section 6.3.1).
std::string number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
    throw std::runtime_error("the signing key cannot be read");
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(number);
  return vault::base64url_encode(bytes);
}

EVP_PKEY* read_pem(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return key;
}

std::string write_pem(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

}  // namespace

std::string subject_of(const std::string& user) {
  const std::string hex = vault::sha256_hex("subject of " + user);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20, 12);
}

json userinfo(const Consent& consent) {
  json out = {{"sub", subject_of(consent.user)}};
  const std::string slug = plain_slug(consent.user.substr(0, consent.user.find('@')));
  if (consent.has_scope("email")) {
    out["email"] = consent.user.find('@') != std::string::npos
                       ? consent.user
                       : (slug.empty() ? "someone" : slug) + "@mail.example";
    out["emailVerified"] = true;
  }
  if (consent.has_scope("profile") || consent.has_scope("intuit_name")) {
    out["givenName"] = "Robin";
    out["familyName"] = "Sandbox";
  }
  if (consent.has_scope("phone")) {
    out["phoneNumber"] = "+1 555 0100";
    out["phoneNumberVerified"] = true;
  }
  if (consent.has_scope("address"))
    out["address"] = {{"streetAddress", "1 Mill Lane"},
                      {"locality", "Cedarton"},
                      {"region", "Dryfork"},
                      {"postalCode", "10001"},
                      {"country", "USA"}};
  return out;
}

struct SigningKey::Parts {
  EVP_PKEY* key = nullptr;
  std::string id;
  ~Parts() { EVP_PKEY_free(key); }
};

SigningKey::SigningKey() = default;
SigningKey::~SigningKey() = default;

const SigningKey::Parts& SigningKey::parts() {
  std::call_once(once_, [this] {
    parts_ = std::make_unique<Parts>();
    if (!pem_.empty()) parts_->key = read_pem(pem_);
    if (!parts_->key) {
      parts_->key = EVP_RSA_gen(2048);
      if (keep_ && parts_->key) keep_("key", "signing", write_pem(parts_->key));
    }
    if (!parts_->key) throw std::runtime_error("no signing key could be made");
    parts_->id =
        "sandbox-" + vault::sha256_hex(number_of(parts_->key, OSSL_PKEY_PARAM_RSA_N)).substr(0, 16);
  });
  return *parts_;
}

json SigningKey::key_set() {
  const Parts& p = parts();
  return {{"keys",
           {{{"kty", "RSA"},
             {"use", "sig"},
             {"alg", "RS256"},
             {"kid", p.id},
             {"e", number_of(p.key, OSSL_PKEY_PARAM_RSA_E)},
             {"n", number_of(p.key, OSSL_PKEY_PARAM_RSA_N)}}}}};
}

std::string SigningKey::sign(const json& claims) {
  const Parts& p = parts();
  const json header = {{"kid", p.id}, {"alg", "RS256"}};
  const std::string text =
      vault::base64url_encode(header.dump()) + "." + vault::base64url_encode(json_text(claims));
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, p.key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1)
    throw std::runtime_error("an id token could not be signed");
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes, text.size()) != 1)
    throw std::runtime_error("an id token could not be signed");
  signature.resize(size);
  return text + "." + vault::base64url_encode(signature);
}

std::string make_id_token(SigningKey& key, const Consent& consent, Instant now) {
  // `aud` is a list, and the company's claim has no capital letter: so it is at Intuit.
  json claims = {{"iss", fixed_issuer},
                 {"sub", subject_of(consent.user)},
                 {"aud", json::array({consent.client_id})},
                 {"exp", seconds_of(now) + 3600},
                 {"iat", seconds_of(now)},
                 {"auth_time", seconds_of(consent.at)}};
  if (!consent.realm.empty()) claims["realmid"] = consent.realm;
  if (!consent.nonce.empty()) claims["nonce"] = consent.nonce;
  return key.sign(claims);
}

}  // namespace rekey::sandbox
