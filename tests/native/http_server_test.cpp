#include "native/http/server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "http_raw_client.hpp"

using namespace rekey;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using rekey::testing::count;
using rekey::testing::RawClient;

namespace {

http::Response text(std::string body) {
  http::Response response;
  response.headers.add("Content-Type", "text/plain");
  response.body = std::move(body);
  return response;
}

http::Response echo(const http::Request& request) {
  return text(request.method + " " + request.path + " ?" + request.query + " " + request.body);
}

}  // namespace

TEST_CASE("server: a handler's response arrives with its length and the date", "[http]") {
  http::Server server({}, echo);
  RawClient client(server.port());
  client.send("GET /a%20b?c=d%20e HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = client.read_to_end();
  CHECK(client.closed());
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  CHECK_THAT(answer, ContainsSubstring("\r\nContent-Length: 18\r\n"));
  CHECK_THAT(answer, ContainsSubstring("\r\n\r\nGET /a b ?c=d%20e "));
}
