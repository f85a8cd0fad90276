// Any Authorization header: without the secret nothing is taken for signed, and a header that was
// signed is taken in spite of what stands around it.
#include <string>

#include "native/sandbox/legacy/connections.hpp"
#include "tests/fuzz/must.hpp"

using namespace rekey;
using sandbox::LegacyCode;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const sandbox::LegacyApp app{"consumer-1", "not guessed"};
  sandbox::LegacyConnections connections({app});
  connections.check_nonces(size % 2 == 0);
  connections.add({app, "token-1", "not guessed either", "913", from_ms(0), false});
  const auto text = fuzz::text(data, size);
  http::Request request;
  request.method = "GET";
  request.headers = {{"Authorization", std::string(text)}};
  request.query = std::string(text);
  const std::string url = "http://127.0.0.1/v3/company/913/query";
  const auto verdict = connections.verify(request, url, from_ms(1'000'000));
  fuzz::must(verdict.code != LegacyCode::ok && !verdict.connection, "nothing unsigned is taken");
  request.headers = {{"Authorization",
                      "OAuth oauth_consumer_key=\"consumer-1\",oauth_token="
                      "\"token-1\",oauth_signature_method=\"HMAC-SHA1\"," +
                          std::string(text)}};
  fuzz::must(connections.verify(request, url, from_ms(1'000'000)).code != LegacyCode::ok,
             "nothing unsigned is taken, with a token that there is");
  return 0;
}
