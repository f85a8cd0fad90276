// Long bodies of lines: in a file while they are read, and the same when a handler reads them.
#include "native/http/spool.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "http_raw_client.hpp"
#include "native/http/server.hpp"

namespace rekey::http_spool_test {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using rekey::testing::RawClient;

namespace {

std::string some_bytes(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return out;
}

std::string all_of(const std::function<std::string()>& pieces) {
  std::string out;
  for (auto piece = pieces(); !piece.empty(); piece = pieces()) {
    CHECK(piece.size() <= 64 * 1024);
    out += piece;
  }
  return out;
}

/// Says how much came, where it was, and whether it is what was sent.
http::Response judge(const http::Request& request) {
  http::Response response;
  const auto body = all_of(http::body_pieces(request));
  response.body = body == some_bytes(body.size()) ? "right " : "wrong ";
  response.body += std::to_string(body.size()) + (request.spool ? " spooled" : " held");
  return response;
}

http::ServerOptions with_lines() {
  http::ServerOptions options;
  options.max_body = 4 << 20;
  options.bounds.body = [](std::string_view, std::string_view) -> std::size_t { return 200'000; };
  options.bounds.lines = [](std::string_view method, std::string_view path,
                            std::string_view type) -> std::size_t {
    return method == "PUT" && path == "/lines" && type == "application/x-ndjson" ? 1'000'000 : 0;
  };
  return options;
}

std::string put(const std::string& type, std::size_t size) {
  return "PUT /lines HTTP/1.1\r\nHost: x\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + some_bytes(size);
}

}  // namespace

TEST_CASE("spool: what was written is read from its first byte, as often as it is asked for",
          "[http]") {
  const auto spool = http::Spool::make();
  REQUIRE(spool);
  CHECK(all_of(spool->pieces()).empty());
  const auto bytes = some_bytes(300'001);
  REQUIRE(spool->append(std::string_view(bytes).substr(0, 7)));
  REQUIRE(spool->append(std::string_view(bytes).substr(7)));
  CHECK(spool->size() == bytes.size());
  CHECK(all_of(spool->pieces()) == bytes);
  CHECK(all_of(spool->pieces()) == bytes);
}

TEST_CASE("server: a long body of lines goes to a file, others stay as they are", "[http]") {
  http::Server server(with_lines(), judge);
  RawClient client(server.port());
  for (const auto& [type, size, said] :
       {std::tuple{"application/x-ndjson", std::size_t{900'001}, "right 900001 spooled"},
        std::tuple{"application/x-ndjson", std::size_t{1000}, "right 1000 held"},
        std::tuple{"application/json", std::size_t{150'000}, "right 150000 held"}}) {
    client.send(put(type, size));
    CHECK_THAT(client.read_until(said), StartsWith("HTTP/1.1 200 "));
  }
  // In chunks, whose length nobody says before.
  std::string chunked =
      "PUT /lines HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  const auto bytes = some_bytes(200'000);
  for (std::size_t at = 0; at < bytes.size(); at += 0x8000) {
    const auto part = bytes.substr(at, 0x8000);
    std::array<char, 16> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", part.size());
    chunked += size.data() + part + "\r\n";
  }
  client.send(chunked + "0\r\n\r\n");
  CHECK_THAT(client.read_until("right 200000 spooled"), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("server: a body of lines has its own limit, and all of them together have one",
          "[http]") {
  auto options = with_lines();
  options.bounds.spooled = 1'500'000;
  http::Server server(options, judge);
  RawClient large(server.port());
  large.send(put("application/x-ndjson", 1'000'001).substr(0, 200));
  CHECK_THAT(large.read_until("bytes long"), StartsWith("HTTP/1.1 413 "));
  RawClient other(server.port());
  other.send(put("application/json", 200'001).substr(0, 200));
  CHECK_THAT(other.read_until("200000 bytes"), StartsWith("HTTP/1.1 413 "));
  const auto begun = put("application/x-ndjson", 1'000'000);
  RawClient one(server.port());
  one.send(begun.substr(0, 950'000));
  CHECK(one.read_until("x", std::chrono::milliseconds(300)).empty());
  RawClient two(server.port());
  two.send(begun.substr(0, 950'000));
  CHECK_THAT(two.read_until("}"), StartsWith("HTTP/1.1 503 "));
  one.send(begun.substr(950'000));
  CHECK_THAT(one.read_until("right 1000000 spooled"), StartsWith("HTTP/1.1 200 "));
}

}  // namespace rekey::http_spool_test
