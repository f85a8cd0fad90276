// Decides whether there is room for one more connection. It knows no sockets.
#pragma once

#include <string>

#include "native/http/peers.hpp"

namespace rekey::http {

/// What a new connection gets.
enum class Welcome {
  yes,
  crowd,  ///< its peer has too many already: it is told so
  full,   ///< there are too many in all: it is told so
  none,   ///< not even that: it is closed at once
};

/// A new connection.
struct Visitor {
  std::string address;
  std::string group;  ///< what it is counted under
  Welcome welcome = Welcome::yes;
};

/// Counts connections. Not safe from several threads: it is used under its owner's lock.
class Admission {
 public:
  /// `most` in all and `of_peer` of one peer are served; a few more are told that they are too
  /// many.
  Admission(int most, int of_peer) : most_(most), of_peer_(of_peer) {}

  /// Counts one in, unless the answer is `none`.
  Welcome enter(const Peer& peer, const std::string& group);
  void leave(const std::string& group);
  /// Whether this peer has as many as one may have.
  bool is_crowd(const Peer& peer, const std::string& group) const;
  /// Whether there are nearly as many as there may be: those that only wait should make room.
  bool is_tight() const { return open_ >= most_ - most_ / 16; }
  /// Whether one more would be told that there are too many.
  bool is_full() const { return open_ >= most_; }
  /// Whether there is no room left even to tell one more.
  bool is_packed() const;
  int open() const { return open_; }
  int most() const { return most_; }

 private:
  int most_, of_peer_;
  int open_ = 0;
  PeerCount peers_;
};

}  // namespace rekey::http
