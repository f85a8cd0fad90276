// The routes of both surfaces beside their descriptions: what is registered is described, and what
// is described is registered.
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <set>

#include "native/server/host_api.hpp"
#include "native/server/page_api.hpp"
#include "tests/native/server_harness.hpp"

namespace rekey::server::routes_test {

namespace {

using Routes = std::set<std::string>;

/// "GET /v1/tenants" of every operation that a description has.
Routes described(const std::string& file) {
  std::ifstream in(REKEY_SOURCE_DIR "/native/server/" + file);
  const auto document = wire::Json::parse(in);
  Routes out;
  for (const auto& [path, item] : document.at("paths").items())
    for (const auto& [method, operation] : item.items()) {
      if (!operation.is_object()) continue;
      std::string upper = method;
      for (auto& letter : upper) letter = static_cast<char>(letter - 'a' + 'A');
      out.insert(upper + " " + path);
    }
  return out;
}

Routes registered(const Router& router) {
  Routes out;
  for (const auto& [method, path] : router.routes()) out.insert(method + " " + path);
  return out;
}

/// A service that is asked for nothing but its routes.
using Surfaces = ServerHarness;

}  // namespace

TEST_CASE("routes: the page surface has those that its description has, and no others",
          "[server]") {
  Surfaces surfaces;
  add_page_api(surfaces.router, surfaces.service);
  CHECK(registered(surfaces.router) == described("page_api.json"));
}

TEST_CASE("routes: the host API has those that its description has, and no others", "[server]") {
  Surfaces surfaces;
  add_host_api(surfaces.router, surfaces.service);
  CHECK(registered(surfaces.router) == described("openapi.json"));
}

}  // namespace rekey::server::routes_test
