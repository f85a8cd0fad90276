// The body of a request that is too long for memory: in a file of no name, until it was answered.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "native/http/http.hpp"

namespace rekey::http {

/// Bytes in a file that has no name, encrypted under a key that is nowhere but here: what is left
/// of it on the disk means nothing to anybody. Written by one thread, then read by any.
class Spool : public std::enable_shared_from_this<Spool> {
 public:
  /// A new one in TMPDIR, or in /var/tmp; null: no file can be made there, which is logged.
  static std::shared_ptr<Spool> make();
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Adds bytes. False: there is no room for them.
  bool append(std::string_view bytes);
  std::size_t size() const { return size_; }
  /// Gives the bytes from the first one on, piece by piece; empty: that was all. Throws
  /// std::runtime_error when they cannot be read. It keeps the file.
  std::function<std::string()> pieces() const;

 private:
  class Cipher;
  struct Key;
  Spool(int file, std::unique_ptr<Key> key);

  int file_;
  std::unique_ptr<Key> key_;
  std::unique_ptr<Cipher> writing_;
  std::size_t size_ = 0;
};

/// The body of a request from its first byte on, piece by piece, wherever it is; empty: that was
/// all. The request must outlive it.
std::function<std::string()> body_pieces(const Request& request);

}  // namespace rekey::http
