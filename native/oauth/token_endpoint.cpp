#include "native/oauth/token_endpoint.hpp"

#include "core/oauth/authorization.hpp"
#include "core/oauth/oauth1.hpp"
#include "native/http/ask.hpp"
#include "native/http/retry_after.hpp"

namespace rekey::oauth {

namespace {

constexpr int longest_revocation_ms = 30'000;

std::string trace_of(const http::ClientResponse& response, const std::string& header) {
  auto trace = "status " + std::to_string(response.status);
  if (!header.empty()) trace += ", " + header + " " + response.headers.get(header).value_or("none");
  return trace;
}

}  // namespace

TokenEndpoint::TokenEndpoint(Provider provider, ClientIdentity identity,
                             std::shared_ptr<http::Client> client, std::function<Instant()> clock)
    : provider_(std::move(provider)),
      identity_(std::move(identity)),
      client_(std::move(client)),
      clock_(std::move(clock)) {}

std::string TokenEndpoint::basic() const {
  // Both halves are form-encoded first (RFC 6749 2.3.1).
  return "Basic " +
         base64(encode(identity_.client_id) + ":" + encode(identity_.client_secret.reveal()));
}

async::Task<TokenAnswer> TokenEndpoint::post(std::string form) const {
  const auto sent_at = clock_();
  http::ClientRequest request;
  request.method = "POST";
  request.url = provider_.token_endpoint;
  request.headers = {{"Authorization", basic()},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  for (const auto& each : provider_.token_headers) request.headers.add(each.name, each.value);
  request.body = std::move(form);
  auto response = co_await http::ask(*client_, std::move(request));
  if (!response)
    co_return tl::unexpected(
        Failure{Meaning::unavailable, response.error().maybe_done, {}, response.error().what});
  auto tokens = read_token_answer(response->status, response->body, sent_at);
  if (tokens) co_return std::move(*tokens);
  auto failure = std::move(tokens.error());
  failure.debug = trace_of(*response, provider_.trace_header);
  failure.retry_after = http::retry_after_of(*response, clock_());
  co_return tl::unexpected(std::move(failure));
}

async::Task<TokenAnswer> TokenEndpoint::exchange(const Secret& code,
                                                 const std::string& redirect_uri,
                                                 const Secret& verifier) const {
  std::string form = "grant_type=authorization_code&code=" + encode(code.reveal()) +
                     "&redirect_uri=" + encode(redirect_uri);
  if (!verifier.empty()) form += "&code_verifier=" + encode(verifier.reveal());
  return post(std::move(form));
}

async::Task<TokenAnswer> TokenEndpoint::refresh(const Secret& refresh_token) const {
  return post("grant_type=refresh_token&refresh_token=" + encode(refresh_token.reveal()));
}

async::Task<bool> TokenEndpoint::revoke(Secret token) const {
  if (provider_.revocation_endpoint.empty() || token.empty()) co_return true;
  http::ClientRequest request;
  request.method = "POST";
  request.url = provider_.revocation_endpoint;
  request.headers = {{"Authorization", basic()},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = "token=" + encode(token.reveal());
  // It may be sent again, and the end of the service waits for it.
  request.most_ms = longest_revocation_ms;
  const auto response = co_await http::ask(*client_, std::move(request));
  co_return response&& read_revocation_answer(response->status, response->body) ==
      Meaning::grant_ended;
}

}  // namespace rekey::oauth
