#include "http_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "native/vault/random.hpp"

namespace rekey::testing {
namespace {

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot make a certificate for a test");
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

void write(const std::string& path, auto put) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  must(file != nullptr && put(file) == 1);
  std::fclose(file);
}

}  // namespace

Certificate::Certificate()
    : folder_(std::filesystem::temp_directory_path() /
              ("rekey-certificate-" + vault::random_token(9))) {
  std::filesystem::create_directory(folder_);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), &X509_free);
  must(key && made);
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 24 * 3600);
  X509_set_pubkey(made.get(), key.get());
  X509_NAME* name = X509_get_subject_name(made.get());
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                  reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                                  0) == 1);
  X509_set_issuer_name(made.get(), name);
  add_extension(made.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
  must(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
  write(certificate(), [&](std::FILE* file) { return PEM_write_X509(file, made.get()); });
  write(this->key(), [&](std::FILE* file) {
    return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

Certificate::~Certificate() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace rekey::testing
