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

/// How many jobs of a lane are in hand at once. A job that waits for the provider holds no thread,
/// so what a person waits for may be many; imports work for their pages, and are few.
struct LaneLimits {
  std::size_t person = 256;
  std::size_t lengthy = 4;
  std::size_t of(store::Lane lane) const { return lane == store::Lane::person ? person : lengthy; }
};

/// Runs until destroyed; then waits for what is under way in the pool. Jobs go by lanes
/// (store::Lane), none of which takes room from another, and the refresher has its own. A long job
/// steps back after each part when others of its lane wait. Jobs are leased, and the leases of
/// those in hand renewed: when this process dies, or loses the database on the way, its jobs go to
/// the next after `job_lease`.
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
