// Tells addresses of the public internet from those of private networks.
#pragma once

#include <string>
#include <string_view>

struct sockaddr;

namespace rekey::http {

/// Whether an IP address as text can be reached by everybody: not loopback, private, link-local,
/// shared, multicast or reserved (RFC 6890), nor one of these written as IPv6.
bool is_public_address(std::string_view text);
/// The same of a socket's address; false for anything but IPv4 and IPv6.
bool is_public_address(const sockaddr* address);

}  // namespace rekey::http
