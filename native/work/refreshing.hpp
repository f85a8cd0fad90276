// State that all callers of access tokens in one process share: the refreshes under way, and the
// grants in use.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/refresh/policy.hpp"
#include "native/async/wait.hpp"
#include "native/store/refreshes.hpp"
#include "native/work/access_token.hpp"
#include "native/work/turn.hpp"

namespace rekey::work {

/// One at a time for a key: the first caller begins it, the others wait for its result without
/// asking the database. It goes on though all of them give up waiting.
template <class Result>
class Flights {
 public:
  using Flight = std::shared_ptr<async::Shared<Result>>;

  /// What is under way for the key; if nothing is, what `begin` (which gives a task) begins. And
  /// whether that was done.
  template <class F>
  std::pair<Flight, bool> join(async::Pool& pool, const std::string& key, F&& begin) {
    Flight flight;
    {
      const std::lock_guard lock(mutex_);
      auto& there = flying_[key];
      if (there) return {there, false};
      flight = there = std::make_shared<async::Shared<Result>>(pool);
    }
    pool.start(fly(key, flight, begin()));
    return {flight, true};
  }
  bool is_flying(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return flying_.contains(key);
  }

 private:
  async::Task<void> fly(std::string key, Flight flight, async::Task<Result> task) {
    std::optional<Result> result;
    std::exception_ptr thrown;
    try {
      const async::Task<Result> own = std::move(task);
      Result given = co_await own;
      result.emplace(std::move(given));
    } catch (...) {
      thrown = std::current_exception();
    }
    {
      const std::lock_guard lock(mutex_);
      flying_.erase(key);
    }
    flight->settle(std::move(result), thrown);
  }

  mutable std::mutex mutex_;
  std::map<std::string, Flight> flying_;
};

/// How long things take between processes (core/refresh/policy.hpp); tests take less.
struct RefreshTimes {
  /// A turn passes to another process when its holder has shown no life for this long.
  Millis lease = refresh::policy::lease;
  Millis show_life_every = refresh::policy::show_life_every;
  /// How often another process's turn is looked at by the one who waits for it.
  Millis look_every = refresh::policy::look_every;
  /// How long those who have no token at all wait for a second try.
  Millis patience = refresh::policy::patience;
  /// How long an answer of the provider is tried to be stored.
  Millis retry_storing = refresh::policy::retry_storing;
};

/// Shared by copies of ProviderClients.
struct RefreshShare {
  RefreshTimes times;
  Flights<Fresh> flights;
  TurnKeeper turns;

  void mark_used(const store::GrantKey& grant) {
    const std::lock_guard lock(mutex_);
    used_.emplace(grant.connection, grant.version);
  }
  /// What was used since this was asked last.
  std::vector<store::GrantKey> take_used() {
    const std::lock_guard lock(mutex_);
    std::vector<store::GrantKey> out;
    for (const auto& [connection, version] : used_) out.push_back({connection, version});
    used_.clear();
    return out;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::int64_t> used_;
};

}  // namespace rekey::work
