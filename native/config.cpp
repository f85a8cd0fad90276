#include "native/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

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

Complaint take_listen(Settings& settings, const std::string& value) {
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
  settings.listen_address = std::move(address);
  settings.listen_port = static_cast<unsigned short>(*port);
  return {};
}

// The part of an http(s) address after its scheme; nothing when it is not one we can use.
std::optional<std::string_view> after_scheme(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (url.starts_with(scheme) && url.size() > scheme.size() && url[scheme.size()] != '/')
      return url.substr(scheme.size());
  return std::nullopt;
}

bool has_odd_characters(std::string_view url) {
  return std::any_of(url.begin(), url.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '#' || c == '@' || c == '\\' || c == '\x7f';
  });
}

Complaint take_public_url(Settings& settings, const std::string& value) {
  std::string url = value;
  while (!url.empty() && url.back() == '/') url.pop_back();
  const auto rest = after_scheme(url);
  if (!rest || has_odd_characters(url) || rest->find_first_of("/?") != std::string_view::npos)
    return "an address without a path, such as https://connect.example.com";
  settings.public_url = std::move(url);
  return {};
}

Complaint take_redirect_uri(Settings& settings, const std::string& value) {
  // RFC 6749 section 3.1.2: absolute, and without a fragment.
  if (!after_scheme(value) || has_odd_characters(value))
    return "an absolute address without a fragment, exactly as it is registered with Intuit";
  settings.redirect_uri = value;
  return {};
}

Complaint take_secret_file(Settings& settings, const std::string& value) {
  std::ifstream file(value, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  Secret secret(std::move(text));
  if (!file || secret.empty()) return "a file that can be read and holds the client secret";
  settings.client_secret = std::move(secret);
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

Complaint take_log_level(Settings& settings, const std::string& value) {
  const auto level = log::parse_level(value);
  if (!level) return "debug, info, warning or error";
  settings.log_level = *level;
  return {};
}

Complaint take_page_size(Settings& settings, const std::string& value) {
  const auto size = number_in(value, 1, 1000);  // more than 1000 rows QuickBooks does not give
  if (!size) return "a number from 1 to 1000";
  settings.import_page_size = *size;
  return {};
}

constexpr std::array settings_table{
    Setting{"listen", "ADDRESS:PORT", "127.0.0.1:8080", "Where to listen; port 0 takes a free one.",
            false, take_listen},
    Setting{"public-url", "URL", "",
            "The address customers use. Under https cookies are Secure. Default: where it listens.",
            false, take_public_url},
    Setting{"database", "FILE|URL", "rekey.db",
            "An SQLite file, made when there is none; or postgresql://user@host/database.", false,
            take_text<&Settings::database>},
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
    Setting{"tls-key", "FILE", "", "PEM, the key of the certificate.", false,
            take_file<&Settings::tls_key>},
    Setting{"log-level", "LEVEL", "info", "debug, info, warning or error.", false, take_log_level},
    Setting{"import-page-size", "ROWS", "1000", "Rows asked for at once, 1 to 1000.", false,
            take_page_size},
    Setting{"webhook-allow", "HOSTS", "",
            "Hosts of your own network that webhooks may go to, also by http; with spaces between. "
            "Others must be public, and https.",
            false, take_words<&Settings::webhook_allow>},
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
    Setting{"shared-company", "ask|forbid", "ask",
            "What happens when a customer connects a company that another one has connected.",
            false, take_shared_company},
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
  const std::string given = setting.secret ? "." : ", and not \"" + value + "\".";
  return fail(Code::misconfigured, std::string("The setting ") + setting.name + ", given by " +
                                       origin + ", must be " + *wanted + given);
}

/// Whether a database's address has a password in it: postgresql://user:password@host/database.
bool names_password(const Values::value_type& flag) {
  const auto& [name, value] = flag;
  if (name != "database") return false;
  if (value.find("password=") != std::string::npos) return true;
  const auto scheme = value.find("://");
  const auto at = value.rfind('@');
  return scheme != value.npos && at != value.npos && value.find(':', scheme + 3) < at;
}

Result<void> take_setting(Settings& settings, const Setting& setting, const Values& flags,
                          const Environment& environment, const Values& file,
                          const std::string& file_path) {
  const std::string variable = environment_name(setting.name);
  const auto by_flag = flags.find(setting.name);
  const bool has_secret = setting.secret || (by_flag != flags.end() && names_password(*by_flag));
  if (by_flag != flags.end() && has_secret)
    return fail(Code::misconfigured, std::string("--") + setting.name +
                                         " would show a secret to everybody who can list the "
                                         "programs that run. Use the environment variable " +
                                         variable + ", or a file.");
  if (by_flag != flags.end())
    return take_value(settings, setting, by_flag->second, std::string("--") + setting.name);
  if (const auto value = environment(variable); value && !value->empty())
    return take_value(settings, setting, *value, "the environment variable " + variable);
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

bool on_this_machine(std::string_view url) {
  const auto rest = after_scheme(url);
  if (!rest) return false;
  const std::string_view host = rest->substr(0, rest->find_first_of(":/?"));
  return host == "localhost" || host == "127.0.0.1" || rest->starts_with("[::1]");
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

bool is_for_this_machine_only(const Settings& settings) {
  const auto& address = settings.listen_address;
  return (address == "localhost" || address == "::1" || address.starts_with("127.")) &&
         settings.provider != "intuit-production" &&
         (settings.public_url.empty() || on_this_machine(settings.public_url));
}

Result<void> check_for_serve(const Settings& settings) {
  const auto missing = [](const std::string& what) {
    return fail(Code::misconfigured, what + " See `rekey serve --help`.");
  };
  if (settings.client_id.empty())
    return missing("No client id is set (client-id): the id of your app at Intuit.");
  if (settings.client_secret.empty())
    return missing("No client secret is set: give client-secret-file, or REKEY_CLIENT_SECRET.");
  if (settings.master_key_file.empty() && settings.master_key_command.empty() &&
      settings.master_key.empty())
    return missing(
        "No master key is set, and nothing is stored without one: give "
        "master-key-file, master-key-command or REKEY_MASTER_KEY.");
  if (settings.tls_certificate.empty() != settings.tls_key.empty())
    return missing("TLS needs both tls-certificate and tls-key; only one is set.");
  // Intuit takes no other redirect address in production, and cookies would travel in the clear.
  if (settings.provider == "intuit-production" && !settings.https && !settings.public_url.empty() &&
      !on_this_machine(settings.public_url))
    return missing(
        "The setting public-url must begin with https:// to work with Intuit's "
        "production, and not be \"" +
        settings.public_url + "\".");
  return {};
}

}  // namespace rekey::config
