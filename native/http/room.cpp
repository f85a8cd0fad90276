#include "native/http/room.hpp"

#include <boost/asio/post.hpp>

#include "native/http/connection.hpp"
#include "native/metrics/limit.hpp"

namespace rekey::http {
namespace {

// Longer than it takes until one that does not read counts as waiting.
constexpr auto newcomer_patience = seconds(3);
constexpr auto look_again_after = std::chrono::milliseconds(100);
// So long one that came, or was answered, may take to send: else newcomers would end each other.
constexpr auto grace = std::chrono::milliseconds(100);

// What came of a look at some connections.
struct Looked {
  std::size_t closed = 0;
  bool more_soon = false;  // others only wait as well, within `grace`
};

// Closes those that have kept us waiting longest, of the peers that have most connections; none
// that began to wait within `grace` before this. Some at once, at least so many if there are, so
// that the look at all of them is worth it.
Looked close_some(const std::set<Connection*>& connections, Clock::time_point before,
                  std::size_t least) {
  Looked found;
  std::map<std::string_view, int> of_peer;
  std::vector<Connection*> waiting;
  for (Connection* each : connections) {
    ++of_peer[each->group()];
    if (each->waiting_since() < before - grace)
      waiting.push_back(each);
    else
      found.more_soon = found.more_soon || each->waiting_since() < before;
  }
  if (waiting.empty()) return found;
  found.closed = std::min(waiting.size(), waiting.size() / 64 + least);
  const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(found.closed);
  std::partial_sort(waiting.begin(), end, waiting.end(), [&](Connection* a, Connection* b) {
    const int of_a = of_peer[a->group()], of_b = of_peer[b->group()];
    return of_a != of_b ? of_a > of_b : a->waiting_since() < b->waiting_since();
  });
  for (auto at = waiting.begin(); at != end; ++at) {
    (*at)->cut();
    metrics::limit_met("connections_waiting", "http.made_room",
                       {{"open", connections.size()}, {"closed", found.closed}});
  }
  return found;
}

}  // namespace

// What came of a look at all loops; of the first loop's thread.
struct Room::Clearing {
  std::size_t loops_left;
  bool some_leave = false;  // were closed, or will be soon
};

Room::Need Room::need(const Peer& peer, const std::string& group) {
  const std::lock_guard lock(common_.mutex);
  const auto& admission = common_.admission;
  if (!admission.is_tight() || admission.is_crowd(peer, group)) return Need::none;
  return admission.is_full() ? Need::now : Need::some;
}

bool Room::is_still_full(bool some_leave) {
  const std::lock_guard lock(common_.mutex);
  return some_leave ? common_.admission.is_full() : common_.admission.is_packed();
}

std::shared_ptr<Room::Clearing> Room::clear(Clock::time_point before) {
  const auto least = [this] {
    const std::lock_guard lock(common_.mutex);
    return static_cast<std::size_t>(
        std::max(1, common_.admission.open() - common_.admission.most() + 1));
  }();
  auto clearing = std::make_shared<Clearing>(Clearing{loops_.size()});
  for (const auto& each : loops_)
    asio::post(each->io, [this, before, least, clearing, &loop = *each] {
      const auto [closed, more_soon] = close_some(loop.connections, before, least);
      asio::post(loops_.front()->io, [this, clearing, some = closed > 0 || more_soon] {
        clearing->some_leave = clearing->some_leave || some;
        --clearing->loops_left;
        if (news_) news_->cancel();
      });
    });
  return clearing;
}

// (The timer is cancelled in this thread only, so after the wait has begun.)
asio::awaitable<void> Room::wait_until(Clock::time_point when) {
  news_->expires_at(when);
  co_await news_->async_wait(as_pair);
}

asio::awaitable<void> Room::make(const Peer& peer, const std::string& group) {
  const auto how = need(peer, group);
  if (how == Need::none) co_return;
  const auto arrived = Clock::now();
  // Where one waited in vain just now, those behind it are not kept waiting for the same.
  const auto give_up = arrived < in_vain_until_ ? arrived : arrived + newcomer_patience;
  auto clearing = clear(arrived);
  if (how == Need::some) co_return;
  if (!news_) news_.emplace(loops_.front()->io);
  awaited_ = true;
  for (auto now = arrived; now < give_up && !common_.stopping; now = Clock::now()) {
    if (clearing->loops_left > 0) {
      co_await wait_until(give_up);
      continue;
    }
    if (!is_still_full(clearing->some_leave)) break;
    const auto look_again = now + look_again_after;
    co_await wait_until(std::min(look_again, give_up));
    if (Clock::now() >= look_again) clearing = clear(now);
  }
  awaited_ = false;
  if (give_up > arrived && Clock::now() >= give_up) in_vain_until_ = Clock::now() + seconds(1);
}

void Room::one_left() {
  if (!awaited_) return;
  asio::post(loops_.front()->io, [this] {
    if (news_) news_->cancel();
  });
}

}  // namespace rekey::http
