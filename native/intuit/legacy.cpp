#include "native/intuit/legacy.hpp"

#include <iterator>

#include "native/http/ask.hpp"
#include "native/vault/random.hpp"

namespace rekey::intuit {

namespace {

using oauth::Meaning;

constexpr oauth::AnswerRow legacy_rows[] = {
    {500, 599, "", "", Meaning::unavailable, "an outage: told again"},
    {429, 429, "", "", Meaning::throttled, "RFC 6585 4: told again"},
    {100, 499, "", "", Meaning::grant_ended,
     "Intuit ended OAuth 1.0a: what it does not take is dead either way"},
};

}  // namespace

std::span<const oauth::AnswerRow> legacy_answer_rows() {
  return legacy_rows;
}

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
  if (!response) co_return false;
  const auto* row = oauth::row_for({response->status, {}, {}}, legacy_rows, std::size(legacy_rows));
  co_return row && row->meaning == Meaning::grant_ended;
}

}  // namespace rekey::intuit
