// The subcommands of `rekey`, one file each. `argv[0]` is the subcommand's own name; the result is
// the process's exit status: 0 done, 1 could not be done, 2 wrong use.
#pragma once

namespace rekey::cli {

int run_serve(int argc, char** argv);
int run_demo(int argc, char** argv);
int run_api_key(int argc, char** argv);
int run_keys(int argc, char** argv);
int run_doctor(int argc, char** argv);
int run_grants(int argc, char** argv);
int run_webhook(int argc, char** argv);
int run_sandbox(int argc, char** argv);
int run_match(int argc, char** argv);
int run_replay(int argc, char** argv);
int run_graph(int argc, char** argv);

}  // namespace rekey::cli
