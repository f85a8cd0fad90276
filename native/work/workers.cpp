#include "native/work/workers.hpp"

#include <algorithm>

#include "native/log.hpp"
#include "native/work/one_of_many.hpp"
#include "native/work/process_name.hpp"

namespace rekey::work {

namespace {

constexpr Millis job_lease = std::chrono::seconds{15};
constexpr Millis renew_every = std::chrono::seconds{5};
// Other processes may add jobs to the same store without our hearing of it.
constexpr Millis look_every = std::chrono::seconds{1};

}  // namespace

Workers::Workers(Driver& driver, ProviderClients clients, LaneLimits limits)
    : driver_(driver),
      clients_(std::move(clients)),
      limits_(limits),
      performer_(driver_, clients_),
      refresher_(driver_, clients_),
      keys_(driver_) {
  threads_.emplace_back([this] { keep_fresh(); });
  threads_.emplace_back([this] { keep_keys(); });
  threads_.emplace_back([this] { keep_time(); });
  threads_.emplace_back([this] { deal(); });
}

Workers::~Workers() {
  stop_ = true;
  driver_.wake_workers();
  for (auto& each : threads_) each.join();
  clients_.pool->wait_for_tasks();
}

bool Workers::has_room(store::Lane lane) {
  const std::lock_guard lock(mutex_);
  std::size_t there = 0;
  for (const auto& [id, of] : in_hand_) there += of == lane ? 1 : 0;
  return there < limits_.of(lane);
}

// Begins the next job of a lane. False: there is none, or no room.
bool Workers::deal_one(store::Lane lane) {
  if (stop_ || !has_room(lane)) return false;
  std::optional<store::Job> job;
  {
    auto db = driver_.databases().borrow();
    job = store::lease_job(*db, lane, clients_.owner, driver_.now(), driver_.now() + job_lease);
  }
  if (!job) return false;
  {
    const std::lock_guard lock(mutex_);
    in_hand_.emplace(job->id, lane);
  }
  // In the pool from its first line on: this thread is needed for the next one.
  clients_.pool->start_there(carry_out(std::move(*job), lane));
  return true;
}

async::Task<void> Workers::carry_out(store::Job job, store::Lane lane) {
  const auto again = co_await try_it(job, lane);
  try {
    put_down(job, again);
  } catch (const std::exception& error) {
    // Its lease runs out, and it is done again.
    log::error("worker.failed", {{"what", error.what()}});
  }
  {
    const std::lock_guard lock(mutex_);
    in_hand_.erase(job.id);
  }
  driver_.wake_workers();
}

async::Task<Again> Workers::try_it(store::Job job, store::Lane lane) {
  const Place place{[this] { return stop_.load(); },
                    [this, lane] {
                      auto db = driver_.databases().borrow();
                      return store::job_waits(*db, lane, driver_.now());
                    }};
  try {
    const auto again = co_await performer_.perform(job, place);
    co_return again;
  } catch (const std::exception& error) {
    // What the end of the process cuts off goes on in the next one.
    if (!stop_) log::error("job.failed", {{"connection", job.connection}, {"what", error.what()}});
  }
  co_return driver_.now() + refresh::pause_after(job.attempts + 1);
}

void Workers::put_down(const store::Job& job, const Again& again) {
  auto db = driver_.databases().borrow();
  if (!again)
    store::finish_job(*db, job.id);
  else if (again.stepped)
    store::put_job_behind(*db, job.id, *again.at);
  else
    store::postpone_job(*db, job.id, *again.at);
}

void Workers::renew_leases(store::Database& db) {
  std::map<std::int64_t, store::Lane> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs = in_hand_;
  }
  for (const auto& [id, lane] : jobs)
    store::renew_lease(db, id, clients_.owner, driver_.now() + job_lease);
}

// Frees the jobs of processes of this machine that have died.
void Workers::inherit() {
  std::vector<std::string> owners;
  {
    auto db = driver_.databases().borrow();
    owners = store::job_owners(*db, driver_.now());
  }
  for (const auto& each : owners) {
    if (each == clients_.owner || !has_died(each)) continue;
    const auto freed = store::free_jobs_of(*driver_.databases().borrow(), each);
    if (freed == 0) continue;
    log::info("worker.inherited", {{"jobs", freed}});
    driver_.wake_workers();
  }
}

// When there is something to begin next, as far as there is room for it.
std::optional<Instant> Workers::next_of_lanes() {
  std::optional<Instant> next;
  for (const auto lane : store::lanes) {
    if (!has_room(lane)) continue;
    auto db = driver_.databases().borrow();
    const auto at = store::next_job_at(*db, lane);
    if (at && (!next || *at < *next)) next = at;
  }
  return next;
}

void Workers::deal() {
  while (!stop_) {
    const auto seen = driver_.woken();
    std::optional<Instant> next;
    try {
      for (const auto lane : store::lanes) {
        while (deal_one(lane)) {
        }
      }
      next = next_of_lanes();
    } catch (const std::exception& error) {
      log::error("worker.failed", {{"what", error.what()}});
    }
    const auto latest = driver_.now() + look_every;
    // A job that another process holds is not ours to hurry for.
    const auto until = next ? std::clamp(*next, driver_.now() + Millis{20}, latest) : latest;
    driver_.wait_for_work(seen, until, [this] { return stop_.load(); });
  }
}

void Workers::keep_keys() {
  while (!stop_) {
    const auto seen = driver_.woken();
    bool more = false;
    try {
      more = keys_.pass();
    } catch (const std::exception& error) {
      log::error("keys.failed", {{"what", error.what()}});
    }
    if (!more)
      driver_.wait_for_work(seen, driver_.now() + look_every, [this] { return stop_.load(); });
  }
}

void Workers::keep_fresh() {
  while (!stop_) {
    const auto seen = driver_.woken();
    bool more = false;
    try {
      more = refresher_.pass([this] { return stop_.load(); });
    } catch (const std::exception& error) {
      log::error("refresher.failed", {{"what", error.what()}});
    }
    if (!more)
      driver_.wait_for_work(seen, driver_.now() + look_every, [this] { return stop_.load(); });
  }
}

void Workers::keep_time() {
  auto renew_at = driver_.now() + renew_every;
  while (!stop_) {
    const auto seen = driver_.woken();
    try {
      inherit();
      std::vector<std::string> due;
      {
        auto db = driver_.databases().borrow();
        if (driver_.now() >= renew_at) {
          renew_leases(*db);
          renew_at = driver_.now() + renew_every;
        }
        due = store::due_connections(*db, driver_.now(), 100);
      }
      for (const auto& each : due)
        for_one_of_many("time.failed", each,
                        [&] { (void)driver_.take(each, wire::by_time(), TimeReached{}); });
    } catch (const std::exception& error) {
      log::error("time.failed", {{"what", error.what()}});
    }
    driver_.wait_for_work(seen, driver_.now() + look_every, [this] { return stop_.load(); });
  }
}

}  // namespace rekey::work
