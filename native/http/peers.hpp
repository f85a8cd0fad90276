// The peer of a connection, and how many clients it speaks for: for limits by peer.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "native/http/http.hpp"

namespace rekey::http {

/// A range of addresses, as "192.0.2.0/24", "2001:db8::/32" or one address.
class Network {
 public:
  /// Nothing when the text is none.
  static std::optional<Network> parse(std::string_view text);
  bool has(std::string_view address) const;

 private:
  std::array<unsigned char, 16> bytes_{};  // IPv4 as IPv4-mapped IPv6
  int bits_ = 0;
};

/// The proxies in front that are trusted to name the client, and the field in which they do.
struct Proxies {
  std::vector<Network> trusted;
  bool forwarded = false;  ///< in `Forwarded` (RFC 7239); otherwise in `X-Forwarded-For`

  bool trust(std::string_view address) const;
};

/// Who is asking. `is_many`: the address stands for many that cannot be told apart (this machine
/// itself, or a trusted proxy that does not name its client), so that no limit by address is right.
struct Peer {
  std::string address;
  bool is_many = false;
};

/// Who sent a request that came from this address. What a field says is followed from its end, for
/// as long as the address before was one of a trusted proxy: what a client itself put into the
/// field stands before that and is not looked at.
Peer peer_of(const Headers& headers, std::string_view address, const Proxies& proxies);
/// The same of a connection, of which nothing but the address is known.
Peer peer_of(std::string_view address, const Proxies& proxies);

/// What is counted as one: an IPv4 address, or the /64 network of an IPv6 address (RFC 6177), all
/// of which belongs to one place.
std::string peer_group(std::string_view address);

/// Counts by peer.
class PeerCount {
 public:
  int add(const std::string& group) { return ++counts_[group]; }
  void remove(const std::string& group);
  int of(const std::string& group) const;

 private:
  std::map<std::string, int, std::less<>> counts_;
};

}  // namespace rekey::http
