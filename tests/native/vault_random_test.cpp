#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <set>

#include "native/vault/random.hpp"

namespace rekey::vault_random_test {

using namespace rekey::vault;

TEST_CASE("base64: the examples of RFC 4648 section 10", "[vault]") {
  const auto [plain, padded, bare] =
      GENERATE(table<std::string, std::string, std::string>({{"", "", ""},
                                                             {"f", "Zg==", "Zg"},
                                                             {"fo", "Zm8=", "Zm8"},
                                                             {"foo", "Zm9v", "Zm9v"},
                                                             {"foob", "Zm9vYg==", "Zm9vYg"},
                                                             {"fooba", "Zm9vYmE=", "Zm9vYmE"},
                                                             {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
                                                             {"\xfb\xff\xbf", "+/+/", "-_-_"}}));
  CHECK(base64_encode(plain) == padded);
  CHECK(base64_decode(padded) == plain);
  CHECK(base64url_encode(plain) == bare);
  CHECK(base64url_decode(bare) == plain);
}

TEST_CASE("base64: every length goes there and back", "[vault]") {
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string bytes = random_bytes(size);
    CHECK(base64_decode(base64_encode(bytes)) == bytes);
    CHECK(base64url_decode(base64url_encode(bytes)) == bytes);
  }
}

TEST_CASE("base64: a text that is not the one encoding of its bytes is refused", "[vault]") {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", "Zm 9", "====", "Zg==Zg==", "-_-_"}) {
    CAPTURE(text);
    CHECK_FALSE(base64_decode(text));
  }
  for (const char* text : {"Z", "Zg==", "Zh", "Zm9v ", "+/+/", "Zm9vY"}) {
    CAPTURE(text);
    CHECK_FALSE(base64url_decode(text));
  }
}

TEST_CASE("digests: the published test vectors", "[vault]") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // RFC 7636 appendix B.
  CHECK(sha256_base64url("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  // RFC 2202 and RFC 4231, case 2.
  CHECK(hex_encode(hmac_sha1("Jefe", "what do ya want for nothing?")) ==
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  CHECK(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("random: tokens have their length and do not repeat", "[vault]") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_token());
  CHECK(seen.size() == 1000);
  CHECK(seen.begin()->size() == 43);
  CHECK(random_token(16).size() == 22);
}

}  // namespace rekey::vault_random_test
