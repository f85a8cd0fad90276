#include "native/intuit/token_endpoint.hpp"

#include <time.h>

#include <algorithm>

#include "core/oauth/authorization.hpp"
#include "core/oauth/oauth1.hpp"
#include "native/http/ask.hpp"

namespace rekey::intuit {

namespace {

std::string trace_of(const http::ClientResponse& response) {
  return "status " + std::to_string(response.status) + ", intuit_tid " +
         response.headers.get("intuit_tid").value_or("none");
}

/// Retry-After as seconds, or as a date (RFC 9110 10.2.3); nothing when it is neither.
std::optional<Millis> retry_after_of(const http::ClientResponse& response, Instant now) {
  const auto text = response.headers.get("Retry-After");
  if (!text || text->empty()) return {};
  if (text->find_first_not_of("0123456789") == std::string::npos && text->size() <= 9)
    return std::chrono::seconds{std::stol(*text)};
  std::tm date{};
  const char* end = strptime(text->c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (end == nullptr || *end != '\0') return {};
  const auto at = from_ms(std::int64_t{timegm(&date)} * 1000);
  return std::max(Millis{0}, at - now);
}

}  // namespace

TokenEndpoint::TokenEndpoint(oauth::Provider provider, ClientIdentity identity,
                             std::shared_ptr<http::Client> client, std::function<Instant()> clock)
    : provider_(std::move(provider)),
      identity_(std::move(identity)),
      client_(std::move(client)),
      clock_(std::move(clock)) {}

std::string TokenEndpoint::basic() const {
  // Both halves are form-encoded first (RFC 6749 2.3.1).
  return "Basic " + oauth::base64(oauth::encode(identity_.client_id) + ":" +
                                  oauth::encode(identity_.client_secret.reveal()));
}

async::Task<TokenAnswer> TokenEndpoint::post(std::string form) const {
  const auto sent_at = clock_();
  http::ClientRequest request;
  request.method = "POST";
  request.url = provider_.token_endpoint;
  request.headers = {{"Authorization", basic()},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"},
                     {"x-include-refresh-token-hard-expires-in", "true"}};
  request.body = std::move(form);
  auto response = co_await http::ask(*client_, std::move(request));
  if (!response)
    co_return tl::unexpected(TokenFailure{
        oauth::TokenFault::unavailable, response.error().maybe_done, response.error().what, {}});
  auto tokens = oauth::read_token_answer(response->status, response->body, sent_at);
  if (tokens) co_return std::move(*tokens);
  // A refusal was decided before anything was done; anything else may have come after it.
  const bool refused = tokens.error() == oauth::TokenFault::invalid_grant ||
                       tokens.error() == oauth::TokenFault::misconfigured ||
                       response->status == 429;
  co_return tl::unexpected(TokenFailure{tokens.error(), !refused, trace_of(*response),
                                        retry_after_of(*response, clock_())});
}

async::Task<TokenAnswer> TokenEndpoint::exchange(const Secret& code,
                                                 const std::string& redirect_uri,
                                                 const Secret& verifier) const {
  std::string form = "grant_type=authorization_code&code=" + oauth::encode(code.reveal()) +
                     "&redirect_uri=" + oauth::encode(redirect_uri);
  if (!verifier.empty()) form += "&code_verifier=" + oauth::encode(verifier.reveal());
  return post(std::move(form));
}

async::Task<TokenAnswer> TokenEndpoint::refresh(const Secret& refresh_token) const {
  return post("grant_type=refresh_token&refresh_token=" + oauth::encode(refresh_token.reveal()));
}

async::Task<bool> TokenEndpoint::revoke(Secret token) const {
  if (provider_.revocation_endpoint.empty() || token.empty()) co_return true;
  http::ClientRequest request;
  request.method = "POST";
  request.url = provider_.revocation_endpoint;
  request.headers = {{"Authorization", basic()},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = "token=" + oauth::encode(token.reveal());
  const auto response = co_await http::ask(*client_, std::move(request));
  co_return response&& oauth::says_revoked(response->status, response->body);
}

}  // namespace rekey::intuit
