#include "native/server/session_keeper.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "native/log.hpp"
#include "native/store/changes.hpp"
#include "native/store/sessions.hpp"

namespace rekey::server {

namespace {

constexpr std::chrono::seconds look_for_ended_every{1};
// In case a change was missed: nothing is lost by looking.
constexpr int look_at_all_after = 30;
constexpr int forget_after = 60;
// Every tab may have a stream of its own.
constexpr std::size_t most_streams = 24;

constexpr double a_minute_of(Deed deed) {
  return deed == Deed::act ? 60 : 120;
}

}  // namespace

SessionKeeper::SessionKeeper(work::Driver& driver, Millis idle) : driver_(driver), idle_(idle) {
  listening_ = driver_.hub().listen(store::page_sessions_changed,
                                    [changed = changed_] { changed->store(true); });
  thread_ = std::thread([this] { keep_until_stopped(); });
}

SessionKeeper::~SessionKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

std::shared_ptr<void> SessionKeeper::watch(const std::string& session, std::function<void()> over) {
  auto held = std::make_shared<std::function<void()>>(std::move(over));
  const std::lock_guard lock(mutex_);
  auto [at, end] = watchers_.equal_range(session);
  while (at != end) at = at->second.expired() ? watchers_.erase(at) : std::next(at);
  if (watchers_.count(session) >= most_streams) return nullptr;
  watchers_.emplace(session, held);
  // It may have ended since the caller found it alive.
  changed_->store(true);
  return held;
}

std::optional<std::chrono::seconds> SessionKeeper::spend(const std::string& session, Deed deed) {
  const auto most = a_minute_of(deed);
  const auto now = Steady::now();
  const std::lock_guard lock(buckets_mutex_);
  auto [at, fresh] = buckets_[static_cast<int>(deed)].try_emplace(session, Bucket{most, now});
  auto& bucket = at->second;
  const std::chrono::duration<double> passed = now - bucket.filled;
  bucket.left = std::min(most, bucket.left + passed.count() * most / 60);
  bucket.filled = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return {};
  }
  return std::chrono::seconds{
      std::max<std::int64_t>(1, std::llround(std::ceil((1 - bucket.left) * 60 / most)))};
}

bool SessionKeeper::end_what_is_over() {
  auto db = driver_.databases().borrow();
  const auto ended = store::end_page_sessions_over(*db, driver_.now(), seen_after());
  if (ended > 0) log::info("page_session.over", {{"ended", ended}});
  return ended > 0;
}

std::vector<std::string> SessionKeeper::watched() {
  std::set<std::string> sessions;
  const std::lock_guard lock(mutex_);
  std::erase_if(watchers_, [](const auto& each) { return each.second.expired(); });
  for (const auto& [session, watcher] : watchers_) sessions.insert(session);
  return {sessions.begin(), sessions.end()};
}

void SessionKeeper::tell_watchers() {
  for (const auto& session : watched()) {
    {
      auto db = driver_.databases().borrow();
      if (store::page_session(*db, session, driver_.now(), seen_after())) continue;
    }
    std::vector<std::shared_ptr<std::function<void()>>> live;
    {
      const std::lock_guard lock(mutex_);
      const auto [first, last] = watchers_.equal_range(session);
      for (auto at = first; at != last; ++at)
        if (auto watcher = at->second.lock()) live.push_back(std::move(watcher));
      watchers_.erase(first, last);
    }
    for (const auto& each : live) (*each)();
  }
}

void SessionKeeper::forget_full_buckets() {
  const auto now = Steady::now();
  const std::lock_guard lock(buckets_mutex_);
  for (auto& each : buckets_)
    std::erase_if(each, [&](const auto& entry) {
      return now - entry.second.filled > std::chrono::minutes{1};
    });
}

void SessionKeeper::keep_until_stopped() {
  for (int looks = 0;; ++looks) {
    try {
      const bool ended = end_what_is_over();
      const bool changed = changed_->exchange(false);
      if (ended || changed || looks % look_at_all_after == 0) tell_watchers();
      if (looks % forget_after == 0) forget_full_buckets();
    } catch (const std::exception& error) {
      changed_->store(true);  // a sign-out may have gone unnoticed: look again next time
      log::error("page_session.not_looked_after", {{"what", error.what()}});
    }
    std::unique_lock lock(mutex_);
    if (stopped_.wait_for(lock, look_for_ended_every, [this] { return stop_; })) return;
  }
}

}  // namespace rekey::server
