#include "native/http/client.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <thread>

#include "http_raw_client.hpp"
#include "http_raw_server.hpp"
#include "native/http/server.hpp"

namespace rekey::http_client_test {

using Catch::Matchers::ContainsSubstring;
using rekey::testing::count;
using rekey::testing::RawPeer;
using rekey::testing::RawServer;
using rekey::testing::unused_port;

namespace {

http::ClientOptions impatient() {
  http::ClientOptions options;
  options.connect_timeout_ms = 2000;
  options.total_timeout_ms = 500;
  options.max_body = 1000;
  return options;
}

http::TransportError error_of(const std::string& url, const std::string& method = "POST") {
  const auto response = http::make_client(impatient())->send({method, url, {}, "code=abc"});
  REQUIRE_FALSE(response);
  // What a log may show names the host, never the path, the query or the body.
  CHECK(response.error().what.find("abc") == std::string::npos);
  CHECK(response.error().what.find("/token") == std::string::npos);
  return response.error();
}

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace

TEST_CASE("client: method, headers and body arrive as they were given", "[http]") {
  std::string seen;
  RawServer server([&seen](RawPeer& peer, int) {
    seen = peer.read_until("a=b&c=d");
    peer.send("HTTP/1.1 201 Created\r\nX-Two:  one\r\nx-two: two\r\nContent-Length: 2\r\n\r\nok");
  });
  const auto response =
      http::make_client({})->send({"POST",
                                   server.url("/p?q=1"),
                                   {{"Authorization", "Basic eA=="}, {"X-Empty", ""}},
                                   "a=b&c=d"});
  REQUIRE(response);
  CHECK(response->status == 201);
  CHECK(response->body == "ok");
  CHECK(response->headers.get("X-TWO") == "one");
  CHECK(response->headers.all().size() == 3);
  CHECK_THAT(seen, ContainsSubstring("POST /p?q=1 HTTP/1.1\r\n"));
  CHECK_THAT(seen, ContainsSubstring("Authorization: Basic eA==\r\n"));
  CHECK_THAT(seen, ContainsSubstring("X-Empty:"));
  CHECK_THAT(seen, ContainsSubstring("User-Agent: rekey\r\n"));
  CHECK(seen.find("Expect") == std::string::npos);
}

TEST_CASE("client: every method is sent as itself", "[http]") {
  const auto method = GENERATE(as<std::string>{}, "GET", "POST", "PUT", "DELETE", "HEAD", "PATCH");
  std::string seen;
  RawServer server([&seen](RawPeer& peer, int) {
    seen = peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  const auto response = http::make_client({})->send({method, server.url(), {}, {}});
  REQUIRE(response);
  CHECK(seen.rfind(method + " / HTTP/1.1\r\n", 0) == 0);
}

TEST_CASE("client: a redirect is an answer, and is not followed", "[http]") {
  std::atomic<int> asked{0};
  RawServer server([&asked](RawPeer& peer, int) {
    ++asked;
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
  });
  const auto response = http::make_client({})->send({"GET", server.url(), {}, {}});
  REQUIRE(response);
  CHECK(response->status == 302);
  CHECK(response->headers.get("location") == "/elsewhere");
  CHECK(asked == 1);
}

TEST_CASE("client: an interim answer is not the answer", "[http]") {
  RawServer server([](RawPeer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok);
  });
  const auto response = http::make_client({})->send({"GET", server.url(), {}, {}});
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK_FALSE(response->headers.get("Link"));
}

TEST_CASE("client: a compressed answer is read", "[http]") {
  // "hello hello hello hello\n", by gzip.
  const std::string zipped(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40"
      "\x27\xb9\x00\x00\x88\x59\x0b\x18\x00\x00\x00",
      29);
  RawServer server([&zipped](RawPeer& peer, int) {
    const bool asked = peer.read_until("\r\n\r\n").find("gzip") != std::string::npos;
    peer.send(asked ? "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                          std::to_string(zipped.size()) + "\r\n\r\n" + zipped
                    : ok);
  });
  const auto response = http::make_client({})->send({"GET", server.url(), {}, {}});
  REQUIRE(response);
  CHECK(response->body.substr(0, 12) == "hello hello ");
}

TEST_CASE("client: a request that certainly was not sent says so", "[http]") {
  std::string url;
  SECTION("refused") {
    url = "http://127.0.0.1:" + std::to_string(unused_port()) + "/token";
  }
  SECTION("no such name") {
    url = "http://absent.invalid/token";
  }
  SECTION("no TLS there") {
    RawServer server([](RawPeer& peer, int) {
      peer.read_until("x");  // the first message of TLS has one somewhere, or the client gives up
      peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    const auto error = error_of("https://127.0.0.1:" + std::to_string(server.port()) + "/token");
    CHECK_FALSE(error.maybe_done);
    return;
  }
  SECTION("not an address") {
    url = "nonsense://x/token";
  }
  CHECK_FALSE(error_of(url).maybe_done);
}

TEST_CASE("client: a request that may have been acted upon says so", "[http]") {
  const auto how = GENERATE(as<std::string>{}, "silence", "cut", "cut in the head",
                            "cut in the body", "too large", "not HTTP");
  CAPTURE(how);
  RawServer server([&how](RawPeer& peer, int) {
    peer.read_until("code=abc");
    if (how == "silence") peer.read_until("");
    if (how == "cut in the head") peer.send("HTTP/1.1 200 OK\r\nContent-");
    if (how == "cut in the body") peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    if (how == "too large")
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'));
    if (how == "not HTTP") peer.send("SSH-2.0-something\r\n");
  });
  CHECK(error_of(server.url("/token")).maybe_done);
}

TEST_CASE("client: connections are kept for the next request", "[http]") {
  http::Server server({}, [](const http::Request& request) {
    http::Response response;
    response.body = request.path;
    return response;
  });
  std::atomic<int> connections{0};
  RawServer kept([&connections](RawPeer& peer, int) {
    ++connections;
    while (!peer.read_until("\r\n\r\n").empty()) peer.send(ok);
  });
  {
    const auto client = http::make_client({});
    for (int i = 0; i < 5; ++i) REQUIRE(client->send({"GET", kept.url(), {}, {}}));
  }
  CHECK(connections == 1);
}

TEST_CASE("client: what must not be made twice is sent once, though the connection had died",
          "[http]") {
  std::atomic<int> posts{0};
  RawServer server([&posts](RawPeer& peer, int) {
    // Answers a GET and keeps the connection; takes a POST and goes without a word.
    while (true) {
      const std::string request = peer.read_until("\r\n\r\n");
      if (request.empty()) return;
      if (count(request, "POST ") > 0) {
        ++posts;
        return;
      }
      peer.send(ok);
      if (count(request, "GET /last") > 0) return;
    }
  });
  const auto client = http::make_client(impatient());
  REQUIRE(client->send({"GET", server.url("/last"), {}, {}}));
  const auto response = client->send({"POST", server.url("/token"), {}, "code=abc"});
  REQUIRE_FALSE(response);
  CHECK(response.error().maybe_done);
  CHECK(posts == 1);
}

TEST_CASE("client: a header value with a line break is never sent", "[http]") {
  const auto response = http::make_client({})->send(
      {"GET", "http://127.0.0.1:1/", {{"X", "a\r\nAuthorization: b"}}, {}});
  REQUIRE_FALSE(response);
  CHECK_THAT(response.error().what, ContainsSubstring("line break"));
  CHECK_FALSE(response.error().maybe_done);
}

TEST_CASE("client: threads share one client", "[http]") {
  http::Server server({}, [](const http::Request& request) {
    http::Response response;
    response.body = request.path;
    return response;
  });
  const auto client = http::make_client({});
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string path = "/" + std::to_string(t * 100 + i);
        const auto response = client->send(
            {"GET", "http://127.0.0.1:" + std::to_string(server.port()) + path, {}, {}});
        if (response && response->body == path) ++right;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(right == 160);
}

}  // namespace rekey::http_client_test
