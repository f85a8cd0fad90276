// Performs jobs, keeps grants fresh, and steps connections when their time has come.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "native/work/key_keeper.hpp"
#include "native/work/perform.hpp"
#include "native/work/refresher.hpp"

namespace rekey::work {

/// How many jobs of a lane are in hand at once. A job that waits for the provider holds no thread.
/// Imports are fewer than what a person waits for, because their pages are in memory and are
/// written.
struct LaneLimits {
  std::size_t person = 256;
  std::size_t lengthy = 64;
  std::size_t of(store::Lane lane) const { return lane == store::Lane::person ? person : lengthy; }
};

/// Runs until destroyed; then waits for what is under way in the pool. Jobs go by lanes
/// (store::Lane), none of which takes room from another, and the refresher has its own. A long job
/// steps back after each part when others of its lane wait. Jobs are leased, and the leases of
/// those in hand renewed: when this process dies, its jobs go to the next one on the same machine
/// within a second, which sees that, and to others after `job_lease`, as when it loses the database
/// on the way.
class Workers {
 public:
  Workers(Driver& driver, ProviderClients clients, LaneLimits limits = {});
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

 private:
  void deal();
  void keep_time();
  void keep_fresh();
  void keep_keys();
  bool has_room(store::Lane lane);
  bool deal_one(store::Lane lane);
  std::optional<Instant> next_of_lanes();
  async::Task<void> carry_out(store::Job job, store::Lane lane);
  async::Task<Again> try_it(store::Job job, store::Lane lane);
  void put_down(const store::Job& job, const Again& again);
  void renew_leases(store::Database& db);
  void inherit();

  Driver& driver_;
  const ProviderClients clients_;
  const LaneLimits limits_;
  Performer performer_;
  Refresher refresher_;
  KeyKeeper keys_;
  std::mutex mutex_;
  std::map<std::int64_t, store::Lane> in_hand_;  // by the ids of jobs
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace rekey::work
