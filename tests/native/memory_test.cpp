// What the backend keeps in memory: tokens that are ready to be handed out, and keys with their
// limits.
#include <catch2/catch_test_macros.hpp>

#include "native/server/api_keys.hpp"
#include "native/server/token_cache.hpp"

namespace rekey::server::memory_test {
namespace {

TokenCache::Kept kept(const std::string& text) {
  return {Secret(text), from_ms(1), from_ms(2)};
}
bool has(TokenCache& cache, const std::string& connection, std::string_view text) {
  const auto found = cache.find(connection);
  return found && found->body.same_as(text);
}

TEST_CASE("token cache: what was put is found, the newest of a connection", "[server]") {
  TokenCache cache(1 << 20);
  CHECK_FALSE(cache.find("a"));
  cache.put(cache.ticket(), "a", kept("one"));
  cache.put(cache.ticket(), "b", kept("other"));
  cache.put(cache.ticket(), "a", kept("two"));
  CHECK(has(cache, "a", "two"));
  CHECK(has(cache, "b", "other"));
}

TEST_CASE("token cache: what was read before something was forgotten is not taken", "[server]") {
  TokenCache cache(1 << 20);
  const auto before = cache.ticket();
  cache.forget("a");
  cache.put(before, "a", kept("of the time before"));
  CHECK_FALSE(cache.find("a"));
  cache.put(cache.ticket(), "a", kept("new"));
  CHECK(has(cache, "a", "new"));
  const auto again = cache.ticket();
  cache.forget_all();
  CHECK_FALSE(cache.find("a"));
  cache.put(again, "b", kept("of the time before"));
  CHECK_FALSE(cache.find("b"));
}

TEST_CASE("token cache: bounded by bytes, the longest unused goes first", "[server]") {
  TokenCache cache(10'000);
  const std::string large(2'000, 'x');
  for (const char* id : {"a", "b", "c"}) cache.put(cache.ticket(), id, kept(large));
  CHECK(cache.find("a"));  // used again, so that "b" is the longest unused
  for (const char* id : {"d", "e"}) cache.put(cache.ticket(), id, kept(large));
  CHECK(cache.find("a"));
  CHECK_FALSE(cache.find("b"));
  CHECK(cache.find("e"));
  // What is larger than all of it has no place, and takes none.
  cache.put(cache.ticket(), "huge", kept(std::string(20'000, 'x')));
  CHECK_FALSE(cache.find("huge"));
  CHECK(cache.find("a"));
  CHECK(cache.find("e"));
}

TEST_CASE("token cache: what somebody holds outlives its being forgotten", "[server]") {
  TokenCache cache(1 << 20);
  cache.put(cache.ticket(), "a", kept("held"));
  const auto held = cache.find("a");
  cache.forget("a");
  REQUIRE(held);
  CHECK(held->body.same_as("held"));
}

TEST_CASE("key: its bucket empties with requests and fills with time, up to its size", "[server]") {
  store::ApiKey key;
  key.scopes = "tokens connections:read";
  key.rate = 2;
  key.burst = 3;
  Caller caller(key);
  CHECK(caller.may(Scope::tokens));
  CHECK(caller.may(Scope::connections_read));
  CHECK_FALSE(caller.may(Scope::grants_export));
  const std::chrono::steady_clock::time_point start{std::chrono::hours{1}};
  for (const std::int64_t left : {2, 1, 0}) {
    const auto allowance = caller.spend(start);
    REQUIRE(allowance);
    CHECK_FALSE(allowance->spent);
    CHECK(allowance->left == left);
  }
  CHECK(caller.spend(start)->spent);
  CHECK(caller.spend(start + std::chrono::milliseconds{499})->spent);
  CHECK_FALSE(caller.spend(start + std::chrono::milliseconds{501})->spent);
  // However long nothing was asked: three at once, and no more.
  const auto much_later = start + std::chrono::hours{5};
  for (int i = 0; i < 3; ++i) CHECK_FALSE(caller.spend(much_later)->spent);
  CHECK(caller.spend(much_later)->spent);
}

TEST_CASE("key: without a limit there is none, and \"*\" may everything", "[server]") {
  Caller caller(store::ApiKey{});
  CHECK(caller.may(Scope::grants_export));
  CHECK_FALSE(caller.spend(std::chrono::steady_clock::now()));
}

TEST_CASE("key: scopes are read with spaces or commas, and a wrong one is named", "[server]") {
  CHECK(checked_scopes("webhooks, tokens").value() == "tokens webhooks");
  const auto wrong = checked_scopes("tokens tokens:all");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().hint.find("\"tokens:all\"") != std::string::npos);
  CHECK_FALSE(checked_scopes(" , "));
  CHECK(default_scopes().find("grants:export") == std::string::npos);
}

TEST_CASE("key: is in an Authorization field of the scheme Bearer, in any case", "[server]") {
  CHECK(bearer("Bearer rk_1") == "rk_1");
  CHECK(bearer("bEARER rk_1") == "rk_1");
  CHECK_FALSE(bearer("Bearer"));
  CHECK_FALSE(bearer("Bearer "));
  CHECK_FALSE(bearer("Basic rk_1"));
}

}  // namespace
}  // namespace rekey::server::memory_test
