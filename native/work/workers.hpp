// The threads that perform jobs, keep grants fresh, and tell connections that their time has come.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "native/work/key_keeper.hpp"
#include "native/work/perform.hpp"
#include "native/work/refresher.hpp"

namespace rekey::work {

/// Runs until destroyed; then waits for what is under way. Jobs are leased, and the leases of those
/// in hand renewed: when this process dies, or loses the database on the way, its jobs go to the
/// next after `job_lease`.
class Workers {
 public:
  Workers(Driver& driver, Outside outside, int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

 private:
  void work();
  void keep_time();
  void keep_fresh();
  bool perform_one();
  void perform(const store::Job& job);
  void renew_leases(store::Database& db);

  Driver& driver_;
  Outside outside_;
  Performer performer_;
  Refresher refresher_;
  KeyKeeper keys_;
  std::mutex mutex_;
  std::set<std::int64_t> in_hand_;  // ids of jobs
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace rekey::work
