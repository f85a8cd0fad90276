// Any answer of a token endpoint: tokens that are taken can go into a header, and their ends are of
// this era. The first byte chooses the status.
#include "core/oauth/token.hpp"

#include "tests/fuzz/must.hpp"

using namespace rekey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr int statuses[] = {200, 400, 401, 429, 500, 204, 302, 0};
  const int status = statuses[data[0] % 8];
  const Instant now = from_ms(1'790'000'000'000);
  const auto tokens = oauth::read_token_answer(status, fuzz::text(data + 1, size - 1), now);
  if (!tokens) return 0;
  fuzz::must(status == 200 || status == 204, "only success gives tokens");
  fuzz::must(!tokens->access_token.empty(), "there is an access token");
  fuzz::must(tokens->access_token.reveal().find_first_of("\r\n") == std::string::npos,
             "it stays on its line");
  fuzz::must(tokens->lifetimes.access_expires >= now, "it does not end before it began");
  const Instant far = now + std::chrono::hours{24 * 366 * 10};
  fuzz::must(tokens->lifetimes.access_expires <= far, "it ends in this era");
  fuzz::must(tokens->lifetimes.hard_expires.value_or(now) <= far, "so does the consent");
  return 0;
}
