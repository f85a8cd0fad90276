#include "native/http/admission.hpp"

#include <algorithm>

namespace rekey::http {
namespace {

// How many of one peer are told at once that they are too many.
constexpr int told_of_peer = 16;

}  // namespace

Welcome Admission::enter(const Peer& peer, const std::string& group) {
  if (open_ >= most_ + std::max(4, most_ / 32)) return Welcome::none;
  const int of_this = peers_.of(group);
  Welcome welcome = open_ >= most_ ? Welcome::full : Welcome::yes;
  if (!peer.is_many && of_this >= of_peer_) {
    if (of_this >= of_peer_ + told_of_peer) return Welcome::none;
    welcome = Welcome::crowd;
  }
  ++open_;
  peers_.add(group);
  return welcome;
}

void Admission::leave(const std::string& group) {
  --open_;
  peers_.remove(group);
}

}  // namespace rekey::http
