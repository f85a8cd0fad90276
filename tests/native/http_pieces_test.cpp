// Bodies that are made and sent a piece at a time.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <condition_variable>
#include <mutex>

#include "http_raw_client.hpp"
#include "native/http/client.hpp"
#include "native/http/server.hpp"

namespace rekey::http_pieces_test {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using rekey::testing::RawClient;

namespace {

// "first", then `more` pieces of it; the last one throws where `breaks`.
http::Handler in_pieces(int more, bool breaks = false) {
  return [more, breaks](const http::Request& request) {
    http::Response response;
    if (request.path == "/whole") {
      response.body = "whole";
      return response;
    }
    response.body = "first,";
    response.more = [&request, more, breaks, n = 0]() mutable -> std::string {
      if (n == more && breaks) throw std::runtime_error("no");
      if (n == more) return {};
      return "piece " + std::to_string(++n) + " of " + request.path + ",";
    };
    return response;
  };
}

const std::string ask = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace

TEST_CASE("pieces: they arrive as chunks, in order, and the connection goes on", "[http]") {
  http::Server server({}, in_pieces(2));
  RawClient client(server.port());
  client.send(ask);
  const auto answer = client.read_until("0\r\n\r\n");
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK"));
  CHECK_THAT(answer, ContainsSubstring("Transfer-Encoding: chunked"));
  CHECK_THAT(answer, !ContainsSubstring("Content-Length"));
  CHECK_THAT(answer, EndsWith("\r\n\r\n6\r\nfirst,\r\ne\r\npiece 1 of /x,\r\ne\r\npiece 2 of "
                              "/x,\r\n0\r\n\r\n"));
  client.send("GET /whole HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(client.read_until("whole"), ContainsSubstring("Content-Length: 5"));
}

TEST_CASE("pieces: to a client of HTTP/1.0 they are the body, which ends with the connection",
          "[http]") {
  http::Server server({}, in_pieces(1));
  RawClient client(server.port());
  client.send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto answer = client.read_to_end();
  CHECK(client.closed());
  CHECK_FALSE(client.was_reset());
  CHECK_THAT(answer, ContainsSubstring("Connection: close"));
  CHECK_THAT(answer, !ContainsSubstring("Transfer-Encoding"));
  CHECK_THAT(answer, EndsWith("\r\n\r\nfirst,piece 1 of /x,"));
}

TEST_CASE("pieces: an end that is missing can be told from one that is not", "[http]") {
  http::Server server({}, in_pieces(1, true));
  RawClient client(server.port());
  client.send(ask);
  CHECK_THAT(client.read_to_end(), !ContainsSubstring("0\r\n\r\n"));
  CHECK(client.closed());
  const auto whole = http::make_client({})->send(
      {"GET", "http://127.0.0.1:" + std::to_string(server.port()) + "/x", {}, {}});
  REQUIRE_FALSE(whole);
  CHECK(whole.error().maybe_done);
}

TEST_CASE("pieces: HEAD gets none of them", "[http]") {
  http::Server server({}, in_pieces(1));
  RawClient client(server.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK_THAT(client.read_to_end(), EndsWith("\r\n\r\n"));
}

TEST_CASE("pieces: the next is asked for when the client has taken those before", "[http]") {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t made = 0;
  bool gone = false;
  const std::size_t size = 1 << 20;
  http::Server server({}, [&](const http::Request&) {
    http::Response response;
    const std::shared_ptr<void> held(&gone, [&](bool* at) {
      const std::lock_guard lock(mutex);
      *at = true;
      changed.notify_all();
    });
    response.more = [&, held] {
      const std::lock_guard lock(mutex);
      made += size;
      changed.notify_all();
      return made > (std::size_t{1} << 30) ? std::string() : std::string(size, 'x');
    };
    return response;
  });
  {
    RawClient client(server.port());
    client.send(ask);
    client.read_until("\r\n\r\n");
    std::unique_lock lock(mutex);
    // The kernel takes some megabytes on the way; then nothing more is made.
    std::size_t before = 0;
    do before = made;
    while (changed.wait_for(lock, std::chrono::seconds(1), [&] { return made != before; }));
    CHECK(made < (std::size_t{64} << 20));
  }
  // The client has gone: so has what makes them.
  std::unique_lock lock(mutex);
  CHECK(changed.wait_for(lock, std::chrono::seconds(10), [&] { return gone; }));
}

}  // namespace rekey::http_pieces_test
