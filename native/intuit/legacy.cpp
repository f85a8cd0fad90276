#include "native/intuit/legacy.hpp"

#include "native/http/ask.hpp"
#include "native/vault/random.hpp"

namespace rekey::intuit {

async::Task<bool> disconnect_legacy(const oauth::Provider& provider, http::Client& client,
                                    const oauth::Credential& credential, Instant now) {
  if (provider.legacy_disconnect.empty()) co_return true;
  const auto hmac = [](const Secret& key, std::string_view text) {
    return vault::hmac_sha1(key.reveal(), text);
  };
  http::ClientRequest request;
  request.url = provider.legacy_disconnect;
  request.headers = {{"Authorization", oauth::authorization_header("GET", request.url, credential,
                                                                   vault::random_token(16),
                                                                   to_ms(now) / 1000, hmac)}};
  const auto response = co_await http::ask(client, std::move(request));
  co_return response && response->status < 500;
}

}  // namespace rekey::intuit
