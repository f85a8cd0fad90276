// Deletes a connection or a tenant, and proves it.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "native/store/erasing.hpp"
#include "native/work/driver.hpp"
#include "native/work/provider_clients.hpp"

namespace rekey::work {

/// What was deleted. Nothing of it is kept but `digest`, so a holder of the proof can have it
/// confirmed, and the store does not tell what it was about.
struct Erasure {
  std::string connection;                ///< the one that was to be deleted; empty: a tenant was
  std::vector<std::string> connections;  ///< of the tenant that was to be deleted
  std::string tenant;
  Instant at{};
  std::string revocation;  ///< one of work::revocation
  store::Rows rows;        ///< deleted, by table

  /// With `digest`: SHA-256 in hex of the same JSON without it, keys sorted, without spaces.
  wire::Json proof() const;
  std::string digest() const;
};

/// How a deletion is made.
struct ErasureOptions {
  bool keep_tenant = false;                   ///< of a connection alone
  Millis patience = std::chrono::seconds{3};  ///< for the provider, and for a refresh under way
};

/// Turns the connection off, ends its grants at the provider as far as it answers in time (what it
/// does not confirm is tried again by `Revoker`), and deletes everything that belongs to it. Its
/// tenant goes too when it has no other connection, unless it is to be kept. Rows are overwritten;
/// what is not finished (a log that is being read, messages that wait to be sent) is finished by
/// `Eraser`. Throws NotFound when there is no such connection.
Erasure erase_connection(Driver& driver, const ProviderClients& clients, const wire::Actor& actor,
                         const std::string& id, const ErasureOptions& options = {});
/// The same of a tenant with all its connections. Throws NotFound when there is none.
Erasure erase_tenant(Driver& driver, const ProviderClients& clients, const wire::Actor& actor,
                     const std::string& id, const ErasureOptions& options = {});

/// A thread that finishes deletions: each second while one is pending, also one from before the
/// start.
class Eraser {
 public:
  explicit Eraser(Driver& driver);
  ~Eraser();
  Eraser(const Eraser&) = delete;
  Eraser& operator=(const Eraser&) = delete;

 private:
  void work();

  Driver& driver_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace rekey::work
