#include "native/intuit/quickbooks_online.hpp"

#include "native/intuit/accounting.hpp"
#include "native/intuit/webhooks.hpp"

namespace rekey::intuit {

namespace {

constexpr const char* integration_id = "quickbooks-online";

/// Intuit's habits, which servers that stand in for it are given too.
Result<void> complete_provider(oauth::Provider& provider) {
  if (provider.name.empty()) provider.name = "QuickBooks Online";
  if (provider.trace_header.empty()) provider.trace_header = "intuit_tid";
  // Otherwise the five years of a grant are not told.
  if (provider.token_headers.empty())
    provider.token_headers = {{"x-include-refresh-token-hard-expires-in", "true"}};
  // Where the callback does not name the company, nothing else does (Accounting::company).
  if (!provider.company_in_callback && provider.userinfo_endpoint.empty())
    return fail(Code::misconfigured,
                "The provider's userinfo_endpoint is missing. Correct the provider file or its "
                "discovery document.");
  return {};
}

/// The endpoints of Intuit's discovery documents, which differ in userinfo only; the accounting API
/// has a host for each.
oauth::Provider provider_of(const std::string& userinfo_host, const std::string& books_host) {
  oauth::Provider out;
  out.integration = integration_id;
  out.issuer = "https://oauth.platform.intuit.com/op/v1";
  out.authorization_endpoint = "https://appcenter.intuit.com/connect/oauth2";
  out.token_endpoint = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer";
  out.revocation_endpoint = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke";
  out.userinfo_endpoint = "https://" + userinfo_host + "/v1/openid_connect/userinfo";
  out.accounting_base = "https://" + books_host;
  out.legacy_disconnect = "https://appcenter.intuit.com/api/v1/connection/disconnect";
  out.scopes = {"com.intuit.quickbooks.accounting"};
  (void)complete_provider(out);
  return out;
}

}  // namespace

oauth::Provider production() {
  return provider_of("accounts.platform.intuit.com", "quickbooks.api.intuit.com");
}

oauth::Provider sandbox() {
  auto out =
      provider_of("sandbox-accounts.platform.intuit.com", "sandbox-quickbooks.api.intuit.com");
  out.sandbox = true;
  return out;
}

accounting::Integration quickbooks_online() {
  const auto make = [](oauth::Provider provider, std::shared_ptr<http::Client> client,
                       std::function<Instant()> clock) {
    return std::make_shared<const Accounting>(std::move(provider), std::move(client),
                                              std::move(clock));
  };
  return {integration_id,
          {{"intuit-production", production(), true}, {"intuit-sandbox", sandbox(), false}},
          complete_provider,
          make,
          accounting::ChangeHooks{"/intuit/webhooks", is_genuine_webhook, read_webhook}};
}

}  // namespace rekey::intuit
