// `rekey serve`: the backend in deployment.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/cli/until_signal.hpp"
#include "native/config_flags.hpp"
#include "native/intuit/provider_source.hpp"

namespace rekey::cli {

namespace {

config::Settings settings_of(const config::Values& flags) {
  auto settings = config::read_settings(flags, config::process_environment());
  if (!settings) throw std::runtime_error(settings.error().hint);
  if (const auto good = config::check_for_serve(*settings); !good)
    throw std::runtime_error(good.error().hint);
  return std::move(*settings);
}

void serve(config::Settings settings, bool json) {
  const UntilSignal stopping;
  log::set_level(settings.log_level);
  const auto client = make_outbound_client();
  auto provider = intuit::load_provider(settings.provider, *client);
  if (!provider) throw std::runtime_error(provider.error().hint);
  const auto page_dir = settings.page_dir.empty() ? default_page_dir() : settings.page_dir;
  App app(settings);
  if (settings.public_url.empty())
    settings.public_url = std::string(settings.https ? "https" : "http") + "://" +
                          (settings.listen_address.find(':') == std::string::npos
                               ? settings.listen_address
                               : "[" + settings.listen_address + "]") +
                          ":" + std::to_string(app.port());
  app.start(settings, std::move(*provider), client, page_dir);
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
