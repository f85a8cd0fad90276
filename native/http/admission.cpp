#include "native/http/admission.hpp"

#include <algorithm>

namespace rekey::http {
namespace {

// How many of one peer are told at once that they are too many.
constexpr int told_of_peer = 16;

}  // namespace

Welcome Admission::enter(const Peer& peer, const std::string& group) {
  if (is_packed()) return Welcome::none;
  Welcome welcome = is_full() ? Welcome::full : Welcome::yes;
  if (is_crowd(peer, group)) {
    if (peers_.of(group) >= of_peer_ + told_of_peer) return Welcome::none;
    welcome = Welcome::crowd;
  }
  ++open_;
  peers_.add(group);
  return welcome;
}

bool Admission::is_crowd(const Peer& peer, const std::string& group) const {
  return !peer.is_many && peers_.of(group) >= of_peer_;
}

bool Admission::is_packed() const {
  return open_ >= most_ + std::max(4, most_ / 32);
}

void Admission::leave(const std::string& group) {
  --open_;
  peers_.remove(group);
}

}  // namespace rekey::http
