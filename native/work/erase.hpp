// Deletes a connection or a tenant, and proves it.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "native/async/task.hpp"
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
  store::RewriteSizes rewrite{};              ///< up to what size the file is written anew
};

/// Turns the connection off, ends its grants at the provider as far as it answers in time (what it
/// does not confirm is tried again by `Revoker`), and deletes everything that belongs to it. Its
/// tenant goes too when it has no other connection, unless it is to be kept. Rows are overwritten;
/// what is not finished (a log that is being read, messages that wait to be sent) is finished by
/// `Eraser`. No thread is held, and no connection to the database, while it waits. Throws NotFound
/// when there is no such connection. Driver and clients must outlive it.
async::Task<Erasure> erase_connection(Driver& driver, const ProviderClients& clients,
                                      wire::Actor actor, std::string id,
                                      ErasureOptions options = {});
/// The same of a tenant with all its connections. Throws NotFound when there is none.
async::Task<Erasure> erase_tenant(Driver& driver, const ProviderClients& clients, wire::Actor actor,
                                  std::string id, ErasureOptions options = {});

/// A thread that finishes deletions: each second while one is pending, also one from before the
/// start. A large file is written anew when next to nothing was written for a while.
class Eraser {
 public:
  /// `quiet_for`: how long next to nothing is written before a large file may be written anew,
  /// which makes everybody wait who writes.
  explicit Eraser(Driver& driver, Millis quiet_for = std::chrono::seconds{30},
                  store::RewriteSizes sizes = {});
  ~Eraser();
  Eraser(const Eraser&) = delete;
  Eraser& operator=(const Eraser&) = delete;

 private:
  void work();
  void finish();
  bool is_quiet(store::Database& db);

  Driver& driver_;
  const Millis quiet_for_;
  const store::RewriteSizes sizes_;
  std::optional<std::chrono::steady_clock::time_point> quiet_since_;  // of the thread alone
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace rekey::work
