// What everybody in one process who asks for access tokens shares: who refreshes what just now, and
// what is in use.
#pragma once

#include <future>
#include <map>
#include <mutex>
#include <vector>

#include "native/store/refreshes.hpp"
#include "native/work/access_token.hpp"

namespace rekey::work {

/// One at a time for a key: who comes first does it, the others wait for its result, without a
/// thought of the database.
template <class Result>
class Flights {
 public:
  /// Does `fly`, or waits for whoever does. Throws what that throws.
  template <class F>
  Result fly(const std::string& key, F&& fly) {
    std::promise<Result> promise;
    std::shared_future<Result> result;
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      auto& there = flying_[key];
      first = !there.valid();
      if (first) there = promise.get_future().share();
      result = there;
    }
    if (!first) return result.get();
    try {
      promise.set_value(fly());
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
    {
      const std::lock_guard lock(mutex_);
      flying_.erase(key);
    }
    return result.get();
  }
  bool is_flying(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return flying_.contains(key);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_future<Result>> flying_;
};

/// How long things take; tests take less.
struct RefreshTimes {
  /// A turn passes to another process when its holder has shown no life for this long.
  Millis lease = std::chrono::seconds{10};
  Millis show_life_every = std::chrono::seconds{3};
  /// How often another process's turn is looked at by the one who waits for it.
  Millis look_every = std::chrono::milliseconds{100};
  /// How long those who have no token at all wait for a second try.
  Millis patience = std::chrono::seconds{3};
  /// How long an answer of the provider is tried to be stored.
  Millis insist = std::chrono::minutes{2};
};

/// Shared by copies of Outside.
struct RefreshShare {
  RefreshTimes times;
  Flights<Fresh> flights;

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
