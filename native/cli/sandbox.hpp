// `rekey sandbox`: a local Intuit in a process of its own.
#pragma once

namespace rekey::cli {

/// Runs until it is told to stop (SIGINT, SIGTERM). `argv[0]` is the subcommand's own name. The
/// result is the process's exit status.
int run_sandbox(int argc, char** argv);

}  // namespace rekey::cli
