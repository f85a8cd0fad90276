#include "core/refresh/explore.hpp"
#include "core/refresh/policy.hpp"
#include "core/wire/json.hpp"

namespace rekey::refresh {

namespace {

using explore::joined;
using explore::type_of;

/// What each event leads to from each phase.
struct Ways {
  std::map<std::string, std::set<std::string>> next;  ///< actions, by the next phase
  std::set<std::string> refused;
};
using Drawn = std::map<std::string, std::map<std::string, Ways>>;

const Drawn& drawn() {
  static const auto all = [] {
    Drawn out;
    explore([&](const Explored& taken) {
      auto& ways = out[type_of(taken.state.phase)][type_of(taken.event)];
      if (taken.step.refused) {
        ways.refused.insert(std::string(wire::name_of(*taken.step.refused)));
        return;
      }
      auto& actions = ways.next[type_of(taken.step.next.phase)];
      for (const auto& each : taken.step.actions) actions.insert(type_of(each));
    });
    return out;
  }();
  return all;
}

std::string length_of(Millis span) {
  using namespace std::chrono;
  if (span % hours{24} == Millis{0}) return std::to_string(span / hours{24}) + " d";
  if (span % hours{1} == Millis{0}) return std::to_string(span / hours{1}) + " h";
  if (span % minutes{1} == Millis{0}) return std::to_string(span / minutes{1}) + " min";
  if (span % seconds{1} == Millis{0}) return std::to_string(span / seconds{1}) + " s";
  return std::to_string(span.count()) + " ms";
}

}  // namespace

std::string graphviz() {
  std::string out =
      "digraph refresh {\n"
      "  rankdir=LR;\n"
      "  fontname=\"sans-serif\";\n"
      "  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
      "  edge [fontname=\"sans-serif\", fontsize=9];\n";
  for (const auto& [phase, events] : drawn()) {
    std::map<std::string, std::vector<std::string>> edges;
    for (const auto& [event, ways] : events)
      for (const auto& [next, actions] : ways.next)
        if (next != phase) edges[next].push_back(event);
    out += "  " + phase + ";\n";
    for (const auto& [next, names] : edges)
      out += "  " + phase + " -> " + next + " [label=\"" + joined(names, "\\n") + "\"];\n";
  }
  return out + "}\n";
}

std::string table() {
  std::string out =
      "| In | event | becomes | actions that may follow | refused as |\n"
      "| --- | --- | --- | --- | --- |\n";
  for (const auto& [phase, events] : drawn())
    for (const auto& [event, ways] : events) {
      const auto why = joined(ways.refused, ", ");
      if (ways.next.empty()) out += "| " + phase + " | " + event + " | | | " + why + " |\n";
      for (const auto& [next, actions] : ways.next)
        out += "| " + phase + " | " + event + " | " + next + " | " + joined(actions, ", ") + " | " +
               why + " |\n";
    }
  return out;
}

std::string policy_table() {
  std::string out = "| number | value | why |\n| --- | --- | --- |\n";
  const auto row = [&](std::string_view name, const std::string& value, std::string_view reason) {
    out += "| `" + std::string(name) + "` | " + value + " | " + std::string(reason) + " |\n";
  };
  for (const auto& each : policy::spans) row(each.name, length_of(each.value), each.reason);
  for (const auto& each : policy::parts)
    row(each.name, "1/" + std::to_string(each.value), each.reason);
  for (const auto& each : policy::counts) row(each.name, std::to_string(each.value), each.reason);
  return out;
}

}  // namespace rekey::refresh
