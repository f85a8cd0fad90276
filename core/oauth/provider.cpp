#include "core/oauth/provider.hpp"

namespace rekey::oauth {

namespace {

using wire::Json;
using wire::text_at;

bool lists(const Json& json, const char* name, std::string_view wanted) {
  const auto at = json.find(name);
  if (at == json.end() || !at->is_array()) return false;
  for (const auto& each : *at)
    if (each.is_string() && each.get_ref<const std::string&>() == wanted) return true;
  return false;
}

Result<Provider> check(Provider provider) {
  struct Endpoint {
    const char* name;
    const std::string& url;
    bool required;
  };
  const Endpoint endpoints[] = {
      {"authorization_endpoint", provider.authorization_endpoint, true},
      {"token_endpoint", provider.token_endpoint, true},
      {"revocation_endpoint", provider.revocation_endpoint, false},
      // Where the callback does not name the company, nothing else does.
      {"userinfo_endpoint", provider.userinfo_endpoint, !provider.company_in_callback},
      {"accounting_base", provider.accounting_base, false},
      {"legacy_disconnect", provider.legacy_disconnect, false},
  };
  for (const auto& each : endpoints) {
    if (each.url.empty() && !each.required) continue;
    if (!is_safe_url(each.url))
      return fail(Code::misconfigured,
                  std::string("The provider's ") + each.name +
                      (each.url.empty() ? " is missing." : " is not an https address.") +
                      " Correct the provider file or its discovery document.");
  }
  if (provider.name.empty()) provider.name = "QuickBooks Online";
  return provider;
}

}  // namespace

bool is_safe_url(std::string_view url) {
  if (url.substr(0, 8) == "https://") return url.size() > 8 && url[8] != '/';
  if (url.substr(0, 7) != "http://") return false;
  auto host = url.substr(7);
  const auto end = host.find_first_of("/?#");
  host = host.substr(0, end);
  if (host.find('@') != std::string_view::npos) return false;
  if (host.substr(0, 5) == "[::1]") return host.size() == 5 || host[5] == ':';
  host = host.substr(0, host.find(':'));
  return host == "localhost" || host == "127.0.0.1";
}

// The endpoints of Intuit's discovery documents, production and sandbox; they differ in userinfo
// only, and the accounting API has a host for each.
Result<Provider> built_in_provider(std::string_view name) {
  const bool production = name == "intuit-production";
  if (!production && name != "intuit-sandbox")
    return fail(Code::not_found, "There is no built-in provider \"" + std::string(name) +
                                     "\". Known are intuit-production and intuit-sandbox; "
                                     "anything else is the path of a provider file.");
  Provider intuit;
  intuit.name = "QuickBooks Online";
  intuit.issuer = "https://oauth.platform.intuit.com/op/v1";
  intuit.authorization_endpoint = "https://appcenter.intuit.com/connect/oauth2";
  intuit.token_endpoint = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer";
  intuit.revocation_endpoint = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke";
  intuit.userinfo_endpoint =
      production ? "https://accounts.platform.intuit.com/v1/openid_connect/userinfo"
                 : "https://sandbox-accounts.platform.intuit.com/v1/openid_connect/userinfo";
  intuit.accounting_base = production ? "https://quickbooks.api.intuit.com"
                                      : "https://sandbox-quickbooks.api.intuit.com";
  intuit.legacy_disconnect = "https://appcenter.intuit.com/api/v1/connection/disconnect";
  intuit.scopes = {"com.intuit.quickbooks.accounting"};
  intuit.sandbox = !production;
  return intuit;
}

Result<Provider> read_discovery(Provider base, const Json& document) {
  if (!document.is_object())
    return fail(Code::unreadable, "The provider's discovery document is not a JSON object.");
  if (document.contains("response_types_supported") &&
      !lists(document, "response_types_supported", "code"))
    return fail(Code::misconfigured,
                "The provider does not offer the authorization code flow, which is the only one "
                "that is safe here.");
  const auto take = [&](const char* name, std::string& into) {
    auto value = text_at(document, name);
    if (!value.empty()) into = std::move(value);
  };
  take("issuer", base.issuer);
  take("authorization_endpoint", base.authorization_endpoint);
  take("token_endpoint", base.token_endpoint);
  take("revocation_endpoint", base.revocation_endpoint);
  take("userinfo_endpoint", base.userinfo_endpoint);
  const auto sends = document.find("authorization_response_iss_parameter_supported");
  base.sends_issuer = sends != document.end() && sends->is_boolean() && sends->get<bool>();
  return check(std::move(base));
}

Result<ProviderFile> read_provider_file(const Json& file) {
  if (!file.is_object())
    return fail(Code::misconfigured, "The provider file is not a JSON object.");
  ProviderFile out;
  out.discovery = text_at(file, "discovery");
  out.overrides = file;
  out.overrides.erase("discovery");
  const Json known = wire::write(Provider{});
  for (const auto& [name, value] : out.overrides.items())
    if (!known.contains(name))
      return fail(Code::misconfigured, "The provider file states \"" + name +
                                           "\", which is not known. Remove it or correct it.");
  if (!out.discovery.empty()) {
    if (!is_safe_url(out.discovery))
      return fail(Code::misconfigured, "The provider file's discovery address is not https.");
    return out;
  }
  auto provider = override_provider({}, out.overrides);
  if (!provider) return tl::unexpected(provider.error());
  out.provider = std::move(*provider);
  return out;
}

Result<Provider> override_provider(Provider provider, const Json& overrides) {
  Json merged = wire::write(provider);
  merged.update(overrides);
  auto read = wire::read_as<Provider>(merged, "The provider file");
  if (!read) return tl::unexpected(Error{Code::misconfigured, read.error().hint, {}});
  return check(std::move(*read));
}

}  // namespace rekey::oauth
