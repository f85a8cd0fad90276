// The host's side of configurations: it reads what was saved, in versions, and brings mappings that
// it has.
#pragma once

#include "native/server/member.hpp"
#include "native/store/configurations.hpp"
#include "native/store/connections.hpp"

namespace rekey::server {

/// /v1/connections/{connection}/configuration and what is below it.
void add_configuration_api(Router& router, Service& service);

// What its files share -------------------------------------------------------------------------

/// Whose choices a host reads and brings: the company's, or, while none is known, those that wait
/// for the first one.
store::CompanyKey choices_of(const store::StoredConnection& connection);
/// The ETag of a version.
std::string tag_of(const store::CompanyKey& key, std::int64_t revision);
/// The list in a header names this version, or any ("*").
bool names_version(const std::string& header, const std::string& tag);
http::Response no_such_version(const std::string& version);

/// PUT and PATCH of mappings that a host has, in one body or line by line; and POST …/back.
http::Response put_brought(Service& service, const http::Request& request, const Places& places,
                           const wire::Actor& actor);
http::Response patch_brought(Service& service, const http::Request& request, const Places& places,
                             const wire::Actor& actor);
http::Response go_back_for_host(Service& service, const http::Request& request,
                                const Places& places, const wire::Actor& actor);

}  // namespace rekey::server
