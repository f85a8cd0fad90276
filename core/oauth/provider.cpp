#include "core/oauth/provider.hpp"

#include <algorithm>

#include "core/text/catalogue.hpp"

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

/// How many letters have to change to make one name of the other (Levenshtein).
std::size_t changes_between(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

/// The member of a provider file that is written most like this one.
std::string nearest_member(std::string_view name) {
  std::string nearest = "discovery";
  const Json known = wire::write(Provider{});
  name = name.substr(0, 60);
  for (const auto& [each, value] : known.items())
    if (changes_between(name, each) < changes_between(name, nearest)) nearest = each;
  return nearest;
}

/// What cannot end a header or begin another (RFC 9110 5.1, 5.5).
bool is_header_field(const HeaderField& header) {
  const auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
  return !header.name.empty() && header.name.find(':') == std::string::npos &&
         std::all_of(header.name.begin(), header.name.end(), visible) &&
         std::all_of(header.value.begin(), header.value.end(),
                     [&](char c) { return c == ' ' || visible(c); });
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
      {"userinfo_endpoint", provider.userinfo_endpoint, false},
      {"accounting_base", provider.accounting_base, false},
      {"legacy_disconnect", provider.legacy_disconnect, false},
  };
  for (const auto& each : endpoints) {
    if (each.url.empty() && !each.required) continue;
    if (!is_safe_url(each.url))
      return fail(
          Code::misconfigured,
          text::fill(each.url.empty() ? "The provider's {name} is missing. Correct the "
                                        "provider file or its discovery document."
                                      : "The provider's {name} is not an https address. "
                                        "Correct the provider file or its discovery document.",
                     {{"name", each.name}}));
  }
  for (const auto& each : provider.token_headers)
    if (!is_header_field(each))
      return fail(Code::misconfigured,
                  "The provider file's token_headers have one that is none: each is a name and a "
                  "value of visible characters.");
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
      return fail(
          Code::misconfigured,
          text::fill("The provider file states \"{name}\", which is not known. Did you mean "
                     "\"{nearest}\"?",
                     {{"name", name.substr(0, 60)}, {"nearest", nearest_member(name)}}));
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

Result<void> check_complete(const Provider& provider) {
  const auto missing = [](const std::string& what) {
    return fail(Code::misconfigured,
                text::fill("The provider file does not state {what}", {{"what", what}}));
  };
  if (provider.scopes.empty())
    return missing(
        "scopes, and without them the provider does not know what to ask the customer's consent "
        "for. Add \"scopes\": [\"…\"], or give the setting scopes.");
  if (provider.accounting_base.empty())
    return missing(
        "accounting_base, the address of the accounting API, without which no company can be read. "
        "Add \"accounting_base\": \"https://…\".");
  return {};
}

Result<Provider> override_provider(Provider provider, const Json& overrides) {
  Json merged = wire::write(provider);
  merged.update(overrides);
  auto read = wire::read_as<Provider>(merged, "The provider file");
  if (!read) return tl::unexpected(Error{Code::misconfigured, read.error().hint, {}});
  return check(std::move(*read));
}

}  // namespace rekey::oauth
