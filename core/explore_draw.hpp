// The state machines as pictures and tables, drawn from an exploration of the rules themselves.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/explore.hpp"

namespace rekey::explore {

/// The three machines that are side by side in a connection.
enum class Machine { connect, import, save };
constexpr std::array<std::string_view, 3> names_of(Machine) {
  return {"connect", "import", "save"};
}
constexpr std::array<Machine, 3> all_machines = {Machine::connect, Machine::import, Machine::save};

/// What an event leads to from one phase of a machine.
struct Ways {
  struct Way {
    std::size_t times = 0;
    std::map<std::string, std::size_t> effects;  ///< how many of those times with each
  };
  std::map<std::string, Way> ways;  ///< by the next phase
  std::set<std::string> refused;    ///< the reasons it may be refused for
};

/// What was found of one machine: by phase, by event. Events of other machines are there only where
/// they move this one.
using Drawn = std::map<std::string, std::map<std::string, Ways>>;

/// What was found of all three.
struct Sketch {
  Drawn connect, import, save;
  Numbers numbers;
  const Drawn& of(Machine machine) const;
};

/// Explores, and notes down what leads where.
Sketch sketch();

/// Graphviz of these machines: a cluster for each, a node for each phase, an edge for each pair
/// that an event leads from and to.
std::string graphviz(const Sketch& sketch, const std::vector<Machine>& machines);

/// Two tables in Markdown: what is possible in each phase, and what is refused there always. Every
/// pair of a phase and an event of this machine is in one of them.
std::string table(const Sketch& sketch, Machine machine);

}  // namespace rekey::explore
