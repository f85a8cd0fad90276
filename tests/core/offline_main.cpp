// `replay` and `graph` without the rest of the program, so that the core's tests need no backend.
#include <cstdio>
#include <cstring>

#include "native/cli/command.hpp"

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "replay") == 0)
    return rekey::cli::run_replay(argc - 1, argv + 1);
  if (argc > 1 && std::strcmp(argv[1], "graph") == 0)
    return rekey::cli::run_graph(argc - 1, argv + 1);
  std::fprintf(stderr, "replay or graph?\n");
  return 2;
}
