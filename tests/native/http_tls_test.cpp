#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <set>

#include "http_certificate.hpp"
#include "http_raw_client.hpp"
#include "http_raw_server.hpp"
#include "native/http/client.hpp"
#include "native/http/server.hpp"

namespace rekey::http_tls_test {

using Catch::Matchers::ContainsSubstring;
using rekey::testing::Certificate;
using rekey::testing::RawClient;
using rekey::testing::RawPeer;
using rekey::testing::RawServer;

namespace {

http::ServerOptions with(const Certificate& certificate) {
  http::ServerOptions options;
  options.tls_certificate = certificate.certificate();
  options.tls_key = certificate.key();
  options.header_timeout_s = 1;
  return options;
}

http::Response echo(const http::Request& request) {
  http::Response response;
  response.body = (request.tls ? "secure " : "open ") + request.path + request.body;
  return response;
}

std::string url(const http::Server& server, const std::string& host = "127.0.0.1") {
  return "https://" + host + ":" + std::to_string(server.port()) + "/x";
}

}  // namespace

TEST_CASE("tls: a client that trusts the certificate is served, again and again", "[http]") {
  const Certificate certificate;
  const http::Server server(with(certificate), echo);
  http::ClientOptions options;
  options.ca_file = certificate.certificate();
  const auto client = http::make_client(options);
  for (const std::size_t size : {0, 1, 100'000}) {
    const std::string body(size, 'b');
    const auto response = client->send({"POST", url(server, "localhost"), {}, body});
    REQUIRE(response);
    CHECK(response->body == "secure /x" + body);
  }
}

TEST_CASE("tls: a stream of events ends in order", "[http]") {
  const Certificate certificate;
  const http::Server server(with(certificate), [](const http::Request&) {
    http::Response response;
    response.stream = [](std::shared_ptr<http::EventSink> sink) {
      sink->send("data: a\n\n");
      sink->send("data: b\n\n");
      return http::Subscription();
    };
    return response;
  });
  http::ClientOptions options;
  options.ca_file = certificate.certificate();
  // Without the goodbye of TLS, the client would take the end for a cut.
  const auto response = http::make_client(options)->send({"GET", url(server), {}, {}});
  REQUIRE(response);
  CHECK(response->body == "data: a\n\ndata: b\n\n");
}

TEST_CASE("tls: a client that does not trust the certificate sends nothing", "[http]") {
  const Certificate certificate;
  bool asked = false;
  const http::Server server(with(certificate), [&asked](const http::Request& request) {
    asked = true;
    return echo(request);
  });
  const auto response = http::make_client({})->send({"POST", url(server), {}, "secret"});
  REQUIRE_FALSE(response);
  CHECK_FALSE(response.error().maybe_done);
  CHECK_FALSE(asked);
}

TEST_CASE("tls: a client of ours offers ephemeral keys and authenticated encryption only",
          "[http]") {
  std::string hello;
  {
    // The name of the protocol stands behind the list of suites.
    const RawServer server([&](RawPeer& peer, int) { hello = peer.read_until("http/1.1"); });
    const auto answer =
        http::make_client(http::ClientOptions{})
            ->send({"GET", "https://127.0.0.1:" + std::to_string(server.port()) + "/", {}, {}});
    CHECK_FALSE(answer);
  }
  // RFC 8446 section 4.1.2, in a record and a handshake message.
  const auto byte = [&](std::size_t at) {
    return static_cast<unsigned>(static_cast<unsigned char>(hello.at(at)));
  };
  std::size_t at = 5 + 4 + 2 + 32;
  at += 1 + byte(at);
  const auto size = byte(at) * 256 + byte(at + 1);
  REQUIRE(size > 0);
  std::set<unsigned> offered;
  for (std::size_t i = 0; i < size; i += 2)
    offered.insert(byte(at + 2 + i) * 256 + byte(at + 3 + i));
  CHECK(offered.contains(0x1301));
  CHECK(offered.contains(0xc02f));
  const std::set<unsigned> good = {0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c,
                                   0xc02f, 0xc030, 0xcca8, 0xcca9, 0x00ff};
  for (const auto each : offered) {
    INFO(each);
    CHECK(good.contains(each));
  }
}

TEST_CASE("tls: who speaks plain HTTP, or nothing, is let go", "[http][slow]") {
  const Certificate certificate;
  const http::Server server(with(certificate), echo);
  RawClient plain(server.port()), silent(server.port());
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(plain.read_to_end().find("200 OK") == std::string::npos);
  CHECK(plain.closed());
  silent.read_to_end(std::chrono::seconds(5));
  CHECK(silent.closed());
}

TEST_CASE("tls: a request that does not arrive in time is answered 408", "[http][slow]") {
  const Certificate certificate;
  const http::Server server(with(certificate), echo);
  http::ClientOptions trusting;
  trusting.ca_file = certificate.certificate();
  // A length that is more than what is sent: the rest never comes.
  const auto response =
      http::make_client(trusting)->send({"POST", url(server), {{"Content-Length", "10"}}, "half"});
  REQUIRE(response);
  CHECK(response->status == 408);
}

TEST_CASE("tls: what is wrong with certificate or key is said", "[http]") {
  const Certificate one, other;
  http::ServerOptions options = with(one);
  SECTION("no key") {
    options.tls_key.clear();
    CHECK_THROWS_WITH(http::Server(options, echo), ContainsSubstring("only one is given"));
  }
  SECTION("a certificate that is none") {
    options.tls_certificate = one.key();
    CHECK_THROWS_WITH(http::Server(options, echo), ContainsSubstring("cannot be read"));
  }
  SECTION("another certificate's key") {
    options.tls_key = other.key();
    CHECK_THROWS_WITH(http::Server(options, echo), ContainsSubstring("is not the key"));
  }
}

}  // namespace rekey::http_tls_test
