#include "core/oauth/oauth1.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <catch2/catch_test_macros.hpp>

#include "core/oauth/authorization.hpp"

// OAuth 1.0a signatures against the examples that RFC 5849 and Twitter publish.

namespace rekey::oauth::oauth1_test {

namespace {

std::string hmac_sha1(const Secret& key, std::string_view text) {
  std::string out(20, '\0');
  unsigned int size = 20;
  HMAC(EVP_sha1(), key.reveal().data(), static_cast<int>(key.reveal().size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

}  // namespace

TEST_CASE("signature base string: the example of RFC 5849, section 3.4.1.1") {
  CHECK(signature_base_string("POST", "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
                              {{"b5", "=%3D"},
                               {"a3", "a"},
                               {"c@", ""},
                               {"a2", "r b"},
                               {"oauth_consumer_key", "9djdj82h48djs9d2"},
                               {"oauth_token", "kkk9d7dh3k39sjv7"},
                               {"oauth_signature_method", "HMAC-SHA1"},
                               {"oauth_timestamp", "137131201"},
                               {"oauth_nonce", "7d8f3e4a"},
                               {"c2", ""},
                               {"a3", "2 q"}}) ==
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D"
        "%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e"
        "4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9"
        "d7dh3k39sjv7");
}

TEST_CASE("signature base string: the address is written as RFC 5849, section 3.4.1.2 says") {
  const auto uri = [](const std::string& url) {
    const auto base = signature_base_string("get", url, {});
    return decode(base.substr(4, base.size() - 5), false);
  };
  CHECK(uri("http://EXAMPLE.COM:80/r%20v/X?id=123") == "http://example.com/r%20v/X");
  CHECK(uri("https://www.example.net:8080/?q=1") == "https://www.example.net:8080/");
  CHECK(uri("https://www.example.net:443/Path") == "https://www.example.net/Path");
  CHECK(uri("HTTPS://Www.Example.Net") == "https://www.example.net/");
  CHECK(uri("http://example.net:443/") == "http://example.net:443/");
  CHECK(uri("https://example.net:80/") == "https://example.net:80/");
  CHECK(uri("https://example.net/a#part") == "https://example.net/a");
}

TEST_CASE("signature: the example of RFC 5849, section 1.2, signed with its secrets") {
  const auto base = signature_base_string(
      "GET", "http://photos.example.net/photos?file=vacation.jpg&size=original",
      {{"oauth_consumer_key", "dpf43f3p2l4k3l03"},
       {"oauth_token", "nnch734d00sl2jdk"},
       {"oauth_signature_method", "HMAC-SHA1"},
       {"oauth_timestamp", "137131202"},
       {"oauth_nonce", "chapoH"},
       {"file", "vacation.jpg"},
       {"size", "original"}});
  const Secret key(std::string_view("kd94hf93k423kf44&pfkkdhi9sl3r4s00"));
  CHECK(base64(hmac_sha1(key, base)) == "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
}

TEST_CASE("signature: Twitter's published example, with text that needs care") {
  const auto base =
      signature_base_string("POST", "https://api.twitter.com/1.1/statuses/update.json",
                            {{"status", "Hello Ladies + Gentlemen, a signed OAuth request!"},
                             {"include_entities", "true"},
                             {"oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"},
                             {"oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"},
                             {"oauth_signature_method", "HMAC-SHA1"},
                             {"oauth_timestamp", "1318622958"},
                             {"oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"},
                             {"oauth_version", "1.0"}});
  const Secret key(
      std::string_view("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw&"
                       "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"));
  CHECK(base64(hmac_sha1(key, base)) == "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
}

TEST_CASE("authorization header: what it signs is what it says") {
  const Credential credential{"consumer&key", Secret(std::string_view("c/secret")), "tok en",
                              Secret(std::string_view("t&secret"))};
  std::string signed_text, signed_key;
  const auto header = authorization_header(
      "get", "https://appcenter.example/api/v1/connection/disconnect", credential, "n0nce",
      1'790'000'000, [&](const Secret& key, std::string_view text) {
        signed_key = key.reveal();
        signed_text = std::string(text);
        return hmac_sha1(key, text);
      });
  CHECK(signed_key == "c%2Fsecret&t%26secret");
  CHECK(signed_text ==
        signature_base_string("GET", "https://appcenter.example/api/v1/connection/disconnect",
                              {{"oauth_consumer_key", "consumer&key"},
                               {"oauth_nonce", "n0nce"},
                               {"oauth_signature_method", "HMAC-SHA1"},
                               {"oauth_timestamp", "1790000000"},
                               {"oauth_token", "tok en"},
                               {"oauth_version", "1.0"}}));
  const Secret key{std::string_view("c%2Fsecret&t%26secret")};
  CHECK(header ==
        "OAuth oauth_consumer_key=\"consumer%26key\",oauth_nonce=\"n0nce\","
        "oauth_signature_method=\"HMAC-SHA1\",oauth_timestamp=\"1790000000\","
        "oauth_token=\"tok%20en\",oauth_version=\"1.0\",oauth_signature=\"" +
            encode(base64(hmac_sha1(key, signed_text))) + "\"");
  CHECK(header.find("secret") == std::string::npos);
}

TEST_CASE("base64: with padding") {
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("\xFB\xEF\xFF") == "++//");
}

}  // namespace rekey::oauth::oauth1_test
