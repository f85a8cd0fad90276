// The copy of parts of the store that the server keeps in memory. A change in the store, by this
// process or another, takes it out within a second.
#pragma once

#include "native/server/api_keys.hpp"
#include "native/server/token_cache.hpp"
#include "native/work/change_watch.hpp"
#include "native/work/driver.hpp"

namespace rekey::server {

/// The tokens that were made because the host said that one was refused, for as long as saying so
/// of them would be too soon.
class Renewals {
 public:
  struct Renewal {
    Instant at{};
    std::string token_id;
  };
  std::optional<Renewal> last(const std::string& connection) const;
  /// Forgets those noted before `too_old`.
  void note(const std::string& connection, Renewal renewal, Instant too_old);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Renewal> last_;
};

/// Keys and access tokens. What this process changes is forgotten before the caller who made
/// the change gets the answer. Changes of other processes are told to this one's listeners.
class Memory {
 public:
  Memory(std::shared_ptr<store::Databases> databases, work::Hub& hub);

  /// False: nothing here may be used without a look at the store.
  bool is_current() const { return watch_.is_current(); }

  KeyRing keys;
  TokenCache tokens;
  Renewals renewals;

 private:
  void forget(const std::string& subject);

  work::Hub& hub_;
  std::shared_ptr<void> listening_;
  work::ChangeWatch watch_;  // last: it stops first
};

}  // namespace rekey::server
