#include "native/cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "native/config_url.hpp"

namespace rekey::cli {

namespace {

constexpr int wrong_use = 2;

/// Whether a flag by this name gives a secret, as people write such names.
bool names_secret(const std::string& flag) {
  const auto name = config::in_lower_case(flag);
  for (const char* word : {"secret", "pass", "key", "token"})
    if (name.find(word) != std::string::npos) return true;
  return false;
}

/// The argument by its place and, where nothing else can be in that, its name.
std::string which(const std::string& argument, int argc, char** argv) {
  std::string out = "an argument";
  for (int i = 1; i < argc; ++i)
    if (argument == argv[i]) out = "argument " + std::to_string(i + 1);  // after `rekey`
  const auto end = std::min(argument.find('='), argument.size());
  const auto name = argument.substr(0, end);
  const bool plain = name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || c == '-' || c == '_';
                     });
  // --secretx may be a name and its value.
  const bool whole = end < argument.size() || !names_secret(name);
  if (name.starts_with("--") && plain && whole) out += " (" + name + ")";
  return out;
}

}  // namespace

std::optional<int> parse(CLI::App& command, int argc, char** argv) {
  try {
    command.parse(argc, argv);
    return {};
  } catch (const CLI::ExtrasError&) {
    const auto unknown = command.remaining(true);
    std::string named;
    bool secret = false;
    for (const auto& each : unknown) {
      named += (named.empty() ? "" : ", ") + which(each, argc, argv);
      secret = secret || names_secret(each.substr(0, each.find('=')));
    }
    std::fprintf(stderr, "%s: not expected here: %s. `%s --help` says what is.%s\n",
                 command.get_name().c_str(), named.c_str(), command.get_name().c_str(),
                 secret ? " If there was a secret in it, change that secret: every user who can "
                          "list the programs that run could read it. Secrets come from the "
                          "environment or from a file."
                        : "");
    return wrong_use;
  } catch (const CLI::ParseError& error) {
    return command.exit(error) == 0 ? 0 : wrong_use;
  }
}

}  // namespace rekey::cli
