#include "native/http/server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "http_raw_client.hpp"
#include "native/http/client.hpp"
#include "native/log.hpp"

namespace rekey::http_server_test {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
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

std::string get(const std::string& path, const std::string& more = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n";
}

std::string answer_to(const http::Server& server, const std::string& bytes) {
  RawClient client(server.port());
  client.send(bytes);
  client.finish_sending();
  return client.read_to_end();
}

}  // namespace

TEST_CASE("server: a handler's response arrives with its length and the date", "[http]") {
  http::Server server({}, echo);
  RawClient client(server.port());
  client.send(get("/a%20b?c=d%20e", "Connection: close\r\n"));
  const std::string answer = client.read_to_end();
  CHECK(client.closed());
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  CHECK_THAT(answer, ContainsSubstring(" GMT\r\n"));
  CHECK_THAT(answer, ContainsSubstring("\r\nContent-Length: 18\r\n"));
  CHECK_THAT(answer, ContainsSubstring("\r\nConnection: close\r\n"));
  CHECK_THAT(answer, EndsWith("\r\n\r\nGET /a b ?c=d%20e "));
}

TEST_CASE("server: a handler sees method, headers, body, peer and cookies", "[http]") {
  http::Request seen;
  http::Server server({}, [&seen](const http::Request& request) {
    seen = request;
    return text("");
  });
  const std::string answer =
      answer_to(server,
                "POST /p HTTP/1.1\r\nHost: x\r\nX-Two: a\r\nx-two: b\r\nCookie: a=1; b=2\r\n"
                "Content-Length: 5\r\n\r\nhello");
  REQUIRE_THAT(answer, StartsWith("HTTP/1.1 200"));
  CHECK(seen.method == "POST");
  CHECK(seen.path == "/p");
  CHECK(seen.body == "hello");
  CHECK(seen.peer == "127.0.0.1");
  CHECK_FALSE(seen.tls);
  CHECK(seen.headers.get("X-TWO") == "a");
  CHECK(seen.cookie("b") == "2");
}

TEST_CASE("server: requests sent in one piece are answered each, in order", "[http]") {
  http::Server server({}, echo);
  RawClient client(server.port());
  std::string bytes;
  for (int i = 0; i < 50; ++i)
    bytes += i % 2 == 0 ? get("/" + std::to_string(i))
                        : "POST /" + std::to_string(i) +
                              " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nb" +
                              std::to_string(10 + i % 10);
  client.send(bytes);
  for (int i = 0; i < 50; ++i) {
    const std::string expected =
        i % 2 == 0 ? "GET /" + std::to_string(i) + " ? "
                   : "POST /" + std::to_string(i) + " ? b" + std::to_string(10 + i % 10);
    REQUIRE_THAT(client.read_until(expected), EndsWith("\r\n\r\n" + expected));
  }
  CHECK_FALSE(client.closed());
}

TEST_CASE("server: a request that arrives byte by byte is a request", "[http]") {
  http::Server server({}, echo);
  RawClient client(server.port());
  for (const char byte :
       std::string("PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n"))
    REQUIRE(client.send({&byte, 1}));
  CHECK_THAT(client.read_until("defg"), EndsWith("PUT /x ? abcdefg"));
}

TEST_CASE("server: HEAD gets the head of GET, and the connection goes on", "[http]") {
  http::Server server({}, echo);
  RawClient client(server.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n" + get("/y"));
  const std::string both = client.read_until("GET /y ? ");
  CHECK(count(both, "\r\nContent-Length: 9\r\n") == 2);
  CHECK(both.find("GET /x") == std::string::npos);
}

TEST_CASE("server: a body is left out where there can be none", "[http]") {
  const int status = GENERATE(204, 304);
  http::Server server({}, [status](const http::Request&) {
    http::Response response = text("never");
    response.status = status;
    return response;
  });
  const std::string answer = answer_to(server, get("/"));
  CHECK_THAT(answer, StartsWith("HTTP/1.1 " + std::to_string(status)));
  CHECK_THAT(answer, EndsWith("\r\n\r\n"));
  CHECK(answer.find("Content-Length") == std::string::npos);
}

TEST_CASE("server: an HTTP/1.0 client gets its answer and the end", "[http]") {
  http::Server server({}, echo);
  RawClient client(server.port());
  client.send("GET /old HTTP/1.0\r\n\r\n");
  CHECK_THAT(client.read_to_end(), EndsWith("GET /old ? "));
  CHECK(client.closed());
  RawClient keeper(server.port());
  keeper.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK_THAT(keeper.read_until("GET /a ? "), ContainsSubstring("\r\nConnection: keep-alive\r\n"));
  keeper.send("GET /b HTTP/1.0\r\n\r\n");
  CHECK_THAT(keeper.read_to_end(), EndsWith("GET /b ? "));
}

TEST_CASE("server: a client that waits for leave to send its body gets it", "[http]") {
  http::Server server({}, echo);
  RawClient client(server.port());
  client.send("POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  CHECK_THAT(client.read_until("body"), EndsWith("POST /x ? body"));
}

TEST_CASE("server: large bodies go through whole, both ways", "[http]") {
  http::Server server({}, [](const http::Request& request) { return text(request.body); });
  const auto client = http::make_client({});
  std::string body(3 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 131 >> 7);
  const auto response =
      client->send({"POST", "http://127.0.0.1:" + std::to_string(server.port()) + "/", {}, body});
  REQUIRE(response);
  CHECK(response->body == body);
}

TEST_CASE("server: many clients at once are all answered", "[http]") {
  http::Server server({}, echo);
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&, t] {
      RawClient client(server.port());
      for (int i = 0; i < 50; ++i) {
        const std::string path = "/" + std::to_string(t) + "-" + std::to_string(i);
        client.send(get(path));
        if (client.read_until("GET " + path + " ? ").ends_with(path + " ? ")) ++right;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(right == 16 * 50);
}

TEST_CASE("server: a handler that throws gives a problem that says nothing inner", "[http]") {
  std::vector<std::string> lines;
  std::mutex mutex;
  log::set_sink([&](std::string_view line) {
    const std::lock_guard lock(mutex);
    lines.emplace_back(line);
  });
  http::Server server({}, [](const http::Request& request) -> http::Response {
    if (request.path.starts_with("/odd")) throw 42;
    throw std::runtime_error("token abc123 is wrong");
  });
  for (const char* path : {"/std/secret-id", "/odd"}) {
    const std::string answer = answer_to(server, get(path));
    CHECK_THAT(answer, StartsWith("HTTP/1.1 500"));
    CHECK_THAT(answer, ContainsSubstring("application/problem+json"));
    CHECK(answer.find("abc123") == std::string::npos);
  }
  log::set_sink({});
  REQUIRE(lines.size() == 2);
  CHECK_THAT(lines[0], ContainsSubstring("http.handler_threw") && ContainsSubstring("/std"));
  CHECK(lines[0].find("abc123") == std::string::npos);
  CHECK(lines[0].find("secret-id") == std::string::npos);
}

TEST_CASE("server: a header value with a line break never reaches the wire", "[http]") {
  log::set_sink([](std::string_view) {});
  http::Server server({}, [](const http::Request& request) {
    http::Response response = text("ok");
    response.headers.add("Location", *request.query_value("to"));
    return response;
  });
  const std::string answer = answer_to(server, get("/?to=%0d%0aSet-Cookie:%20a=b"));
  log::set_sink({});
  CHECK_THAT(answer, StartsWith("HTTP/1.1 500"));
  CHECK(answer.find("Set-Cookie") == std::string::npos);
}

TEST_CASE("server: while all workers are busy others wait, and are answered after", "[http]") {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  http::ServerOptions options;
  options.workers = 2;
  http::Server server(options, [released](const http::Request& request) {
    if (request.path == "/slow") released.wait();
    return echo(request);
  });
  RawClient first(server.port()), second(server.port()), third(server.port());
  first.send(get("/slow"));
  second.send(get("/slow"));
  third.send(get("/quick"));
  CHECK(first.read_until("x", std::chrono::milliseconds(100)).empty());
  release.set_value();
  CHECK_THAT(first.read_until("/slow ? "), ContainsSubstring("200 OK"));
  CHECK_THAT(second.read_until("/slow ? "), ContainsSubstring("200 OK"));
  CHECK_THAT(third.read_until("/quick ? "), ContainsSubstring("200 OK"));
}

TEST_CASE("server: an address that cannot be listened on is said in a sentence", "[http]") {
  http::Server first({}, echo);
  http::ServerOptions options;
  options.port = first.port();
  CHECK_THROWS_WITH(http::Server(options, echo),
                    ContainsSubstring("another program uses this port"));
  options.port = 0;
  options.address = "not-an-address";
  CHECK_THROWS_WITH(http::Server(options, echo), ContainsSubstring("Give an IP address"));
  options.address = "203.0.113.9";
  CHECK_THROWS_WITH(http::Server(options, echo), StartsWith("Cannot listen on 203.0.113.9:0: "));
}

TEST_CASE("server: a response that is cut before its head resets the connection", "[http]") {
  http::Server server({}, [](const http::Request&) {
    http::Response response = text("nobody reads this");
    response.cut = http::Cut::before_head;
    return response;
  });
  RawClient client(server.port());
  client.send(get("/"));
  CHECK(client.read_to_end().empty());
  CHECK(client.was_reset());
}

TEST_CASE("server: a response that is cut in its body announces all of it and sends half",
          "[http]") {
  const std::size_t size = GENERATE(10, 100'000);
  http::Server server({}, [size](const http::Request&) {
    http::Response response = text(std::string(size, 'x'));
    response.cut = http::Cut::in_body;
    return response;
  });
  RawClient client(server.port());
  client.send(get("/") + get("/again"));
  const std::string answer = client.read_to_end();
  CHECK(client.closed());
  CHECK_THAT(answer, ContainsSubstring("\r\nContent-Length: " + std::to_string(size) + "\r\n"));
  CHECK_THAT(answer, EndsWith("\r\n\r\n" + std::string(size / 2, 'x')));
  CHECK(count(answer, "HTTP/1.1") == 1);
}

}  // namespace rekey::http_server_test
