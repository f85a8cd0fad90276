// `rekey master-key FILE`: the key that everything is sealed under.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "native/cli/command.hpp"
#include "native/vault/vault.hpp"

namespace rekey::cli {

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
