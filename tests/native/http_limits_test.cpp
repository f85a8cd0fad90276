#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <future>
#include <semaphore>

#include "http_raw_client.hpp"
#include "native/http/client.hpp"
#include "native/http/server.hpp"
#include "native/log.hpp"

namespace rekey::http_limits_test {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using rekey::testing::count;
using rekey::testing::RawClient;

namespace {

http::Response echo(const http::Request& request) {
  http::Response response;
  response.body = request.method + " " + request.path + " " + request.body;
  return response;
}

http::ServerOptions small() {
  http::ServerOptions options;
  options.max_body = 1000;
  options.header_timeout_s = 1;
  options.idle_timeout_s = 1;
  return options;
}

// What a server that saw these bytes, and may see more, says before it closes.
std::string answer_to(const http::Server& server, const std::string& bytes) {
  RawClient client(server.port());
  client.send(bytes);
  std::string answer = client.read_to_end();
  CHECK(client.closed());
  return answer;
}

}  // namespace

TEST_CASE("server: what is not a request we take is refused with the status for it", "[http]") {
  const auto [status, bytes] = GENERATE(table<int, std::string>({
      {400, "nonsense\r\n\r\n"},
      {400, "GET\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nno colon\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\n\r\n"},  // no Host
      {400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"},
      {400, "GET x HTTP/1.1\r\nHost: a\r\n\r\n"},
      {400, "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {400, "GET /%0a HTTP/1.1\r\nHost: a\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
      {417, "GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n"},
      {501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"},
      {501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {505, "GET / HTTP/3.7\r\nHost: a\r\n\r\n"},
      {400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n"},
  }));
  CAPTURE(bytes);
  http::Server server(small(), echo);
  const std::string answer = answer_to(server, bytes);
  CHECK_THAT(answer, StartsWith("HTTP/1.1 " + std::to_string(status) + " "));
  CHECK_THAT(answer, ContainsSubstring("application/problem+json"));
  CHECK_THAT(answer, ContainsSubstring("Connection: close"));
}

TEST_CASE("server: two readings of where a body ends are refused, and nothing after is served",
          "[http]") {
  http::Server server(small(), echo);
  const auto fields =
      GENERATE(as<std::string>{}, "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
               "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
               "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
               "Transfer-Encoding: identity\r\n");
  CAPTURE(fields);
  const std::string answer =
      answer_to(server, "POST /a HTTP/1.1\r\nHost: x\r\n" + fields +
                            "\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(count(answer, "HTTP/1.1 ") == 1);
  CHECK(answer.find("200 OK") == std::string::npos);
}

TEST_CASE("server: a header that does not end is refused before it fills the memory", "[http]") {
  http::Server server(small(), echo);
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\n";
  SECTION("one long field") {
    CHECK_THAT(answer_to(server, start + "X: " + std::string(20'000, 'x') + "\r\n\r\n"),
               StartsWith("HTTP/1.1 431 "));
  }
  SECTION("many fields") {
    std::string fields;
    for (int i = 0; i < 3000; ++i) fields += "X-" + std::to_string(i) + ": y\r\n";
    CHECK_THAT(answer_to(server, start + fields + "\r\n"), StartsWith("HTTP/1.1 431 "));
  }
  SECTION("a long address") {
    CHECK_THAT(answer_to(server, "GET /" + std::string(20'000, 'x')), StartsWith("HTTP/1.1 431 "));
  }
  SECTION("a chunk's extension") {
    CHECK_THAT(answer_to(server,
                         "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "1;" +
                             std::string(40'000, 'x')),
               StartsWith("HTTP/1.1 431 "));
  }
  SECTION("just within") {
    RawClient client(server.port());
    client.send(start + "X: " + std::string(15'000, 'x') + "\r\n\r\n");
    CHECK_THAT(client.read_until("GET / "), StartsWith("HTTP/1.1 200 "));
  }
}

TEST_CASE("server: a body over the limit is refused, and the client reads why", "[http]") {
  http::Server server(small(), echo);
  SECTION("by its length, before it is sent") {
    CHECK_THAT(answer_to(server,
                         "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n"
                         "Expect: 100-continue\r\n\r\n"),
               StartsWith("HTTP/1.1 413 "));
  }
  SECTION("in chunks") {
    CHECK_THAT(answer_to(server,
                         "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "3e9\r\n" +
                             std::string(1001, 'x') + "\r\n0\r\n\r\n"),
               StartsWith("HTTP/1.1 413 "));
  }
  SECTION("while the client is still sending megabytes") {
    const auto client = http::make_client({});
    const auto response = client->send({"POST",
                                        "http://127.0.0.1:" + std::to_string(server.port()) + "/",
                                        {},
                                        std::string(4 << 20, 'x')});
    REQUIRE(response);
    CHECK(response->status == 413);
  }
  SECTION("just within") {
    RawClient client(server.port());
    const std::string body(1000, 'x');
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body);
    CHECK_THAT(client.read_until(body), StartsWith("HTTP/1.1 200 "));
  }
}

TEST_CASE("server: each route takes bodies of its own size, and says which", "[http]") {
  auto options = small();
  options.bounds.body = [](std::string_view method, std::string_view path) -> std::size_t {
    return method == "PUT" && path == "/large" ? 900 : 10;
  };
  http::Server server(options, echo);
  const auto send = [&](const std::string& start, const std::string& body) {
    return answer_to(server, start +
                                 " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                                 std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  CHECK_THAT(send("PUT /large", std::string(900, 'x')), StartsWith("HTTP/1.1 200 "));
  CHECK_THAT(send("POST /large", std::string(11, 'x')), StartsWith("HTTP/1.1 413 "));
  CHECK_THAT(send("PUT /small?/large", std::string(11, 'x')), ContainsSubstring("10 bytes"));
  CHECK_THAT(send("PUT /sm%61ll", std::string(10, 'x')), StartsWith("HTTP/1.1 200 "));
  CHECK_THAT(answer_to(server,
                       "PUT /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "9\r\n123456789\r\n2\r\n01\r\n0\r\n\r\n"),
             StartsWith("HTTP/1.1 413 "));
}

TEST_CASE("server: all large bodies together have so much room, small ones always have", "[http]") {
  http::ServerOptions options;
  options.bounds.bodies = 300'000;
  http::Server server(options, echo);
  const std::string start = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ";
  RawClient one(server.port());
  one.send(start + "250000\r\n\r\n" + std::string(200'000, 'x'));
  CHECK(one.read_until("x", std::chrono::milliseconds(300)).empty());
  RawClient two(server.port());
  two.send(start + "200000\r\n\r\n" + std::string(200'000, 'x'));
  const auto refused = two.read_until("}");
  CHECK_THAT(refused, StartsWith("HTTP/1.1 503 "));
  CHECK_THAT(refused, ContainsSubstring("Retry-After"));
  RawClient small_one(server.port());
  small_one.send(start + "60000\r\n\r\n" + std::string(60'000, 'x'));
  CHECK_THAT(small_one.read_until("\r\n"), StartsWith("HTTP/1.1 200 "));
  one.send(std::string(50'000, 'x'));
  CHECK_THAT(one.read_until(std::string(250'000, 'x')), StartsWith("HTTP/1.1 200 "));
  // What was answered has left room, at the latest when the next request is answered.
  one.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(one.read_until("GET /next"), StartsWith("HTTP/1.1 200 "));
  RawClient three(server.port());
  three.send(start + "200000\r\n\r\n" + std::string(200'000, 'x'));
  CHECK_THAT(three.read_until("\r\n"), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("server: a header has so many fields", "[http]") {
  http::Server server(small(), echo);
  const auto fields = [](int count) {
    std::string out = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 1; i < count; ++i) out += "X: y\r\n";
    return out + "\r\n";
  };
  CHECK_THAT(answer_to(server, fields(101)), StartsWith("HTTP/1.1 431 "));
  RawClient client(server.port());
  client.send(fields(100));
  CHECK_THAT(client.read_until("GET / "), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("server: two of one process share the files", "[http]") {
  http::ServerOptions shared;
  shared.bounds.servers = 2;
  const http::Server alone({}, echo), first(shared, echo), second(shared, echo);
  CHECK(first.most_connections() + second.most_connections() <= alone.most_connections());
  CHECK(first.most_connections() >= alone.most_connections() / 2);
}

TEST_CASE("server: connections that only wait make room for new ones", "[http]") {
  http::ServerOptions options;
  options.bounds.connections = 32;
  http::Server server(options, echo);
  const auto bytes = GENERATE(as<std::string>{}, "", "GET / HT",
                              "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  CAPTURE(bytes);
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 200; ++i) {
    idle.push_back(std::make_unique<RawClient>(server.port()));
    idle.back()->send(bytes);
    if (i % 10 != 0) continue;
    RawClient client(server.port());
    client.send("GET /still HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    REQUIRE_THAT(client.read_until("GET /still"), StartsWith("HTTP/1.1 200 "));
  }
}

TEST_CASE("server: clients that ask much and read nothing make room for others", "[http][slow]") {
  http::ServerOptions options;
  options.bounds.connections = 16;
  http::Server server(options, [](const http::Request& request) {
    auto response = echo(request);
    if (request.path == "/endless") response.more = [] { return std::string(1 << 16, 'x'); };
    return response;
  });
  std::vector<std::unique_ptr<RawClient>> held;
  for (int i = 0; i < 40; ++i) {
    held.push_back(std::make_unique<RawClient>(server.port()));
    held.back()->send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  const auto come = [&] {
    return answer_to(server, "GET /still HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  };
  // Until they have read nothing for two seconds it is busy, and says so, but drops no newcomer.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::string answer;
  while (!answer.starts_with("HTTP/1.1 200 ") && std::chrono::steady_clock::now() < end) {
    answer = come();
    REQUIRE_THAT(answer, StartsWith("HTTP/1.1 "));
  }
  for (int i = 0; i < 20; ++i) CHECK_THAT(come(), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("server: where all are busy, one too many is told so, and hears how things are",
          "[http]") {
  std::promise<void> release;
  std::counting_semaphore<> begun(0);
  const auto released = release.get_future().share();
  http::ServerOptions options;
  options.workers = 24;
  options.bounds.connections = 16;
  options.bounds.always_answered = {"/healthz"};
  std::string logged;
  log::set_sink([&](std::string_view line) { logged += std::string(line) + "\n"; });
  {
    http::Server server(options, [&](const http::Request& request) {
      if (request.path == "/slow") {
        begun.release();
        released.wait();
      }
      return echo(request);
    });
    std::vector<std::unique_ptr<RawClient>> busy;
    for (int i = 0; i < 16; ++i) {
      busy.push_back(std::make_unique<RawClient>(server.port()));
      busy.back()->send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      // One whose request is still on its way only waits, and may have to make room.
      REQUIRE(begun.try_acquire_for(std::chrono::seconds(10)));
    }
    const std::string rest = " HTTP/1.1\r\nHost: x\r\n\r\n";
    const auto told = answer_to(server, "GET /" + rest);
    CHECK_THAT(told, StartsWith("HTTP/1.1 503 "));
    CHECK_THAT(told, ContainsSubstring("Retry-After: 1"));
    CHECK_THAT(answer_to(server, "GET /healthz" + rest), StartsWith("HTTP/1.1 200 "));
    release.set_value();
    for (const auto& each : busy)
      CHECK_THAT(each->read_until("GET /slow"), StartsWith("HTTP/1.1 200 "));
    // Now they only wait. The first that comes may still be told to come again; one makes room.
    const std::string last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    std::string answer;
    for (int i = 0; i < 100 && !answer.starts_with("HTTP/1.1 200 "); ++i)
      answer = answer_to(server, last);
    CHECK_THAT(answer, StartsWith("HTTP/1.1 200 "));
  }
  log::set_sink({});
  // However often it happens: one line.
  CHECK(count(logged, "http.too_many_connections") == 1);
}

TEST_CASE("server: a peer has so many connections; where a proxy speaks for many, they count each",
          "[http]") {
  http::ServerOptions options;
  options.bounds.peer_connections = 2;
  options.proxies.trusted = {*http::Network::parse("127.0.0.1")};
  std::string peer;
  http::Server server(options, [&](const http::Request& request) {
    http::Response response;
    response.body = request.peer + (request.peer_is_many ? " is many." : " is one.");
    return response;
  });
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.9\r\n\r\n");
    CHECK_THAT(clients.back()->read_until("one."), EndsWith("192.0.2.9 is one."));
  }
}

TEST_CASE("server: a client that sends nothing is dropped", "[http][slow]") {
  http::Server server(small(), echo);
  RawClient client(server.port());
  CHECK(client.read_to_end(std::chrono::seconds(4)).empty());
  CHECK(client.closed());
}

TEST_CASE("server: a request that does not arrive in time is answered 408", "[http][slow]") {
  http::Server server(small(), echo);
  std::string logged;
  log::set_sink([&](std::string_view line) { logged += std::string(line) + "\n"; });
  const std::vector<std::string> begun = {
      "GET", "GET / HTTP/1.1\r\nHost: x\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
      "GET /whole HTTP/1.1\r\nHost: x\r\n\r\nGET /half"};
  std::vector<std::unique_ptr<RawClient>> clients;
  for (const auto& bytes : begun) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(bytes);
  }
  CHECK_THAT(clients.back()->read_until("GET /whole "), StartsWith("HTTP/1.1 200 "));
  for (const auto& client : clients) {
    const auto answer = client->read_to_end();
    CHECK_THAT(answer, StartsWith("HTTP/1.1 408 "));
    CHECK_THAT(answer, ContainsSubstring("timed_out") && ContainsSubstring("Connection: close"));
    CHECK(client->closed());
    CHECK_FALSE(client->was_reset());
  }
  log::set_sink({});
  CHECK(count(logged, "http.request_late") == 1);
}

TEST_CASE("server: a client that goes on by a byte at a time does not hold its place",
          "[http][slow]") {
  http::Server server(small(), echo);
  RawClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n");
  const auto start = std::chrono::steady_clock::now();
  while (!client.closed() && std::chrono::steady_clock::now() - start < std::chrono::seconds(8)) {
    client.send("x");
    client.read_to_end(std::chrono::milliseconds(100));
  }
  CHECK(client.closed());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(4));
}

TEST_CASE("server: an idle connection is kept for its time, then closed", "[http][slow]") {
  http::ServerOptions options = small();
  options.idle_timeout_s = 2;
  http::Server server(options, echo);
  RawClient client(server.port());
  client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(client.read_until("GET /a "), StartsWith("HTTP/1.1 200"));
  CHECK(client.read_until("x", std::chrono::milliseconds(1200)).empty());
  CHECK_FALSE(client.closed());
  client.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(client.read_until("GET /b "), StartsWith("HTTP/1.1 200"));
  CHECK(client.read_to_end(std::chrono::seconds(5)).empty());
  CHECK(client.closed());
}

}  // namespace rekey::http_limits_test
