// The largest body that a request may have, by its route.
#pragma once

#include <cstddef>
#include <string_view>

namespace rekey::server {

/// What comes in bulk: a directory, lines of grants.
constexpr std::size_t largest_bulk = 8 << 20;
/// A configuration: some 25,000 choices.
constexpr std::size_t largest_configuration = 4 << 20;
/// The mappings that a host brings: some 200,000.
constexpr std::size_t largest_brought = 32 << 20;
/// Records or mappings as lines of JSON, which are read piece by piece.
constexpr std::size_t largest_lines = 256 << 20;
/// Everything else is a few members.
constexpr std::size_t largest_other = 64 << 10;

/// The most bytes that are read of the body of such a request; more is answered 413.
constexpr std::size_t largest_body(std::string_view path) {
  if (path == "/v1/grants") return largest_bulk;
  if (path.starts_with("/v1/tenants/") && path.find("/directory") != path.npos) return largest_bulk;
  if (path.starts_with("/v1/connections/") && path.ends_with("/configuration"))
    return largest_brought;
  if (path == "/api/configuration/sheet") return largest_brought;
  if (path.starts_with("/api/configuration")) return largest_configuration;
  return largest_other;
}

/// The most bytes of a body of this media type that is read piece by piece; 0: it is read as a
/// whole.
constexpr std::size_t largest_of_lines(std::string_view method, std::string_view path,
                                       std::string_view type) {
  if (method != "PUT" && method != "PATCH") return 0;
  if (!type.starts_with("application/x-ndjson")) return 0;
  const bool directory = path.starts_with("/v1/tenants/") && path.find("/directory") != path.npos;
  const bool mappings = path.starts_with("/v1/connections/") && path.ends_with("/configuration");
  return directory || mappings ? largest_lines : 0;
}

}  // namespace rekey::server
