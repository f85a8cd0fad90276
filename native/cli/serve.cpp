// `rekey serve`: the backend in deployment.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "core/text/catalogue.hpp"
#include "native/accounting/provider_source.hpp"
#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/cli/parse.hpp"
#include "native/cli/until_signal.hpp"
#include "native/config_flags.hpp"
#include "native/config_secrets.hpp"
#include "native/integrations.hpp"
#include "native/store/master_keys.hpp"
#include "native/store/schema.hpp"
#include "native/system/process.hpp"
#include "native/work/key_check.hpp"

namespace rekey::cli {

namespace {

// Without a master key given: to be tried out on one machine, it is kept beside the database.
void use_embedded_key(config::Settings& settings) {
  const bool given = !settings.master_key_file.empty() || !settings.master_key.empty() ||
                     !settings.master_key_command.empty();
  if (given || !config::is_for_this_machine_only(settings)) return;
  // A server is for others too, and has no place beside it.
  if (store::names_postgres(settings.database)) return;
  const auto path = settings.database + ".key";
  if (!std::filesystem::exists(path)) {
    store::Databases databases(settings.database);
    auto db = databases.borrow();
    store::prepare_schema(*db);
    const auto known = store::known_master_keys(*db);
    if (!work::data_keys_by_master_key(*db).empty())
      throw std::runtime_error(text::fill(
          "There are credentials in {database}, but the master key they were sealed under "
          "is not in {path}. Put it back, or give the key that was used.",
          {{"database", settings.database}, {"path", path}}));
    // Nothing is sealed under what it knew.
    for (const auto& each : known) (void)store::forget_master_key(*db, each.id);
    if (const auto made = vault::make_key_file(path); !made)
      throw std::runtime_error(made.error().hint);
    log::warning("keys.made", {{"file", path}});
  }
  settings.master_key_file = path;
}

config::Settings settings_of(const config::Values& flags) {
  auto settings = config::read_settings(flags, config::process_environment());
  if (!settings) throw std::runtime_error(settings.error().hint);
  config::forget_secrets(*settings);
  settings->provider_is_live = accounting::is_live(settings->provider, integrations());
  if (!settings->database_password.empty() && !config::shows_password(settings->database))
    settings->database =
        store::with_password(settings->database, settings->database_password.reveal());
  use_embedded_key(*settings);
  if (const auto good = config::check_for_serve(*settings); !good)
    throw std::runtime_error(good.error().hint);
  return std::move(*settings);
}

std::string address_of(const config::Settings& settings, const std::string& address,
                       unsigned short port) {
  const bool v6 = address.find(':') != std::string::npos;
  return std::string(settings.tls_certificate.empty() ? "http" : "https") + "://" +
         (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

void serve(config::Settings settings, bool json) {
  const UntilSignal stopping;
  system::survive_full_files();
  log::set_level(settings.log_level);
  const auto outbound = make_outbound();
  auto provider = accounting::load_provider(settings.provider, integrations(), *outbound.client);
  if (!provider) throw std::runtime_error(provider.error().hint);
  if (!settings.scopes.empty()) provider->scopes = settings.scopes;
  if (const auto complete = oauth::check_complete(*provider); !complete)
    throw std::runtime_error(complete.error().hint);
  const auto page_dir = settings.page_dir.empty() ? default_page_dir() : settings.page_dir;
  App app(settings);
  if (settings.public_url.empty())
    settings.public_url = address_of(settings, settings.listen_address, app.port());
  app.start(settings, std::move(*provider), outbound, page_dir);
  if (json) {
    wire::Json line{{"api", settings.public_url}};
    if (const auto port = app.api_port())
      line["host_api"] = address_of(settings, settings.api_address, *port);
    std::printf("%s\n", wire::dump(line).c_str());
    std::fflush(stdout);
  }
  log::info("serve.ready", {{"url", settings.public_url}});
  stopping.wait();
  log::info("serve.stopping", {});
}

}  // namespace

int run_serve(int argc, char** argv) {
  CLI::App command("Serves the page, the host API and the work behind them.", "rekey serve");
  config::Values flags;
  bool json = false;
  config::add_settings(command, flags);
  command.add_flag("--json", json, "Print one line of JSON when ready, for programs");
  if (const auto ended = parse(command, argc, argv)) return *ended;
  try {
    serve(settings_of(flags), json);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey serve: %s\n", error.what());
    return 1;
  }
}

}  // namespace rekey::cli
