#include "native/config.hpp"

#include "native/config_imports.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/text/catalogue.hpp"
#include "native/config_secret_files.hpp"
#include "native/config_secrets.hpp"
#include "native/config_url.hpp"
#include "native/system/private_file.hpp"

namespace rekey::config {
namespace {

using Complaint = std::optional<std::string>;

template <std::string Settings::*field>
Complaint take_text(Settings& settings, const std::string& value) {
  settings.*field = value;
  return {};
}

template <Secret Settings::*field>
Complaint take_secret(Settings& settings, const std::string& value) {
  settings.*field = Secret(value);
  return {};
}

template <std::string Settings::*field>
Complaint take_file(Settings& settings, const std::string& value) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(value, ignored)) return "a file that exists";
  settings.*field = value;
  return {};
}

std::optional<int> number_in(std::string_view text, int least, int most) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number >= least && number <= most ? std::optional(number) : std::nullopt;
}

struct Place {
  std::string address;
  unsigned short port = 0;
};

Complaint read_place(Place& place, const std::string& value) {
  constexpr const char* wanted = "an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080";
  const auto colon = value.rfind(':');
  if (colon == std::string::npos || colon == 0) return wanted;
  std::string address = value.substr(0, colon);
  if (address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  else if (address.find(':') != std::string::npos)
    return wanted;
  const auto port = number_in(std::string_view(value).substr(colon + 1), 0, 65535);
  if (!port) return wanted;
  place = {std::move(address), static_cast<unsigned short>(*port)};
  return {};
}

template <std::string Settings::*address, unsigned short Settings::*port>
Complaint take_place(Settings& settings, const std::string& value) {
  Place place;
  if (auto wrong = read_place(place, value)) return wrong;
  settings.*address = std::move(place.address);
  settings.*port = place.port;
  return {};
}

bool has_odd_characters(std::string_view url) {
  return std::any_of(url.begin(), url.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '#' || c == '@' || c == '\\' || c == '\x7f';
  });
}

Complaint take_public_url(Settings& settings, const std::string& value) {
  auto origin = normal_origin(value);
  if (!origin)
    return "an address without a path, such as https://connect.example.com (a name with other "
           "letters than a to z is to be given as browsers send it, xn--…)";
  settings.public_url = std::move(*origin);
  return {};
}

Complaint take_redirect_uri(Settings& settings, const std::string& value) {
  // RFC 6749 section 3.1.2: absolute, and without a fragment.
  if (!after_scheme(value) || has_odd_characters(value))
    return "an absolute address without a fragment, exactly as it is registered with Intuit";
  settings.redirect_uri = value;
  return {};
}

Complaint take_database(Settings& settings, const std::string& value) {
  // What looks like a server's address and is none would be made as a file.
  if (!value.starts_with("postgresql://") && !value.starts_with("postgres://") &&
      value.find(":/") != value.npos && value.find('=') == value.npos)
    return "an SQLite file or an address such as postgresql://user@host/database";
  settings.database = value;
  return {};
}

Complaint take_allow_http(Settings& settings, const std::string& value) {
  if (value != "on" && value != "off") return "on or off";
  settings.allow_http = value == "on";
  return {};
}

Complaint take_page_dir(Settings& settings, const std::string& value) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(value + "/index.html", ignored))
    return "a folder with an index.html in it";
  settings.page_dir = value;
  return {};
}

template <std::vector<std::string> Settings::*field>
Complaint take_words(Settings& settings, const std::string& value) {
  (settings.*field).clear();
  std::size_t start = 0;
  while ((start = value.find_first_not_of(' ', start)) != std::string::npos) {
    const auto end = std::min(value.find(' ', start), value.size());
    (settings.*field).push_back(value.substr(start, end - start));
    start = end;
  }
  return {};
}

template <bool Settings::*field>
Complaint take_yes_or_no(Settings& settings, const std::string& value) {
  if (value != "true" && value != "false") return "true or false";
  settings.*field = value == "true";
  return {};
}

Complaint take_log_level(Settings& settings, const std::string& value) {
  const auto level = log::parse_level(value);
  if (!level) return "debug, info, warning or error";
  settings.log_level = *level;
  return {};
}

Complaint take_proxy_header(Settings& settings, const std::string& value) {
  if (value != "x-forwarded-for" && value != "forwarded") return "x-forwarded-for or forwarded";
  settings.proxy_header = value;
  return {};
}

Complaint take_peer_connections(Settings& settings, const std::string& value) {
  const auto number = number_in(value, 1, 60000);
  if (!number) return "a number from 1 to 60000";
  settings.peer_connections = *number;
  return {};
}

constexpr std::array settings_table{
    Setting{"listen", "ADDRESS:PORT", "127.0.0.1:8080", "Where to listen; port 0 takes a free one.",
            false, take_place<&Settings::listen_address, &Settings::listen_port>},
    Setting{"api-listen", "ADDRESS:PORT", "",
            "Where the host API (/v1, /metrics) listens apart from the page, which then has it no "
            "more.",
            false, take_place<&Settings::api_address, &Settings::api_port>},
    Setting{"public-url", "URL", "",
            "The address customers use. Under https cookies are Secure. Default: where it listens.",
            false, take_public_url},
    Setting{"allow-http", "on|off", "off",
            "Lets page and host API be served by plain http over a network, where everybody on the "
            "way can read it.",
            false, take_allow_http},
    Setting{"database", "FILE|URL", "rekey.db",
            "An SQLite file, made when there is none; or postgresql://user@host/database.", false,
            take_database},
    Setting{"page-dir", "FOLDER", "", "The built page. Default: the one beside the program.", false,
            take_page_dir},
    Setting{"host-name", "NAME", "your application", "What customers call the host application.",
            false, take_text<&Settings::host_name>},
    Setting{"provider", "NAME|FILE", "intuit-production",
            "intuit-production, intuit-sandbox, or a provider file.", false,
            take_text<&Settings::provider>},
    Setting{"client-id", "ID", "", "The client id of your app at Intuit.", false,
            take_text<&Settings::client_id>},
    Setting{"client-secret", "SECRET", "", "The client secret of your app.", true,
            take_secret<&Settings::client_secret>},
    Setting{"client-secret-file", "FILE", "", "A file that holds the client secret.", false,
            take_secret_file},
    Setting{"redirect-uri", "URL", "",
            "As registered with Intuit. Default: the public address and /callback.", false,
            take_redirect_uri},
    Setting{"scopes", "\"SCOPE ...\"", "", "What to ask consent for. Default: the provider's.",
            false, take_words<&Settings::scopes>},
    Setting{"master-key", "BASE64", "", "The master key: 32 bytes in base64.", true,
            take_secret<&Settings::master_key>},
    Setting{"master-key-file", "FILE", "", "A file with the master key, readable by you only.",
            false, take_file<&Settings::master_key_file>},
    Setting{"master-key-command", "COMMAND", "", "A command that prints the master key.", false,
            take_text<&Settings::master_key_command>},
    Setting{"tls-certificate", "FILE", "", "PEM; serve TLS, not plain HTTP behind a proxy.", false,
            take_file<&Settings::tls_certificate>},
    Setting{"tls-key", "FILE", "", "PEM, the key of the certificate.", false, take_tls_key},
    Setting{"log-level", "LEVEL", "info", "debug, info, warning or error.", false, take_log_level},
    Setting{"import-page-size", "ROWS", "1000", "Rows asked for at once, 1 to 1000.", false,
            take_page_size},
    Setting{"requests-per-second", "COUNT", "10",
            "Calls of all processes to one company's accounting API; 0 for any number.", false,
            take_requests_per_second},
    Setting{"requests-per-minute", "COUNT", "500", "The same in a minute; 0 for any number.", false,
            take_requests_per_minute},
    Setting{"trusted-proxies", "ADDRESSES", "",
            "Addresses and networks of proxies in front, with spaces between: what they say about "
            "who asks is believed.",
            false, take_words<&Settings::trusted_proxies>},
    Setting{"proxy-header", "NAME", "x-forwarded-for",
            "The field they say it in: x-forwarded-for or forwarded.", false, take_proxy_header},
    Setting{"peer-connections", "NUMBER", "256",
            "Connections of one address at once; more are answered 429.", false,
            take_peer_connections},
    Setting{"webhook-allow", "HOSTS", "",
            "Hosts of your own network that webhooks may go to, also by http; with spaces between. "
            "Others must be public, and https.",
            false, take_words<&Settings::webhook_allow>},
    Setting{"webhook-verifier-token", "TOKENS", "",
            "What the provider signs its webhooks with (Intuit: the verifier token of the app). "
            "Several with spaces between while one is replaced.",
            true, take_verifier_tokens},
    Setting{"webhook-verifier-token-file", "FILE", "", "A file that holds them, one a line.", false,
            take_verifier_token_file},
    Setting{"webhook-verifier-token-command", "COMMAND", "", "A command that prints them.", false,
            take_text<&Settings::webhook_verifier_token_command>},
    Setting{"metrics-open", "true|false", "false",
            "Whether /metrics is answered without an API key.", false,
            take_yes_or_no<&Settings::metrics_open>},
    Setting{"session-idle", "TIME", "2h", "How long a page may rest before it is signed out.",
            false, take_session_idle},
    Setting{"session-life", "TIME", "12h", "How long anybody stays signed in to the page at most.",
            false, take_session_life},
    Setting{"page-sessions-per-tenant", "NUMBER", "200",
            "Sessions of the page at once; beyond it the one that rested longest ends.", false,
            take_page_sessions_per_tenant},
    Setting{"return-hosts", "HOSTS", "",
            "Hosts of your application that a page session's return_url may lead to, each with a "
            "port or without; with spaces between.",
            false, take_return_hosts},
    Setting{"host-url", "URL", "",
            "The home of your application, for a page that has no return_url.", false,
            take_host_url},
    Setting{"pkce", "on|off", "on", "Send PKCE (S256) with every authorization.", false, take_pkce},
    Setting{"keep-ended", "TIME", "72h",
            "How long the tokens of a grant that the provider ended are kept, sealed, so that "
            "`rekey grants revive` can undo an end that was wrong; 0h: not at all.",
            false, take_keep_ended},
    Setting{"ends-at-most", "NUMBER", "5",
            "More grants than this, and than ends-percent, that end within ten minutes are not "
            "believed, and none is ended; 0: all are believed.",
            false, take_ends_at_most},
    Setting{"ends-percent", "NUMBER", "2", "The share of all grants for ends-at-most.", false,
            take_ends_percent},
    Setting{"shared-company", "tell|ask|forbid", "tell",
            "What happens when a customer connects a company that another one has connected.",
            false, take_shared_company},
    Setting{"lists", "LISTS", "accounts tax_codes customers suppliers",
            "What of your directory is mapped; there are items, classes and locations, too.", false,
            take_lists},
    Setting{"required-lists", "LISTS", "",
            "Of these lists, customers decide each record before they can save.", false,
            take_required_lists},
};

// An empty variable is one that is not set: that is how a deployment's template leaves it out.
bool is_set(const Environment& environment, std::string_view name) {
  return !environment(environment_name(name)).value_or("").empty();
}

// One value on its way into the settings.
Result<void> take_value(Settings& settings, const Setting& setting, const std::string& value,
                        const std::string& origin) {
  const auto wanted = setting.take(settings, value);
  if (!wanted) return {};
  if (wanted->starts_with('.')) return fail(Code::misconfigured, wanted->substr(1));
  const bool hidden = setting.secret || shows_password(value) || looks_like_key(value);
  return fail(
      Code::misconfigured,
      text::fill(
          hidden ? "The setting {name}, given by {origin}, must be {wanted}."
                 : "The setting {name}, given by {origin}, must be {wanted}, and not "
                   "\"{value}\".",
          {{"name", setting.name}, {"origin", origin}, {"wanted", *wanted}, {"value", value}}));
}

Result<void> take_setting(Settings& settings, const Setting& setting, const Values& flags,
                          const Environment& environment, const Values& file,
                          const std::string& file_path) {
  const std::string variable = environment_name(setting.name);
  const auto by_flag = flags.find(setting.name);
  const bool has_secret =
      setting.secret || (by_flag != flags.end() && shows_password(by_flag->second));
  if (by_flag != flags.end() && has_secret)
    return fail(
        Code::misconfigured,
        text::fill("--{name} would show a secret to everybody who can list the programs that "
                   "run. Use the environment variable {variable}, or a file.",
                   {{"name", setting.name}, {"variable", variable}}));
  if (by_flag != flags.end())
    return take_value(settings, setting, by_flag->second, std::string("--") + setting.name);
  if (const auto value = environment(variable); value && !value->empty())
    return take_value(settings, setting, *value,
                      text::fill("the environment variable {variable}", {{"variable", variable}}));
  if (const auto in_file = file.find(setting.name); in_file != file.end())
    return take_value(settings, setting, in_file->second, file_path);
  if (*setting.fallback == '\0') return {};
  return take_value(settings, setting, setting.fallback, "the default");
}

// With port 0, the addresses are known only once the server listens.
void derive(Settings& settings) {
  const bool tls = !settings.tls_certificate.empty();
  if (settings.public_url.empty() && settings.listen_port != 0) {
    const bool v6 = settings.listen_address.find(':') != std::string::npos;
    settings.public_url = std::string(tls ? "https://" : "http://") +
                          (v6 ? "[" + settings.listen_address + "]" : settings.listen_address) +
                          ":" + std::to_string(settings.listen_port);
  }
  settings.https = settings.public_url.empty() ? tls : settings.public_url.starts_with("https://");
  if (settings.redirect_uri.empty() && !settings.public_url.empty())
    settings.redirect_uri = settings.public_url + "/callback";
}

}  // namespace

std::span<const Setting> all_settings() {
  return settings_table;
}

std::string environment_name(std::string_view name) {
  std::string variable = "REKEY_";
  for (const char c : name)
    variable += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return variable;
}

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

Result<Settings> read_settings(const Values& flags, const Environment& environment) {
  std::string path = environment("REKEY_CONFIG").value_or("");
  if (const auto flag = flags.find("config"); flag != flags.end()) path = flag->second;
  Values file;
  if (!path.empty()) {
    auto read = read_config_file(path);
    if (!read) return tl::unexpected(read.error());
    if (const auto at = read->find("database"); at != read->end() && shows_password(at->second))
      if (auto checked = system::check_private_file(
              path, text::fill("The settings file {path} has the database's password in it, and",
                               {{"path", path}}));
          !checked)
        return tl::unexpected(checked.error());
    file = std::move(*read);
  }
  Settings settings;
  const std::string secret_file = "client-secret-file";
  const bool secret_in_file =
      flags.contains(secret_file) || file.contains(secret_file) || is_set(environment, secret_file);
  if (secret_in_file && is_set(environment, "client-secret"))
    return fail(Code::misconfigured,
                "The client secret is given twice, by REKEY_CLIENT_SECRET and by "
                "client-secret-file. Give it once.");
  for (const Setting& setting : settings_table)
    if (auto taken = take_setting(settings, setting, flags, environment, file, path); !taken)
      return tl::unexpected(taken.error());
  derive(settings);
  return settings;
}

}  // namespace rekey::config
