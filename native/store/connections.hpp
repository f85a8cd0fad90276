// Connections, their history, and the jobs that follow from it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/connection.hpp"
#include "core/wire/page.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// A connection as it is stored.
struct StoredConnection {
  std::string id;
  std::string tenant;
  std::string integration;
  std::int64_t seq = 0;  ///< of its newest event
  State state;
  Instant updated{};
};

/// Makes a tenant, or gives it another name.
void put_tenant(Database& db, const std::string& id, const std::string& name, Instant now);
/// The tenant's name, if there is such a tenant.
std::optional<std::string> tenant_name(Database& db, const std::string& id);

/// The tenant's connection to the integration, made when there was none.
StoredConnection ensure_connection(Database& db, const std::string& tenant,
                                   const std::string& integration, Instant now);
std::optional<StoredConnection> find_connection(Database& db, const std::string& id);
/// All connections, or a tenant's, or those in one phase ("linked"), in the order of their ids,
/// after the id `after`.
std::vector<StoredConnection> list_connections(Database& db,
                                               const std::optional<std::string>& tenant,
                                               const std::optional<std::string>& status,
                                               const std::string& after, int most);
/// Connections for which time itself is the next event.
std::vector<std::string> due_connections(Database& db, Instant now, int most);
/// What is stored of when that is follows the rules as they are now.
void put_due_right(Database& db, const StoredConnection& connection);

/// Appends one step: the event under the next seq and who did it, the state, the effects that are
/// jobs. False: another writer was first; read again and step again.
bool append_step(Database& db, const StoredConnection& before, const wire::Actor& actor,
                 const Event& event, const State& next, const std::vector<wire::Notice>& notices,
                 const Effects& jobs, Instant now);

/// One stored event, with what came of it.
struct StoredEvent {
  std::string event;  ///< JSON
  wire::Stepped stepped;
};
/// The history after `after`, oldest first.
std::vector<StoredEvent> history(Database& db, const std::string& connection, std::int64_t after,
                                 int most);
/// The newest notices, newest first.
std::vector<wire::Notice> newest_notices(Database& db, const std::string& connection, int most);

/// An effect waiting to be performed.
struct Job {
  std::int64_t id = 0;
  std::string connection;
  Effect effect;
  int attempts = 0;  ///< how often it has been tried before
};
/// Jobs wait apart from others that take another time.
enum class Lane {
  person,   ///< what a person waits for
  lengthy,  ///< imports
};
constexpr std::array<Lane, 2> lanes = {Lane::person, Lane::lengthy};
/// Leases the job of a lane that has waited longest; none: nothing is due. One whose lease ran out
/// was not given back: its holder died or lost the database, which was no try.
std::optional<Job> lease_job(Database& db, Lane lane, const std::string& owner, Instant now,
                             Instant until);
/// Whether a job of the lane is due and not in hand.
bool job_waits(Database& db, Lane lane, Instant now);
/// When the next job is due, leased ones at the end of their lease.
std::optional<Instant> next_job_at(Database& db);
/// The same of one lane.
std::optional<Instant> next_job_at(Database& db, Lane lane);
/// Extends the lease of a job that the owner holds.
void renew_lease(Database& db, std::int64_t id, const std::string& owner, Instant until);
/// Who holds jobs now.
std::vector<std::string> job_owners(Database& db, Instant now);
/// Gives back the jobs of an owner that has died, to go on at once; that was no try. Gives how
/// many.
std::int64_t free_jobs_of(Database& db, const std::string& owner);
void finish_job(Database& db, std::int64_t id);
/// Gives a job back, to be tried again at a time.
void postpone_job(Database& db, std::int64_t id, Instant run_at);
/// Gives back a job of which a part was done: it goes on at a time, behind those that are due then,
/// and its tries count from nothing.
void put_job_behind(Database& db, std::int64_t id, Instant run_at);

}  // namespace rekey::store
