// Answers with access tokens that are served without a look at the store.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/secret.hpp"
#include "core/time.hpp"

namespace rekey::server {

/// Bounded by bytes, the longest unused go first, and everything is wiped when it goes. What is put
/// in after something was forgotten, but was read before, is not taken: it may be what was
/// forgotten. Safe from several threads.
class TokenCache {
 public:
  explicit TokenCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  struct Kept {
    Secret body;           ///< JSON
    Instant good_until{};  ///< later than this the token has to be looked at again
    Instant expires{};
  };

  std::shared_ptr<const Kept> find(std::string_view connection);

  /// To be taken before reading what will be put.
  std::uint64_t ticket() const;
  void put(std::uint64_t ticket, const std::string& connection, Kept kept);

  void forget(const std::string& connection);
  void forget_all();

 private:
  struct Entry {
    std::string connection;
    std::shared_ptr<const Kept> kept;
  };
  using Entries = std::list<Entry>;
  static std::size_t size_of(const Entry& entry);
  void drop(Entries::iterator entry);

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  Entries entries_;  // the one used last is in front
  std::unordered_map<std::string_view, Entries::iterator> by_connection_;
  std::size_t bytes_ = 0;
  std::uint64_t forgotten_ = 0;
};

}  // namespace rekey::server
