// `rekey serve`: the backend in deployment.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/cli/until_signal.hpp"
#include "native/config_flags.hpp"
#include "native/intuit/provider_source.hpp"
#include "native/store/schema.hpp"
#include "native/work/key_keeper.hpp"

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
    if (!work::data_keys_by_master_key(*db).empty())
      throw std::runtime_error("There are credentials in " + settings.database +
                               ", but the master key they were sealed under is not in " + path +
                               ". Put it back, or give the key that was used.");
    if (const auto made = vault::make_key_file(path); !made)
      throw std::runtime_error(made.error().hint);
    log::warning("keys.made", {{"file", path}});
  }
  settings.master_key_file = path;
}

config::Settings settings_of(const config::Values& flags) {
  auto settings = config::read_settings(flags, config::process_environment());
  if (!settings) throw std::runtime_error(settings.error().hint);
  use_embedded_key(*settings);
  if (const auto good = config::check_for_serve(*settings); !good)
    throw std::runtime_error(good.error().hint);
  return std::move(*settings);
}

void serve(config::Settings settings, bool json) {
  const UntilSignal stopping;
  log::set_level(settings.log_level);
  const auto outbound = make_outbound();
  auto provider = intuit::load_provider(settings.provider, *outbound.client);
  if (!provider) throw std::runtime_error(provider.error().hint);
  const auto page_dir = settings.page_dir.empty() ? default_page_dir() : settings.page_dir;
  App app(settings);
  if (settings.public_url.empty())
    settings.public_url = std::string(settings.https ? "https" : "http") + "://" +
                          (settings.listen_address.find(':') == std::string::npos
                               ? settings.listen_address
                               : "[" + settings.listen_address + "]") +
                          ":" + std::to_string(app.port());
  app.start(settings, std::move(*provider), outbound, page_dir);
  if (json) {
    std::printf("%s\n", wire::dump({{"api", settings.public_url}}).c_str());
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
  CLI11_PARSE(command, argc, argv);
  try {
    serve(settings_of(flags), json);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey serve: %s\n", error.what());
    return 1;
  }
}

}  // namespace rekey::cli
