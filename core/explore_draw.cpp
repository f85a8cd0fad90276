#include "core/explore_draw.hpp"

#include "core/wire/machine.hpp"

namespace rekey::explore {

namespace {

Machine owner_of(const Event& event) {
  constexpr auto connects = std::variant_size_v<connect::Event>;
  if (event.index() < connects) return Machine::connect;
  return event.index() < connects + std::variant_size_v<imports::Event> ? Machine::import
                                                                        : Machine::save;
}

/// Whether the time of just one machine has come; several at once would blur what each leads to.
bool one_is_due(const Taken& taken) {
  int reached = 0;
  for (const auto& each : {connect::due(taken.state.connect), imports::due(taken.state.import),
                           save::due(taken.state.save)})
    if (each && *each <= taken.now) ++reached;
  return reached == 1;
}

template <class Part>
void note(Drawn& drawn, Machine machine, const Taken& taken, Part State::*part) {
  const auto& before = taken.state.*part;
  const auto& after = taken.step.next.*part;
  const bool clock = std::holds_alternative<TimeReached>(taken.event);
  const bool own = !clock && owner_of(taken.event) == machine;
  if (!own && (taken.step.refused || before == after)) return;
  if (clock && !one_is_due(taken)) return;
  auto& ways = drawn[type_of(before.phase)][type_of(taken.event)];
  if (taken.step.refused) {
    ways.refused.insert(std::string(wire::name_of(*taken.step.refused)));
    return;
  }
  auto& way = ways.ways[type_of(after.phase)];
  ++way.times;
  std::set<std::string> effects;
  for (const auto& each : taken.step.effects) {
    const auto* notify = std::get_if<Notify>(&each);
    effects.insert(notify ? "notify " + std::string(wire::name_of(notify->note)) : type_of(each));
  }
  for (const auto& each : effects) ++way.effects[each];
}

template <class Phase>
struct phase_names;
template <class... P>
struct phase_names<std::variant<P...>> {
  static std::vector<std::string> all() { return {std::string(P::type)...}; }
};

/// In the order in which the rules name them.
std::vector<std::string> phases_of(Machine machine) {
  if (machine == Machine::connect) return phase_names<connect::Phase>::all();
  if (machine == Machine::import) return phase_names<imports::Phase>::all();
  return phase_names<save::Phase>::all();
}
std::vector<std::string> all_events() {
  return phase_names<Event>::all();
}

/// Effects that come only sometimes are in brackets.
std::string effects_text(const Ways::Way& way) {
  std::vector<std::string> all;
  for (const auto& [name, times] : way.effects)
    all.push_back(times == way.times ? name : "(" + name + ")");
  return joined(all, ", ");
}

void draw_cluster(std::string& out, const Drawn& drawn, Machine machine) {
  const std::string name(wire::name_of(machine));
  out += "  subgraph cluster_" + name + " {\n    label=\"" + name + "\";\n";
  for (const auto& phase : phases_of(machine))
    out += "    " + name + "_" + phase + " [label=\"" + phase + "\"];\n";
  for (const auto& phase : phases_of(machine)) {
    const auto at = drawn.find(phase);
    if (at == drawn.end()) continue;
    std::map<std::string, std::vector<std::string>> edges;
    for (const auto& event : all_events()) {
      const auto ways = at->second.find(event);
      if (ways == at->second.end()) continue;
      for (const auto& [next, way] : ways->second.ways) edges[next].push_back(event);
    }
    for (const auto& [next, events] : edges)
      out += "    " + name + "_" + phase + " -> " + name + "_" + next + " [label=\"" +
             joined(events, "\\n") + "\"];\n";
  }
  out += "  }\n";
}

std::string row(const std::vector<std::string>& cells) {
  return "| " + joined(cells, " | ") + " |\n";
}

}  // namespace

const Drawn& Sketch::of(Machine machine) const {
  if (machine == Machine::connect) return connect;
  return machine == Machine::import ? import : save;
}

Sketch sketch() {
  Sketch out;
  out.numbers = explore({}, [&](const Taken& taken) {
    note(out.connect, Machine::connect, taken, &State::connect);
    note(out.import, Machine::import, taken, &State::import);
    note(out.save, Machine::save, taken, &State::save);
  });
  // What the connect machine keeps in mind beside its phase, with the other two at their beginning.
  Scope closer;
  closer.import = closer.save = false;
  closer.revocations = 1;
  closer.trouble = true;
  explore(closer,
          [&](const Taken& taken) { note(out.connect, Machine::connect, taken, &State::connect); });
  return out;
}

std::string graphviz(const Sketch& sketch, const std::vector<Machine>& machines) {
  std::string out =
      "digraph rekey {\n"
      "  rankdir=LR;\n"
      "  fontname=\"sans-serif\";\n"
      "  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
      "  edge [fontname=\"sans-serif\", fontsize=9];\n";
  for (const auto machine : machines) draw_cluster(out, sketch.of(machine), machine);
  return out + "}\n";
}

std::string table(const Sketch& sketch, Machine machine) {
  std::string possible = row({"In", "event", "becomes", "effects", "refused as"}) +
                         row({"---", "---", "---", "---", "---"});
  std::string refused = row({"In", "refused as", "events"}) + row({"---", "---", "---"});
  for (const auto& phase : phases_of(machine)) {
    const auto at = sketch.of(machine).find(phase);
    if (at == sketch.of(machine).end()) continue;
    std::map<std::string, std::vector<std::string>> never;
    for (const auto& event : all_events()) {
      const auto ways = at->second.find(event);
      if (ways == at->second.end()) continue;
      const auto why = joined(ways->second.refused, ", ");
      if (ways->second.ways.empty()) never[why].push_back(event);
      for (const auto& [next, way] : ways->second.ways)
        possible += row({phase, event, next, effects_text(way), why});
    }
    for (const auto& [why, events] : never) refused += row({phase, why, joined(events, ", ")});
  }
  return possible + "\n" + refused;
}

}  // namespace rekey::explore
