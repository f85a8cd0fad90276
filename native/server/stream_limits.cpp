#include "native/server/stream_limits.hpp"

#include "native/http/peers.hpp"
#include "native/metrics/limit.hpp"
#include "native/server/page_problem.hpp"

namespace rekey::server {

namespace {

/// Its name in the log, and that under which it is counted.
std::pair<const char*, const char*> names_of(StreamLimits::Full full) {
  switch (full) {
    case StreamLimits::Full::session:
      return {"session", "streams_per_session"};
    case StreamLimits::Full::peer:
      return {"peer", "streams_per_peer"};
    case StreamLimits::Full::all:
      break;
  }
  return {"all", "streams"};
}

void take_one_off(std::map<std::string, int>& counts, const std::string& of) {
  const auto at = counts.find(of);
  if (at != counts.end() && --at->second <= 0) counts.erase(at);
}

int count_of(const std::map<std::string, int>& counts, const std::string& of) {
  const auto at = counts.find(of);
  return at == counts.end() ? 0 : at->second;
}

}  // namespace

tl::expected<StreamLimits::Place, StreamLimits::Full> StreamLimits::take(
    const std::string& session, const http::Request& request) {
  // Streams whose peers cannot be told apart are counted by session and in all only.
  const auto peer = request.peer_is_many ? std::string() : http::peer_group(request.peer);
  const auto refused = [&](Full full) {
    const auto [name, counted] = names_of(full);
    metrics::limit_met(counted, "stream.refused", {{"bound", name}, {"peer", request.peer}});
    return tl::unexpected(full);
  };
  {
    const std::lock_guard lock(counts_->mutex);
    const auto& bounds = counts_->bounds;
    if (count_of(counts_->of_session, session) >= bounds.per_session) return refused(Full::session);
    if (!peer.empty() && count_of(counts_->of_peer, peer) >= bounds.per_peer)
      return refused(Full::peer);
    if (counts_->open >= bounds.in_all) return refused(Full::all);
    ++counts_->open;
    ++counts_->of_session[session];
    if (!peer.empty()) ++counts_->of_peer[peer];
  }
  return Place(nullptr, [counts = counts_, session, peer](void*) {
    const std::lock_guard lock(counts->mutex);
    --counts->open;
    take_one_off(counts->of_session, session);
    if (!peer.empty()) take_one_off(counts->of_peer, peer);
  });
}

http::Response StreamLimits::refusal(Full full) {
  const auto message = full == Full::session ? PageMessage::streams_of_session
                       : full == Full::peer  ? PageMessage::streams_of_peer
                                             : PageMessage::streams_in_all;
  auto response = page_problem(message, {}, {{"retry_after_s", 10}});
  response.headers.add("Retry-After", "10");
  return response;
}

int StreamLimits::open() const {
  const std::lock_guard lock(counts_->mutex);
  return counts_->open;
}

}  // namespace rekey::server
