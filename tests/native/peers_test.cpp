#include "native/http/peers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "native/http/admission.hpp"

namespace rekey::peers_test {

using namespace rekey::http;

namespace {

Proxies trusting(std::initializer_list<const char*> networks, bool forwarded = false) {
  Proxies out;
  out.forwarded = forwarded;
  for (const char* each : networks) out.trusted.push_back(*Network::parse(each));
  return out;
}

Peer by_field(const Proxies& proxies, const std::string& name, const std::string& value,
              const std::string& from = "127.0.0.1") {
  return peer_of(Headers{{name, value}}, from, proxies);
}

}  // namespace

TEST_CASE("network: what is in it and what is not", "[http]") {
  CHECK(Network::parse("10.0.0.0/8")->has("10.255.0.1"));
  CHECK_FALSE(Network::parse("10.0.0.0/8")->has("11.0.0.1"));
  CHECK(Network::parse("192.0.2.128/25")->has("192.0.2.200"));
  CHECK_FALSE(Network::parse("192.0.2.128/25")->has("192.0.2.100"));
  CHECK(Network::parse("192.0.2.1")->has("::ffff:192.0.2.1"));
  CHECK(Network::parse("2001:db8::/32")->has("2001:db8:1::1"));
  CHECK_FALSE(Network::parse("2001:db8::/32")->has("2001:db9::1"));
  CHECK(Network::parse("0.0.0.0/0")->has("203.0.113.9"));
  CHECK_FALSE(Network::parse("0.0.0.0/0")->has("2001:db8::1"));
  CHECK_FALSE(Network::parse("10.0.0.0/8")->has("nonsense"));
  for (const char* bad : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "host",
                          "2001:db8::/129", "/8", "10.0.0"})
    CHECK_FALSE(Network::parse(bad));
}

TEST_CASE("peer: nobody's word is taken who is not trusted", "[http]") {
  CHECK(by_field({}, "X-Forwarded-For", "192.0.2.9", "203.0.113.1").address == "203.0.113.1");
  CHECK(by_field({}, "X-Forwarded-For", "192.0.2.9").address == "127.0.0.1");
  CHECK(by_field({}, "X-Forwarded-For", "192.0.2.9").is_many);
  const auto proxies = trusting({"127.0.0.1"});
  CHECK(by_field(proxies, "X-Forwarded-For", "192.0.2.9", "203.0.113.1").address == "203.0.113.1");
  CHECK(by_field(proxies, "Forwarded", "for=192.0.2.9").address == "127.0.0.1");
}

TEST_CASE("peer: what a client wrote before the proxy is not looked at", "[http]") {
  const auto proxies = trusting({"127.0.0.1", "10.0.0.0/8"});
  const auto [value, address] = GENERATE(table<std::string, std::string>({
      {"192.0.2.9", "192.0.2.9"},
      {"198.51.100.1, 192.0.2.9", "192.0.2.9"},
      {"198.51.100.1, 192.0.2.9, 10.1.2.3", "192.0.2.9"},
      {"127.0.0.1, 192.0.2.9", "192.0.2.9"},
      {"192.0.2.9:4711", "192.0.2.9"},
      {"[2001:db8::7]:4711", "2001:db8::7"},
      {"2001:db8::7", "2001:db8::7"},
      {"::ffff:192.0.2.9", "192.0.2.9"},
      {"192.0.2.9, unknown", "127.0.0.1"},
      {"", "127.0.0.1"},
      {"nonsense", "127.0.0.1"},
  }));
  CAPTURE(value);
  const auto peer = by_field(proxies, "X-Forwarded-For", value);
  CHECK(peer.address == address);
  CHECK(peer.is_many == (address == "127.0.0.1"));
}

TEST_CASE("peer: Forwarded is read where that is what proxies send", "[http]") {
  const auto proxies = trusting({"127.0.0.1"}, true);
  CHECK(by_field(proxies, "Forwarded", "for=192.0.2.9;proto=https").address == "192.0.2.9");
  CHECK(by_field(proxies, "forwarded", "proto=https;For=\"[2001:db8::7]:80\"").address ==
        "2001:db8::7");
  CHECK(by_field(proxies, "Forwarded", "for=198.51.100.1, for=192.0.2.9").address == "192.0.2.9");
  CHECK(by_field(proxies, "Forwarded", "for=_hidden").address == "127.0.0.1");
  CHECK(by_field(proxies, "X-Forwarded-For", "192.0.2.9").address == "127.0.0.1");
}

TEST_CASE("peer: several fields are one list", "[http]") {
  const auto peer = peer_of(
      Headers{{"X-Forwarded-For", "198.51.100.1"}, {"x-forwarded-for", "192.0.2.9, 127.0.0.1"}},
      "127.0.0.1", trusting({"127.0.0.1"}));
  CHECK(peer.address == "192.0.2.9");
}

TEST_CASE("peer: loopback is many, everything else is one", "[http]") {
  CHECK(peer_of("127.0.0.1", {}).is_many);
  CHECK(peer_of("127.8.0.1", {}).is_many);
  CHECK(peer_of("::1", {}).is_many);
  CHECK(peer_of("::ffff:127.0.0.1", {}).is_many);
  CHECK_FALSE(peer_of("192.0.2.1", {}).is_many);
  CHECK_FALSE(peer_of("2001:db8::1", {}).is_many);
}

TEST_CASE("admission: one peer has so many, a few more are told, the rest are not", "[http]") {
  Admission admission(1000, 10);
  const Peer peer{"192.0.2.1", false};
  for (int i = 0; i < 10; ++i) CHECK(admission.enter(peer, "p") == Welcome::yes);
  for (int i = 0; i < 16; ++i) CHECK(admission.enter(peer, "p") == Welcome::crowd);
  CHECK(admission.enter(peer, "p") == Welcome::none);
  CHECK(admission.enter({"192.0.2.2", false}, "q") == Welcome::yes);
  CHECK(admission.enter({"127.0.0.1", true}, "p") == Welcome::yes);
  CHECK(admission.open() == 28);
  for (int i = 0; i < 27; ++i) admission.leave("p");
  CHECK(admission.enter(peer, "p") == Welcome::yes);
}

TEST_CASE("admission: there are so many in all, of any peers", "[http]") {
  Admission admission(64, 1000);
  const Peer peer{"127.0.0.1", true};
  for (int i = 0; i < 60; ++i) CHECK(admission.enter(peer, "p") == Welcome::yes);
  CHECK(admission.is_tight());
  for (int i = 0; i < 4; ++i) CHECK(admission.enter(peer, "p") == Welcome::yes);
  for (int i = 0; i < 4; ++i) CHECK(admission.enter(peer, "p") == Welcome::full);
  CHECK(admission.enter(peer, "p") == Welcome::none);
  admission.leave("p");
  CHECK(admission.enter(peer, "p") == Welcome::full);
}

}  // namespace rekey::peers_test
