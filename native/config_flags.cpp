#include "native/config_flags.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "core/text/catalogue.hpp"

namespace rekey::config {
namespace {

std::string help_of(const Setting& setting) {
  std::string help = setting.help;
  if (*setting.fallback != '\0') help += std::string(" Default: ") + setting.fallback + ".";
  return help + " [" + environment_name(setting.name) + "]";
}

}  // namespace

void add_settings(CLI::App& command, Values& flags, const std::vector<std::string_view>& only) {
  command
      .add_option_function<std::string>(
          "--config", [&flags](const std::string& value) { flags["config"] = value; },
          "A TOML file with any of these settings, by the same names. [REKEY_CONFIG]")
      ->type_name("FILE");
  std::string secrets;
  for (const Setting& setting : all_settings()) {
    if (!only.empty() && std::find(only.begin(), only.end(), setting.name) == only.end()) continue;
    const std::string name = setting.name;
    auto* option = command.add_option_function<std::string>(
        "--" + name, [&flags, name](const std::string& value) { flags[name] = value; },
        help_of(setting));
    option->type_name(setting.placeholder);
    if (!setting.secret) continue;
    // Known, so that a secret given this way is refused without being repeated; but not offered.
    option->group("");
    secrets += "\n  " + environment_name(name) + "  " + setting.help;
  }
  if (!secrets.empty())
    command.footer(text::fill("Secrets, from the environment only:{list}", {{"list", secrets}}));
}

}  // namespace rekey::config
