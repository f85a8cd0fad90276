// What belongs together in the settings, and what a server is not started with.
#include "core/text/catalogue.hpp"
#include "core/wire/fields.hpp"
#include "native/config.hpp"
#include "native/config_url.hpp"

namespace rekey::config {
namespace {

tl::unexpected<Error> unfit(std::string_view what, const text::Values& values = {}) {
  return fail(Code::misconfigured,
              text::fill("{what} See `rekey serve --help`.", {{"what", text::fill(what, values)}}));
}

/// An IP address as the origin of plain http to it.
std::string plain_http(const std::string& address) {
  const bool v6 = address.find(':') != std::string::npos;
  return v6 ? "http://[" + address + "]" : "http://" + address;
}

bool in_the_clear(const Settings& settings, const std::string& url) {
  return !settings.allow_http && !url.empty() && !in_lower_case(url).starts_with("https://") &&
         !on_this_machine(url);
}

/// What goes over a network is not plain http, unless that is said on purpose.
Result<void> check_not_in_the_clear(const Settings& settings) {
  // Intuit takes no other redirect address in production, and cookies would travel in the clear.
  if (settings.provider == "intuit-production" && !settings.https && !settings.public_url.empty() &&
      !on_this_machine(settings.public_url))
    return unfit(
        "The setting public-url must begin with https:// to work with Intuit's "
        "production, and not be \"{url}\".",
        {{"url", settings.public_url}});
  if (in_the_clear(settings, settings.redirect_uri))
    return unfit(
        "The setting redirect-uri is plain http, and leads to another machine than this. Give an "
        "https address, or say allow-http = \"on\".");
  const bool unnamed = settings.public_url.empty() && !settings.https;
  if (in_the_clear(settings, unnamed ? plain_http(settings.listen_address) : settings.public_url))
    return unfit(
        "The address customers use (public-url) is \"{url}\", and plain http over a network can be "
        "read and changed by everybody on the way. Give the https address, or say allow-http = "
        "\"on\".",
        {{"url", settings.public_url}});
  if (!settings.api_address.empty() && settings.tls_certificate.empty() &&
      in_the_clear(settings, plain_http(settings.api_address)))
    return unfit(
        "The host API listens at {address} (api-listen), and plain http over a network shows every "
        "API key and access token to everybody on the way. Give tls-certificate and tls-key, let "
        "it "
        "listen on loopback behind a TLS proxy, or say allow-http = \"on\".",
        {{"address", settings.api_address}});
  return {};
}

bool is_loopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

}  // namespace

bool is_for_this_machine_only(const Settings& settings) {
  return is_loopback(settings.listen_address) &&
         (settings.api_address.empty() || is_loopback(settings.api_address)) &&
         settings.provider != "intuit-production" &&
         (settings.public_url.empty() || on_this_machine(settings.public_url));
}

Result<void> check_for_serve(const Settings& settings) {
  if (settings.client_id.empty())
    return unfit("No client id is set (client-id): the id of your app at Intuit.");
  if (settings.client_secret.empty())
    return unfit("No client secret is set: give client-secret-file, or REKEY_CLIENT_SECRET.");
  if (settings.master_key_file.empty() && settings.master_key_command.empty() &&
      settings.master_key.empty())
    return unfit(
        "No master key is set, and nothing is stored without one: give "
        "master-key-file, master-key-command or REKEY_MASTER_KEY.");
  if (settings.tls_certificate.empty() != settings.tls_key.empty())
    return unfit("TLS needs both tls-certificate and tls-key; only one is set.");
  // Nobody could decide what is not shown.
  for (const auto each : settings.pages.required_lists)
    if (!mapping::is_among(each, settings.pages.lists))
      return unfit("The setting required-lists names {list}, which is not among lists.",
                   {{"list", std::string(wire::name_of(each))}});
  return check_not_in_the_clear(settings);
}

}  // namespace rekey::config
