// The authority over connections: takes an event, steps, and stores what follows in one
// transaction.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "native/store/connections.hpp"
#include "native/work/hub.hpp"
#include "native/work/not_found.hpp"
#include "native/work/secret_store.hpp"

namespace rekey::work {

using Clock = std::function<Instant()>;

/// A step that was taken.
struct Taken {
  std::int64_t seq = 0;
  State state;
  std::vector<wire::Notice> notices;
  Effects effects;
};
using Take = tl::expected<Taken, Refusal>;

/// Moves connections. One event is one transaction: the event, the next state, the effects as jobs,
/// and what the caller adds (`in_same_transaction`: tokens, rows) are stored together or not at
/// all. Listeners and workers hear of it after it is stored.
class Driver {
 public:
  /// Written in the same transaction, after the step was found possible and before it is stored;
  /// sees the connection as it was and the step. Called again, with both anew, when another
  /// transaction was in the way.
  using InSameTransaction =
      std::function<void(store::Database&, const store::StoredConnection&, const Step&)>;

  Driver(std::shared_ptr<store::Databases> databases, std::shared_ptr<const SecretStore> secrets,
         std::shared_ptr<Hub> hub, Clock clock);

  /// Takes an event and notes who it is of; refused: nothing was changed. Throws DatabaseError, and
  /// NotFound when there is no such connection.
  Take take(const std::string& connection, const wire::Actor& actor, const Event& event,
            const InSameTransaction& in_same_transaction = {});

  /// The same as part of the caller's transaction, for many at once: the caller commits, and then
  /// tells of each connection.
  Take take_within(store::Database& db, const std::string& connection, const wire::Actor& actor,
                   const Event& event, const InSameTransaction& in_same_transaction = {});
  /// Tells listeners and workers that steps of a connection were stored.
  void tell(const std::string& connection);

  /// The connection as it is now. Throws NotFound when there is none.
  store::StoredConnection read(const std::string& connection);

  /// Counts the times there was new work: read it, look for work, and wait for it to change.
  std::uint64_t woken();
  /// Waits until there is newer work than `seen`, or a time has come.
  void wait_for_work(std::uint64_t seen, Instant until, const std::function<bool()>& stop);
  void wake_workers();

  store::Databases& databases() { return *databases_; }
  const SecretStore& secrets() const { return *secrets_; }
  Hub& hub() { return *hub_; }
  Instant now() const { return clock_(); }

 private:
  /// Effects that are only writes are done here, in the step's own transaction; the rest are jobs.
  Effects perform_writes(store::Database& db, const store::StoredConnection& before,
                         const Step& step, Instant now);

  std::shared_ptr<store::Databases> databases_;
  std::shared_ptr<const SecretStore> secrets_;
  std::shared_ptr<Hub> hub_;
  Clock clock_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::uint64_t woken_ = 0;
};

}  // namespace rekey::work
