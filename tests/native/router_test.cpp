#include "native/http/router.hpp"

#include <catch2/catch_test_macros.hpp>

#include "native/server/router.hpp"
#include "tests/support/request.hpp"

namespace rekey::http::router_test {
namespace {

Response text(std::string body) {
  return {200, {}, std::move(body), {}};
}

/// Answers with its own name and whatever the places hold.
Route named(const std::string& name) {
  return [name](const Request&, const Places& places) {
    std::string body = name;
    for (const auto& [place, value] : places) body += " " + place + "=" + value;
    return text(body);
  };
}

Router empty_router() {
  return Router([](const Request&, const Error& error) {
    Response response = text(error.hint);
    response.status = error.code == Code::no_such_address      ? 404
                      : error.code == Code::method_not_allowed ? 405
                                                               : 400;
    return response;
  });
}

Response ask(const Router& router, const std::string& method, const std::string& target) {
  return router.handle(test::request_of(method, target, {}, ""));
}

std::string body(const Router& router, const std::string& target) {
  return ask(router, "GET", target).body;
}

TEST_CASE("router: a path is answered by the route of its segments and method", "[http]") {
  Router router = empty_router();
  router.add("GET", "/a", named("read"));
  router.add("POST", "/a", named("write"));
  router.add("GET", "/", named("front"));
  CHECK(ask(router, "GET", "/a").body == "read");
  CHECK(ask(router, "POST", "/a").body == "write");
  CHECK(ask(router, "GET", "/").body == "front");
  CHECK(ask(router, "HEAD", "/a").body == "read");
  CHECK(ask(router, "GET", "/a").route == "/a");
}

TEST_CASE("router: neither a slash more or less nor another letter case is the same path",
          "[http]") {
  Router router = empty_router();
  router.add("GET", "/a/b", named("it"));
  for (const char* other : {"/a/b/", "//a/b", "/a//b", "/a", "/A/b", "/a/b/c", "*", ""})
    CHECK(ask(router, "GET", other).status == 404);
}

TEST_CASE("router: a route may be reached in either letter case, and its places keep theirs",
          "[http]") {
  Router router = empty_router();
  router.add("GET", "/Api/{id}/renew", named("it"), Letters::either_case);
  CHECK(body(router, "/aPI/Xy/RENEW") == "it id=Xy");
  CHECK(ask(router, "GET", "/api/xy/renewed").status == 404);
}

TEST_CASE("router: a place holds one segment, and never an empty one", "[http]") {
  Router router = empty_router();
  router.add("GET", "/tenants/{tenant}/keys/{key}", named("key"));
  CHECK(body(router, "/tenants/t1/keys/k2") == "key key=k2 tenant=t1");
  CHECK(ask(router, "GET", "/tenants//keys/k2").status == 404);
  CHECK(ask(router, "GET", "/tenants/t1/keys/").status == 404);
  CHECK(ask(router, "GET", "/tenants/t1/keys/k2/more").status == 404);
}

TEST_CASE("router: a last place may hold all that is left of the path", "[http]") {
  Router router = empty_router();
  router.add("GET", "/files/{path...}", named("file"));
  CHECK(body(router, "/files/a") == "file path=a");
  CHECK(body(router, "/files/a/b//c/") == "file path=a/b//c/");
  CHECK(body(router, "/files/") == "file path=");
  CHECK(ask(router, "GET", "/files").status == 404);
}

TEST_CASE("router: of several routes that fit, the first that was added answers", "[http]") {
  Router router = empty_router();
  router.add("GET", "/pages/one", named("exact"));
  router.add(Router::any_method, "/pages/{page...}", named("any"));
  CHECK(body(router, "/pages/one") == "exact");
  CHECK(body(router, "/pages/two") == "any page=two");
  // Another method of the exact path is not refused while a later route takes it.
  CHECK(ask(router, "PUT", "/pages/one").body == "any page=one");
}

TEST_CASE("router: what a path holds percent-encoded is decoded once, and once only", "[http]") {
  Router router = empty_router();
  router.add("GET", "/tenants/{tenant}", named("it"));
  CHECK(body(router, "/tenants/a%20b") == "it tenant=a b");
  CHECK(body(router, "/tenants/a%2520b") == "it tenant=a%20b");
  CHECK(body(router, "/tenants/a+b") == "it tenant=a+b");
  CHECK(body(router, "/%74enants/x") == "it tenant=x");
}

TEST_CASE("router: a method that a path does not take is answered 405 with those it takes",
          "[http]") {
  Router router = empty_router();
  router.add("GET", "/a/{id}", named("read"));
  router.add("DELETE", "/a/{id}", named("remove"));
  const auto refused = ask(router, "PUT", "/a/1");
  CHECK(refused.status == 405);
  CHECK(refused.headers.get("Allow") == "GET, DELETE");
  CHECK(refused.body == "This address does not take PUT, but GET, DELETE.");
  CHECK(ask(router, "HEAD", "/a/1").status == 200);
}

TEST_CASE("router: an unknown path is refused, or goes to the fallback", "[http]") {
  Router router = empty_router();
  router.add("POST", "/a", named("write"));
  const auto refused = ask(router, "GET", "/b");
  CHECK(refused.status == 404);
  CHECK_FALSE(refused.headers.get("Allow"));
  router.set_fallback(named("fallback"));
  CHECK(ask(router, "GET", "/b").body == "fallback");
  // A known path is not unknown for its method.
  CHECK(ask(router, "GET", "/a").status == 405);
}

TEST_CASE("router: a route that says its parameters refuses others, and each twice", "[http]") {
  Router router = empty_router();
  router.add("GET", "/list", named("list"));
  router.add("POST", "/list", named("make"));
  CHECK(ask(router, "GET", "/list?limti=3").status == 200);
  router.set_parameters("GET", "/list", {"limit", "after"});
  CHECK(ask(router, "GET", "/list?limit=3&after=x").status == 200);
  const auto unknown = ask(router, "GET", "/list?limti=3");
  CHECK(unknown.status == 400);
  CHECK(unknown.body.find("limti") != std::string::npos);
  CHECK(ask(router, "GET", "/list?limit=3&limit=4").status == 400);
  CHECK(ask(router, "POST", "/list?limti=3").status == 200);
}

TEST_CASE("router: the backend refuses with problem documents", "[http][server]") {
  auto router = server::make_router();
  router.add("GET", "/a", named("read"));
  const auto unknown = ask(router, "GET", "/b");
  CHECK(unknown.status == 404);
  CHECK(unknown.headers.get("Content-Type") == "application/problem+json");
  const auto refused = ask(router, "POST", "/a");
  CHECK(refused.status == 405);
  CHECK(refused.headers.get("Allow") == "GET");
  CHECK(refused.body.find("does not take POST") != std::string::npos);
}

}  // namespace
}  // namespace rekey::http::router_test
