// Reads the arguments of a subcommand without ever repeating one that it does not know: it may be a
// secret under a misspelt name.
#pragma once

#include <optional>

namespace CLI {
class App;
}

namespace rekey::cli {

/// Nothing: they were read. Otherwise the process's exit status, after the help or a complaint was
/// printed.
std::optional<int> parse(CLI::App& command, int argc, char** argv);

}  // namespace rekey::cli
