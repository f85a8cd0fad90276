#include "native/server/token_cache.hpp"

namespace rekey::server {

std::size_t TokenCache::size_of(const Entry& entry) {
  constexpr std::size_t overhead = 256;  // nodes of the list and the map, the string's own
  return entry.kept->body.reveal().size() + overhead;
}

std::shared_ptr<const TokenCache::Kept> TokenCache::find(std::string_view connection) {
  const std::lock_guard lock(mutex_);
  const auto at = by_connection_.find(connection);
  if (at == by_connection_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, at->second);
  return at->second->kept;
}

std::uint64_t TokenCache::ticket() const {
  const std::lock_guard lock(mutex_);
  return forgotten_;
}

void TokenCache::put(std::uint64_t ticket, const std::string& connection, Kept kept) {
  const std::lock_guard lock(mutex_);
  if (ticket != forgotten_) return;
  if (const auto at = by_connection_.find(connection); at != by_connection_.end()) drop(at->second);
  Entry entry{connection, std::make_shared<const Kept>(std::move(kept))};
  if (size_of(entry) > most_bytes_) return;
  entries_.push_front(std::move(entry));
  by_connection_[entries_.front().connection] = entries_.begin();
  bytes_ += size_of(entries_.front());
  while (bytes_ > most_bytes_ && !entries_.empty()) drop(std::prev(entries_.end()));
}

void TokenCache::forget(const std::string& connection) {
  const std::lock_guard lock(mutex_);
  ++forgotten_;
  if (const auto at = by_connection_.find(connection); at != by_connection_.end()) drop(at->second);
}

void TokenCache::forget_all() {
  const std::lock_guard lock(mutex_);
  ++forgotten_;
  while (!entries_.empty()) drop(entries_.begin());
}

void TokenCache::drop(Entries::iterator entry) {
  bytes_ -= size_of(*entry);
  by_connection_.erase(entry->connection);
  entries_.erase(entry);
}

}  // namespace rekey::server
