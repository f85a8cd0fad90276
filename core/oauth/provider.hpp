// The description of a provider: its authorization server, and the accounting API behind it.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/wire/json.hpp"

namespace rekey::oauth {

using wire::field;

/// A header field of a request.
struct HeaderField {
  std::string name;
  std::string value;
  bool operator==(const HeaderField&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("name", &HeaderField::name), field("value", &HeaderField::value)};
  }
};

/// Endpoints and habits of a provider: from its discovery document (RFC 8414, OpenID Discovery),
/// from a provider file, or built in by name.
struct Provider {
  std::string integration;  ///< the id of the accounting system behind it; empty: not said
  std::string name;         ///< for people
  std::string issuer;       ///< expected in `iss` where it is sent; empty: not known
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string revocation_endpoint;         ///< empty: the provider offers none
  std::string userinfo_endpoint;           ///< empty: the provider offers none
  std::string accounting_base;             ///< where its accounting API is; empty: none to read
  std::string legacy_disconnect;           ///< OAuth 1.0a disconnect; empty: there is none any more
  bool sends_issuer = false;               ///< `iss` must be in every callback (RFC 9207 2.4)
  bool pkce = true;                        ///< send a challenge, S256 (RFC 7636, RFC 9700 2.1.1)
  bool company_in_callback = true;         ///< `realmId` stands beside the code, and only there
  bool sandbox = false;                    ///< no real books behind it
  std::vector<std::string> scopes;         ///< asked for in every authorization request
  std::vector<HeaderField> token_headers;  ///< sent with every request for tokens
  std::string trace_header;  ///< by which its support finds an answer; goes into the log
  bool operator==(const Provider&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("integration", &Provider::integration),
                      field("name", &Provider::name),
                      field("issuer", &Provider::issuer),
                      field("authorization_endpoint", &Provider::authorization_endpoint),
                      field("token_endpoint", &Provider::token_endpoint),
                      field("revocation_endpoint", &Provider::revocation_endpoint),
                      field("userinfo_endpoint", &Provider::userinfo_endpoint),
                      field("accounting_base", &Provider::accounting_base),
                      field("legacy_disconnect", &Provider::legacy_disconnect),
                      field("sends_issuer", &Provider::sends_issuer),
                      field("pkce", &Provider::pkce),
                      field("company_in_callback", &Provider::company_in_callback),
                      field("sandbox", &Provider::sandbox),
                      field("scopes", &Provider::scopes),
                      field("token_headers", &Provider::token_headers),
                      field("trace_header", &Provider::trace_header)};
  }
};

/// Reads a discovery document into `base`, whose other values stay. Endpoints must be absolute
/// URLs, https, or http on a loopback address. A document without a code flow is refused.
Result<Provider> read_discovery(Provider base, const wire::Json& document);

/// Reads a provider file: the fields of Provider, all optional, over the defaults; or a
/// `discovery` URL, which is given back in `discovery` to be fetched first.
struct ProviderFile {
  Provider provider;
  std::string discovery;
  wire::Json overrides;  ///< what the file states, put over the discovered values
};
Result<ProviderFile> read_provider_file(const wire::Json& file);
/// Puts what a provider file states over discovered values, and checks the whole.
Result<Provider> override_provider(Provider provider, const wire::Json& overrides);

/// Whether a provider, with the scopes that are set, has all that a customer will need: what is
/// missing is said at the start, and not to the customer.
Result<void> check_complete(const Provider& provider);

/// Whether a URL may carry credentials: https, or http to this machine itself.
bool is_safe_url(std::string_view url);

}  // namespace rekey::oauth
