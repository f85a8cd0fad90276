// The subcommands that need no backend: they show the rules themselves and what they make of a
// stored history. `argv[0]` is the subcommand's own name; the result is the exit status: 0 done,
// 1 could not be done, 2 wrong use.
#pragma once

namespace rekey::cli {

/// `rekey replay FILE.jsonl`: steps through a stored history and shows what came of each event.
int run_replay(int argc, char** argv);
/// `rekey graph`: the state machines as Graphviz or as tables.
int run_graph(int argc, char** argv);

}  // namespace rekey::cli
