#include "native/server/stream_limits.hpp"

#include <catch2/catch_test_macros.hpp>

namespace rekey::stream_limits_test {

using namespace rekey::server;

namespace {

http::Request from(const std::string& peer, bool many = false) {
  http::Request request;
  request.peer = peer;
  request.peer_is_many = many;
  return request;
}

}  // namespace

TEST_CASE("stream limits: a session has so many, and gets one back when one ends", "[server]") {
  StreamLimits limits({2, 10, 100});
  const auto request = from("192.0.2.1");
  auto first = limits.take("a", request);
  const auto second = limits.take("a", request);
  REQUIRE((first && second));
  const auto third = limits.take("a", request);
  REQUIRE_FALSE(third);
  CHECK(third.error() == StreamLimits::Full::session);
  CHECK(limits.take("b", request));
  first->reset();
  CHECK(limits.take("a", request));
  CHECK(limits.open() == 1);
}

TEST_CASE("stream limits: an address has so many, a network of IPv6 is one", "[server]") {
  StreamLimits limits({10, 2, 100});
  std::vector<StreamLimits::Place> held;
  for (const char* peer : {"2001:db8::1", "2001:db8::2"})
    held.push_back(*limits.take(peer, from(peer)));
  const auto more = limits.take("x", from("2001:db8::ffff"));
  REQUIRE_FALSE(more);
  CHECK(more.error() == StreamLimits::Full::peer);
  CHECK(limits.take("x", from("2001:db8:0:1::1")));
}

TEST_CASE("stream limits: where peers cannot be told apart, only sessions and all count",
          "[server]") {
  StreamLimits limits({1, 1, 3});
  std::vector<StreamLimits::Place> held;
  for (const char* session : {"a", "b", "c"})
    held.push_back(*limits.take(session, from("127.0.0.1", true)));
  const auto more = limits.take("d", from("127.0.0.1", true));
  REQUIRE_FALSE(more);
  CHECK(more.error() == StreamLimits::Full::all);
  held.clear();
  CHECK(limits.open() == 0);
}

TEST_CASE("stream limits: a place may outlive the limits", "[server]") {
  StreamLimits::Place place;
  {
    StreamLimits limits;
    place = *limits.take("a", from("192.0.2.1"));
  }
  place.reset();
  SUCCEED();
}

TEST_CASE("stream limits: the answer says what to do, and when to come again", "[server]") {
  const auto mine = StreamLimits::refusal(StreamLimits::Full::session);
  CHECK(mine.status == 429);
  CHECK(mine.headers.get("Retry-After") == "10");
  CHECK(StreamLimits::refusal(StreamLimits::Full::all).status == 503);
}

}  // namespace rekey::stream_limits_test
