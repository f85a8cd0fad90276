// `rekey graph`: the state machines, drawn from the rules themselves.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "core/explore_draw.hpp"
#include "core/refresh/explore.hpp"
#include "core/wire/fields.hpp"
#include "native/cli/command.hpp"
#include "native/cli/parse.hpp"

namespace rekey::cli {

int run_graph(int argc, char** argv) {
  using namespace explore;
  CLI::App command(
      "Prints the state machines of a connection as Graphviz, drawn from an exploration of every "
      "state it can be in: rekey graph | dot -Tsvg > rekey.svg",
      "rekey graph");
  std::string machine;
  bool tables = false;
  command
      .add_option("--machine", machine,
                  "Only this one: connect, import or save; or refresh, which each grant has")
      ->check(CLI::IsMember({"connect", "import", "save", "refresh"}));
  command.add_flag("--tables", tables, "Print tables in Markdown instead of a picture");
  if (const auto ended = parse(command, argc, argv)) return *ended;
  if (machine == "refresh") {
    std::fputs((tables ? refresh::table() : refresh::graphviz()).c_str(), stdout);
    return 0;
  }
  std::vector<Machine> wanted;
  for (const auto each : all_machines)
    if (machine.empty() || wire::name_of(each) == machine) wanted.push_back(each);
  const auto drawn = sketch();
  std::string out;
  if (!tables) out = graphviz(drawn, wanted);
  for (const auto each : wanted)
    if (tables)
      out += "## " + std::string(wire::name_of(each)) + "\n\n" + table(drawn, each) + "\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
  return 0;
}

}  // namespace rekey::cli
