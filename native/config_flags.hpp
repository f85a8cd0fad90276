// The settings as flags of a command.
#pragma once

#include <string_view>
#include <vector>

#include "native/config.hpp"

namespace CLI {
class App;
}

namespace rekey::config {

/// Gives the command a flag for each setting (or for those named in `only`) and for `--config`;
/// help says the environment variable and the default of each. What is given is put into `flags`,
/// which must live as long as the command.
void add_settings(CLI::App& command, Values& flags, const std::vector<std::string_view>& only = {});

}  // namespace rekey::config
