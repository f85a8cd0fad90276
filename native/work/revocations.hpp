// Revokes tokens whose connection is deleted: tried with growing pauses for a day.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "native/async/few.hpp"
#include "native/work/driver.hpp"
#include "native/work/provider_clients.hpp"

namespace rekey::work {

/// How the end of a deleted connection's grants stands, as a proof and its confirmation say it.
namespace revocation {
constexpr const char* revoked = "revoked";
constexpr const char* pending = "pending";
constexpr const char* given_up = "given_up";          ///< the provider was not reached for a day
constexpr const char* nothing = "nothing_to_revoke";  ///< there was no grant
constexpr const char* not_offered = "not_offered";    ///< the provider has no such endpoint
}  // namespace revocation

/// Keeps a token to be revoked, in the caller's transaction; gives its name here, which tells
/// nothing about where it came from. It is sealed under a data key of its own. `client_id`: the
/// client the token was given to, which alone can revoke it (RFC 7009 2.1); empty: not known.
std::string keep_to_revoke(store::Database& db, const SecretStore& secrets, const Secret& token,
                           const std::string& client_id, Instant now);
/// The same of the credential of an OAuth 1.0a connection, as it was sealed with that.
std::string keep_to_retire(store::Database& db, const SecretStore& secrets,
                           const Secret& credential, Instant now);

/// Keeps the tokens of an answer that came when its connection was no longer there.
void revoke_late(Driver& driver, const ProviderClients& clients, const Secret& refresh_token,
                 const Secret& access_token);

/// Those of these that are still to be revoked.
std::vector<std::string> still_to_revoke(store::Database& db, const std::vector<std::string>& ids);
/// Their outcome is noted with the deletion of this digest.
void belongs_to_deletion(store::Database& db, const std::string& id, const std::string& digest);

/// Tries the one that has waited longest, if its time has come, and waits for the provider. False:
/// there was none. For tests and commands; a service has a `Revoker`.
bool revoke_next(Driver& driver, const ProviderClients& clients);

/// Does that until destroyed, for many at once: one that the provider does not answer is in
/// nobody's way. The work is leased, so several processes share it. What is asked just then when it
/// goes is ended in the pool, which is waited for before the driver goes.
class Revoker {
 public:
  Revoker(Driver& driver, ProviderClients clients);
  ~Revoker();
  Revoker(const Revoker&) = delete;
  Revoker& operator=(const Revoker&) = delete;

 private:
  void work();
  bool begin_one();

  Driver& driver_;
  ProviderClients clients_;
  async::Few under_way_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace rekey::work
