// The router of native/http/ as the surfaces of the backend use it: what it refuses is a problem
// document.
#pragma once

#include "native/http/router.hpp"
#include "native/server/page_problem.hpp"

namespace rekey::server {

using http::Places;
using http::Route;
using http::Router;

/// A router without a route yet.
inline Router make_router() {
  return Router([](const http::Request& request, const Error& error) {
    return problem_at(request.path, error);
  });
}

}  // namespace rekey::server
