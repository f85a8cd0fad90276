#include "native/http/spool.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "native/log.hpp"

namespace rekey::http {

namespace {

constexpr std::size_t piece_size = 64 * 1024;

/// A file that only we have: gone when it is closed, whatever becomes of us. -1: none.
int nameless_file() {
  const char* given = std::getenv("TMPDIR");
  const std::string folder = given && *given ? given : "/var/tmp";
  int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  // A file system without such files.
  auto name = folder + "/rekey-XXXXXX";
  file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file >= 0) ::unlink(name.c_str());
  return file;
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

struct Spool::Key {
  std::array<unsigned char, 32> key{};
  std::array<unsigned char, 16> start{};
  ~Key() { OPENSSL_cleanse(key.data(), key.size()); }
};

/// AES-256 in counter mode: the same for writing and reading, from the first byte on. Nobody else
/// can write to the file, so nothing has to show that it is as it was.
class Spool::Cipher {
 public:
  explicit Cipher(const Key& key) : context_(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free) {
    if (!context_ || EVP_EncryptInit_ex(context_.get(), EVP_aes_256_ctr(), nullptr, key.key.data(),
                                        key.start.data()) != 1)
      throw std::runtime_error("the cipher of a spooled body cannot be made");
  }
  std::string apply(std::string_view bytes) {
    std::string out(bytes.size(), '\0');
    int length = 0;
    if (EVP_EncryptUpdate(context_.get(), reinterpret_cast<unsigned char*>(out.data()), &length,
                          reinterpret_cast<const unsigned char*>(bytes.data()),
                          static_cast<int>(bytes.size())) != 1 ||
        static_cast<std::size_t>(length) != bytes.size())
      throw std::runtime_error("a spooled body cannot be encrypted");
    return out;
  }

 private:
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_;
};

std::shared_ptr<Spool> Spool::make() {
  auto key = std::make_unique<Key>();
  if (RAND_bytes(key->key.data(), static_cast<int>(key->key.size())) != 1 ||
      RAND_bytes(key->start.data(), static_cast<int>(key->start.size())) != 1)
    return nullptr;
  const int file = nameless_file();
  if (file < 0) {
    log::error("http.no_spool", {{"what", std::strerror(errno)}});
    return nullptr;
  }
  try {
    return std::shared_ptr<Spool>(new Spool(file, std::move(key)));
  } catch (const std::exception& error) {
    log::error("http.no_spool", {{"what", error.what()}});
    ::close(file);
    return nullptr;
  }
}

Spool::Spool(int file, std::unique_ptr<Key> key)
    : file_(file), key_(std::move(key)), writing_(std::make_unique<Cipher>(*key_)) {}

Spool::~Spool() {
  ::close(file_);
}

bool Spool::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto some = bytes.substr(0, piece_size);
    if (!write_all(file_, writing_->apply(some))) {
      log::error("http.spool_full", {{"what", std::strerror(errno)}});
      return false;
    }
    size_ += some.size();
    bytes.remove_prefix(some.size());
  }
  return true;
}

std::function<std::string()> Spool::pieces() const {
  const auto reading = std::make_shared<Cipher>(*key_);
  return [spool = shared_from_this(), reading, at = std::size_t{0}]() mutable {
    std::string piece(std::min(piece_size, spool->size_ - at), '\0');
    for (std::size_t have = 0; have < piece.size();) {
      const auto count = ::pread(spool->file_, piece.data() + have, piece.size() - have,
                                 static_cast<off_t>(at + have));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) throw std::runtime_error("a spooled body cannot be read");
      have += static_cast<std::size_t>(count);
    }
    at += piece.size();
    return piece.empty() ? piece : reading->apply(piece);
  };
}

std::function<std::string()> body_pieces(const Request& request) {
  const auto begins = request.spool ? request.spool->pieces() : nullptr;
  return [begins, rest = std::string_view(request.body)]() mutable {
    auto piece = begins ? begins() : std::string();
    if (!piece.empty()) return piece;
    piece = rest.substr(0, piece_size);
    rest.remove_prefix(piece.size());
    return piece;
  };
}

}  // namespace rekey::http
