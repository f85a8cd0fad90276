#include "native/http/peers.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "native/http/field_text.hpp"

namespace rekey::http {
namespace {

using Bytes = std::array<unsigned char, 16>;

constexpr int mapped_bits = 96;  // ::ffff:0:0/96 holds the IPv4 addresses (RFC 4291 2.5.5.2)

std::optional<Bytes> bytes_of(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  Bytes bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes[10] = bytes[11] = 0xff;
  if (inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

bool is_v4(const Bytes& bytes) {
  return bytes[10] == 0xff && bytes[11] == 0xff &&
         std::all_of(bytes.begin(), bytes.begin() + 10,
                     [](unsigned char each) { return each == 0; });
}

bool is_loopback(const Bytes& bytes) {
  if (is_v4(bytes)) return bytes[12] == 127;
  return bytes[15] == 1 &&
         std::all_of(bytes.begin(), bytes.end() - 1, [](unsigned char each) { return each == 0; });
}

std::string text_of(const Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4(bytes))
    inet_ntop(AF_INET, bytes.data() + 12, text.data(), text.size());
  else
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

/// An address that may be in quotes and brackets and may have a port; empty: it is none.
std::string node(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  if (!text.empty() && text.front() == '[')
    text = text.substr(1, text.find(']') - 1);
  else if (std::count(text.begin(), text.end(), ':') == 1)
    text = text.substr(0, text.find(':'));
  const auto bytes = bytes_of(text);
  return bytes ? text_of(*bytes) : std::string();
}

/// The `for` of an element of Forwarded (RFC 7239 section 4).
std::string_view for_parameter(std::string_view element) {
  while (!element.empty()) {
    const auto end = std::min(element.find(';'), element.size());
    const auto pair = trim(element.substr(0, end));
    element.remove_prefix(std::min(end + 1, element.size()));
    if (pair.size() > 4 && (pair[0] | 0x20) == 'f' && (pair[1] | 0x20) == 'o' &&
        (pair[2] | 0x20) == 'r' && pair[3] == '=')
      return pair.substr(4);
  }
  return {};
}

/// The elements of all fields of a name, last first.
std::vector<std::string_view> last_first(const Headers& headers, std::string_view lower_case) {
  std::vector<std::string_view> out;
  for (const auto& [name, value] : headers.all()) {
    if (!same_name(name, lower_case)) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const auto end = std::min(rest.find(','), rest.size());
      out.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto bytes = bytes_of(text.substr(0, slash));
  if (!bytes) return std::nullopt;
  const bool v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  int bits = v4 ? 32 : 128;
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const int most = bits;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (failed != std::errc{} || end != digits.data() + digits.size() || bits < 0 || bits > most)
      return std::nullopt;
  }
  Network out;
  out.bytes_ = *bytes;
  out.bits_ = v4 ? mapped_bits + bits : bits;
  return out;
}

bool Network::has(std::string_view address) const {
  const auto other = bytes_of(address);
  if (!other) return false;
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  if (!std::equal(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(whole),
                  other->begin()))
    return false;
  const int rest = bits_ % 8;
  return rest == 0 || (bytes_[whole] ^ (*other)[whole]) >> (8 - rest) == 0;
}

bool Proxies::trust(std::string_view address) const {
  return std::any_of(trusted.begin(), trusted.end(),
                     [&](const Network& each) { return each.has(address); });
}

Peer peer_of(std::string_view address, const Proxies& proxies) {
  const auto bytes = bytes_of(address);
  if (!bytes) return {std::string(address), false};
  return {text_of(*bytes), is_loopback(*bytes) || proxies.trust(address)};
}

Peer peer_of(const Headers& headers, std::string_view address, const Proxies& proxies) {
  Peer peer = peer_of(address, proxies);
  if (proxies.trusted.empty() || !proxies.trust(address)) return peer;
  const auto elements = last_first(headers, proxies.forwarded ? "forwarded" : "x-forwarded-for");
  for (const auto element : elements) {
    auto said = node(proxies.forwarded ? for_parameter(element) : element);
    if (said.empty()) break;  // hidden or unknown: all that is known is who said so
    peer = {said, false};
    if (!proxies.trust(said)) break;
    peer.is_many = true;
  }
  return peer;
}

std::string peer_group(std::string_view address) {
  auto bytes = bytes_of(address);
  if (!bytes) return std::string(address);
  if (is_v4(*bytes)) return text_of(*bytes);
  std::fill(bytes->begin() + 8, bytes->end(), static_cast<unsigned char>(0));
  return text_of(*bytes) + "/64";
}

void PeerCount::remove(const std::string& group) {
  const auto at = counts_.find(group);
  if (at != counts_.end() && --at->second <= 0) counts_.erase(at);
}

int PeerCount::of(const std::string& group) const {
  const auto at = counts_.find(group);
  return at == counts_.end() ? 0 : at->second;
}

}  // namespace rekey::http
