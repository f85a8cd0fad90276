// `rekey api-key add NAME` and `rekey master-key FILE`: the two keys a deployment begins with.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/config_flags.hpp"
#include "native/store/schema.hpp"

namespace rekey::cli {

int run_api_key(int argc, char** argv) {
  CLI::App command("API keys of host applications.", "rekey api-key");
  command.require_subcommand(1);
  auto* add = command.add_subcommand("add", "Makes a key and prints it, this once");
  config::Values flags;
  std::string name;
  add->add_option("name", name, "What the key is for, for people")->required();
  config::add_settings(*add, flags, {"database"});
  CLI11_PARSE(command, argc, argv);
  try {
    const auto settings = config::read_settings(flags, config::process_environment());
    if (!settings) throw std::runtime_error(settings.error().hint);
    store::Databases databases(settings->database);
    {
      auto db = databases.borrow();
      store::prepare_schema(*db);
    }
    std::printf("%s\n", add_api_key(databases, name, system_now()).c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey api-key: %s\n", error.what());
    return 1;
  }
}

int run_master_key(int argc, char** argv) {
  CLI::App command("Makes a file with a new master key, readable by you only.", "rekey master-key");
  std::string path;
  command.add_option("file", path, "The file to make; it is never overwritten")->required();
  CLI11_PARSE(command, argc, argv);
  const auto made = vault::make_key_file(path);
  if (made) return 0;
  std::fprintf(stderr, "rekey master-key: %s\n", made.error().hint.c_str());
  return 1;
}

}  // namespace rekey::cli
