// The settings: one table, read from flags, the environment and a TOML file, which all use the same
// names. A flag has precedence over the environment, the environment over the file, the file over
// the default.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/secret.hpp"
#include "native/config_grants.hpp"
#include "native/config_pages.hpp"
#include "native/log.hpp"

namespace rekey::config {

/// The settings of `rekey serve`; other commands use some of them.
struct Settings {
  std::string listen_address;
  unsigned short listen_port = 0;
  std::string public_url;  ///< no slash at its end; empty: not given, and the port not known yet
  bool https = false;      ///< whether customers come by TLS, ours or a proxy's: Secure cookies
  std::string database;
  Secret database_password;  ///< PGPASSWORD, once it was taken out of the environment
  std::string page_dir;      ///< empty: the page that came with the program
  std::string provider;      ///< a built-in name or the path of a provider file
  /// It is a built-in one of real companies; who reads the settings looks it up.
  bool provider_is_live = false;
  std::string host_name;  ///< the business application, as its customers call it
  std::string client_id;
  Secret client_secret;
  std::string redirect_uri;         ///< empty when public_url is: then it is that and /callback
  std::vector<std::string> scopes;  ///< empty: the provider's own
  std::string master_key_file;
  std::string master_key_command;
  Secret master_key;
  std::string tls_certificate;
  std::string tls_key;
  bool allow_http = false;  ///< plain http may go over a network
  std::string api_address;  ///< where /v1 listens apart from the page; empty: it does not
  unsigned short api_port = 0;
  log::Level log_level = log::Level::info;
  int import_page_size = 0;
  int requests_per_second = 0;  ///< of all processes, to one company's accounting API; 0: any
  int requests_per_minute = 0;
  std::vector<std::string> trusted_proxies;      ///< addresses and networks of proxies in front
  std::string proxy_header = "x-forwarded-for";  ///< in which field they say who asks
  int peer_connections = 256;                    ///< of one address, at once
  std::vector<std::string> webhook_allow;       ///< hosts that webhooks may go to though not public
  std::vector<Secret> webhook_verifier_tokens;  ///< what the provider signs with: any of them
  std::string webhook_verifier_token_command;   ///< prints more of them
  bool metrics_open = false;                    ///< /metrics needs no API key
  Grants grants;
  PageSettings pages;
};

/// One row of the table.
struct Setting {
  const char* name;         ///< as a flag `--name`, in the file `name`
  const char* placeholder;  ///< what a value looks like, for the help
  const char* fallback;     ///< the default, as it would be written; empty: none
  const char* help;
  bool secret;  ///< the value itself is one: from the environment only
  /// Takes the value into the settings. Otherwise gives what it must be ("a number from 1 to 9").
  std::optional<std::string> (*take)(Settings& settings, const std::string& value);
};

/// All settings, in the order of the help.
std::span<const Setting> all_settings();
/// "client-id" is REKEY_CLIENT_ID.
std::string environment_name(std::string_view name);

/// Values by the name of their setting, as they were written.
using Values = std::map<std::string, std::string, std::less<>>;
/// Asks for a variable of the environment; nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
/// That of this process.
Environment process_environment();

/// Puts the settings together. The file is named by the flag `config` or by REKEY_CONFIG. Every
/// error is one sentence that says which value, where it came from and what it must be; a secret
/// value is never in it.
Result<Settings> read_settings(const Values& flags, const Environment& environment);

/// Whether `rekey serve` can start with these: what has no default is there, what belongs together
/// is together.
Result<void> check_for_serve(const Settings& settings);

/// Whether only this machine can reach what is served, and no customer's real books are at stake:
/// then, and only then, a master key is made when none is given.
bool is_for_this_machine_only(const Settings& settings);

/// The values in a TOML file; errors name an unknown key and the known one nearest to it.
Result<Values> read_config_file(const std::string& path);

}  // namespace rekey::config
