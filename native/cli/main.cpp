// `rekey`: which subcommand was meant.
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "native/cli/command.hpp"
#include "native/config_secrets.hpp"
#include "native/log.hpp"
#include "native/system/process.hpp"

namespace {

struct Command {
  const char* name;
  int (*run)(int, char**);
  const char* help;
  bool serves = false;  ///< goes on until it is told to stop
  bool secrets = true;  ///< holds some: keys, tokens, a database that has them
};

constexpr Command commands[] = {
    {"serve", rekey::cli::run_serve, "the backend: page, host API, workers", true},
    {"demo", rekey::cli::run_demo, "backend and sandbox together, with a made-up customer", true},
    {"sandbox", rekey::cli::run_sandbox, "a local Intuit, to try and test against", true, false},
    {"api-key", rekey::cli::run_api_key, "API keys of host applications"},
    {"keys", rekey::cli::run_keys, "the master keys that everything is sealed under"},
    {"doctor", rekey::cli::run_doctor, "how every connection is, and what to do"},
    {"grants", rekey::cli::run_grants, "move grants in from elsewhere, and out again"},
    {"webhook", rekey::cli::run_webhook, "where the host is told of what happens"},
    {"match", rekey::cli::run_match, "which records of two files are the same, offline", false,
     false},
    {"replay", rekey::cli::run_replay, "step through a stored history, offline", false, false},
    {"graph", rekey::cli::run_graph, "the state machine as Graphviz", false, false},
};

int run(const Command& command, int argc, char** argv) {
  if (command.secrets) rekey::system::hide_memory();
  // A person at a terminal asked for one thing, and is not shown the log around its answer.
  if (!command.serves && ::isatty(STDERR_FILENO) == 1)
    rekey::log::set_level(rekey::log::Level::warning);
  return command.run(argc, argv);
}

void usage(std::FILE* to) {
  std::fprintf(to, "rekey %s: moves customers from one accounting connection to the next\n\n",
               REKEY_VERSION);
  for (const auto& each : commands) std::fprintf(to, "  rekey %-11s %s\n", each.name, each.help);
  std::fprintf(to, "\n`rekey COMMAND --help` says more.\n");
}

}  // namespace

int main(int argc, char** argv) {
  // By default each thread gets a part of memory of its own, which keeps what was once used.
  mallopt(M_ARENA_MAX, 2);
  // And large pieces, once given back, would be kept for the next one of that size.
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
  if (argc < 2) {
    usage(stderr);
    return 2;
  }
  if (const auto complaint = rekey::config::complaint_of(argc, argv); !complaint.empty()) {
    std::fprintf(stderr, "rekey: %s\n", complaint.c_str());
    return 2;
  }
  for (const auto& each : commands)
    if (std::strcmp(argv[1], each.name) == 0) return run(each, argc - 1, argv + 1);
  if (std::strcmp(argv[1], "--help") == 0 || std::strcmp(argv[1], "-h") == 0) {
    usage(stdout);
    return 0;
  }
  if (std::strcmp(argv[1], "--version") == 0) {
    std::printf("rekey %s\n", REKEY_VERSION);
    return 0;
  }
  // A flag before the command may be a secret.
  const bool a_word = argv[1][0] != '-' && std::strchr(argv[1], '=') == nullptr;
  std::fprintf(stderr, "rekey: there is no command \"%.40s\".\n\n", a_word ? argv[1] : "-…");
  usage(stderr);
  return 2;
}
