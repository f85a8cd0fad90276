#include "native/vault/blob.hpp"

#include <stdexcept>

#include "native/vault/gcm.hpp"
#include "native/vault/random.hpp"

namespace rekey::vault {
namespace {

constexpr char format = 1;

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
  const auto sealed = gcm_seal(key, nonce, {header, bound}, secret);
  return header + nonce + sealed.text + sealed.tag;
}

std::optional<Secret> open_blob(const Secret& key, std::string_view bound, std::string_view blob) {
  const auto parts = split(blob);
  if (!parts || key.reveal().size() != key_bytes) return std::nullopt;
  return gcm_open(key, parts->nonce, {parts->header, bound}, parts->sealed, parts->tag);
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
