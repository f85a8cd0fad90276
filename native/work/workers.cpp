#include "native/work/workers.hpp"

#include <algorithm>

#include "native/log.hpp"

namespace rekey::work {

namespace {

constexpr Millis job_lease = std::chrono::seconds{15};
constexpr Millis renew_every = std::chrono::seconds{5};
// Other processes may add jobs to the same store without our hearing of it.
constexpr Millis look_every = std::chrono::seconds{1};

}  // namespace

Workers::Workers(Driver& driver, Outside outside, int threads)
    : driver_(driver),
      outside_(std::move(outside)),
      performer_(driver_, outside_),
      refresher_(driver_, outside_),
      keys_(driver_) {
  threads_.emplace_back([this] { keep_fresh(); });
  threads_.emplace_back([this] { keep_time(); });
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Workers::~Workers() {
  stop_ = true;
  driver_.wake_workers();
  for (auto& each : threads_) each.join();
}

bool Workers::perform_one() {
  std::optional<store::Job> job;
  {
    auto db = driver_.databases().borrow();
    job = store::lease_job(*db, outside_.owner, driver_.now(), driver_.now() + job_lease);
  }
  if (!job) return false;
  {
    const std::lock_guard lock(mutex_);
    in_hand_.insert(job->id);
  }
  const auto put_down = [&] {
    const std::lock_guard lock(mutex_);
    in_hand_.erase(job->id);
  };
  try {
    perform(*job);
  } catch (...) {
    put_down();
    throw;
  }
  put_down();
  return true;
}

void Workers::perform(const store::Job& job) {
  Again again;
  try {
    again = performer_.perform(job, [this] { return stop_.load(); });
  } catch (const std::exception& error) {
    log::error("job.failed", {{"connection", job.connection}, {"what", error.what()}});
    again = driver_.now() + backoff(job.attempts);
  }
  auto db = driver_.databases().borrow();
  if (again) {
    store::postpone_job(*db, job.id, *again);
  } else {
    store::finish_job(*db, job.id);
  }
}

void Workers::renew_leases(store::Database& db) {
  std::set<std::int64_t> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs = in_hand_;
  }
  for (const auto id : jobs) store::renew_lease(db, id, outside_.owner, driver_.now() + job_lease);
}

void Workers::work() {
  while (!stop_) {
    const auto seen = driver_.woken();
    try {
      if (perform_one()) continue;
    } catch (const std::exception& error) {
      log::error("worker.failed", {{"what", error.what()}});
    }
    std::optional<Instant> next;
    try {
      auto db = driver_.databases().borrow();
      next = store::next_job_at(*db);
    } catch (const std::exception& error) {
      log::error("worker.failed", {{"what", error.what()}});
    }
    const auto latest = driver_.now() + look_every;
    // A job that another of our threads holds is not ours to hurry for.
    const auto until = next ? std::clamp(*next, driver_.now() + Millis{20}, latest) : latest;
    driver_.wait_for_work(seen, until, [this] { return stop_.load(); });
  }
}

void Workers::keep_fresh() {
  while (!stop_) {
    const auto seen = driver_.woken();
    bool more = false;
    try {
      more = keys_.pass();
      more = refresher_.pass([this] { return stop_.load(); }) || more;
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
      std::vector<std::string> due;
      {
        auto db = driver_.databases().borrow();
        if (driver_.now() >= renew_at) {
          renew_leases(*db);
          renew_at = driver_.now() + renew_every;
        }
        due = store::due_connections(*db, driver_.now(), 100);
      }
      for (const auto& each : due) (void)driver_.take(each, wire::by_time(), TimeReached{});
    } catch (const std::exception& error) {
      log::error("time.failed", {{"what", error.what()}});
    }
    driver_.wait_for_work(seen, driver_.now() + look_every, [this] { return stop_.load(); });
  }
}

}  // namespace rekey::work
