// `rekey replay FILE.jsonl`: a stored history, stepped through again without a backend.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "core/history.hpp"
#include "core/text/catalogue.hpp"
#include "core/wire/machine.hpp"
#include "native/cli/command.hpp"
#include "native/cli/parse.hpp"
#include "native/system/rfc3339.hpp"

namespace rekey::cli {

namespace {

template <class Variant>
std::string type_of(const Variant& value) {
  return std::visit(
      [](const auto& each) { return std::string(std::decay_t<decltype(each)>::type); }, value);
}

std::string company(const connect::Company& company) {
  return company.name.empty() ? company.realm_id : company.name + " (" + company.realm_id + ")";
}

/// The fields of a value other than its type and its times, which stand beside it already.
std::string details(const wire::Json& json) {
  std::string out;
  for (const auto& [name, value] : json.items()) {
    if (name == "type" || name == "lifetimes" || name == "spares_grants" || value.is_null())
      continue;
    out += "  " + name + ": ";
    if (name == "company" || name == "found" || name == "last") {
      connect::Company one;
      std::string wrong;
      out += wire::read(value, one, wrong) ? company(one) : wire::dump(value);
    } else if (name == "since" || name == "expires") {
      out += rfc3339(from_ms(value.get<std::int64_t>()));
    } else {
      out += value.is_string() ? value.get<std::string>() : wire::dump(value);
    }
  }
  return out;
}

std::string link_text(const connect::State& state) {
  std::string out = type_of(state.phase);
  std::visit(
      [&](const auto& phase) {
        if constexpr (requires { phase.found; }) out += ", found " + company(phase.found);
        if constexpr (requires { phase.company; }) out += ", " + company(phase.company);
        if constexpr (requires { phase.version; })
          out += ", grant " + std::to_string(phase.version);
        if constexpr (requires { phase.reason; })
          out += ", " + std::string(wire::name_of(phase.reason));
        if constexpr (requires { phase.from; }) out += ", from " + type_of(phase.from);
      },
      state.phase);
  for (const auto& each : state.revocations)
    out += text::fill(
        each.version == 0
            ? (each.given_up ? "; the OAuth 1.0a connection was never confirmed to be ended"
                             : "; the OAuth 1.0a connection is to be ended")
            : (each.given_up ? "; grant {version} was never confirmed to be ended"
                             : "; grant {version} is to be ended"),
        {{"version", std::to_string(each.version)}});
  return out;
}

std::string import_text(const imports::State& state) {
  std::string out = type_of(state.phase);
  std::visit(
      [&](const auto& phase) {
        if constexpr (requires { phase.reason; })
          out += ", " + std::string(wire::name_of(phase.reason));
        if constexpr (requires { phase.applied; }) out += phase.applied ? ", applied" : "";
        if constexpr (requires { phase.progress; }) {
          if (const auto* next = imports::next_entity(phase.progress)) {
            out +=
                ", " + std::string(wire::name_of(next->entity)) + " " + std::to_string(next->done);
            if (next->total) out += " of " + std::to_string(*next->total);
          }
        }
      },
      state.phase);
  for (const auto& each : imports::lists_left_out(state))
    out += ", without " + std::string(wire::name_of(each.entity));
  return state.run > 0 ? out + ", run " + std::to_string(state.run) : out;
}

std::string save_text(const save::State& state) {
  const auto phase = type_of(state.phase);
  return state.revision > 0 ? phase + ", revision " + std::to_string(state.revision) : phase;
}

void print_effects(const Effects& effects, const text::Catalogue& english) {
  for (const auto& each : effects) {
    if (const auto* note = std::get_if<Notify>(&each)) {
      const auto words =
          english.say("note." + std::string(wire::name_of(note->note)), {{"detail", note->detail}});
      std::printf("        tell     %s%s\n", words.c_str(),
                  note->detail.empty() ? "" : ("  [" + note->detail + "]").c_str());
    } else {
      std::printf("        do       %s%s\n", type_of(each).c_str(),
                  details(wire::write(each)).c_str());
    }
  }
}

void print_changes(const State& before, const State& after) {
  if (!(before.connect == after.connect))
    std::printf("        connect  %s\n", link_text(after.connect).c_str());
  if (!(before.import == after.import))
    std::printf("        import   %s\n", import_text(after.import).c_str());
  if (!(before.save == after.save))
    std::printf("        save     %s\n", save_text(after.save).c_str());
}

void print_for_people(const history::Replayed& one, const State& before,
                      const text::Catalogue& english) {
  std::printf("%5lld  %s  %s%s\n", static_cast<long long>(one.seq), rfc3339(one.at).c_str(),
              type_of(one.event).c_str(), details(wire::write(one.event)).c_str());
  if (one.refused) {
    const std::string name(wire::name_of(*one.refused));
    std::printf("        refused  %s: %s\n", name.c_str(), english.say("refused." + name).c_str());
  }
  print_changes(before, one.state);
  print_effects(one.effects, english);
}

void print_end(const State& state, long events, long refused) {
  std::printf("\n%ld events, %ld of them refused. Now:\n", events, refused);
  std::printf("        connect  %s\n        import   %s\n        save     %s\n",
              link_text(state.connect).c_str(), import_text(state.import).c_str(),
              save_text(state.save).c_str());
  if (const auto when = due(state))
    std::printf("        the clock is to be heard at %s\n", rfc3339(*when).c_str());
}

int replay_from(std::istream& in, bool as_json) {
  const auto english = text::Catalogue::english();
  history::Replay replay;
  long events = 0, refused = 0;
  for (std::string line; std::getline(in, line);) {
    const State before = replay.state();
    const auto one = replay.take(line);
    if (!one) {
      std::fflush(stdout);
      std::fprintf(stderr, "rekey replay: %s\n", one.error().hint.c_str());
      return 1;
    }
    if (!*one) continue;
    ++events;
    if ((*one)->refused) ++refused;
    if (as_json) {
      std::printf("%s\n", wire::dump(wire::write(**one)).c_str());
    } else {
      print_for_people(**one, before, english);
    }
  }
  if (!as_json) print_end(replay.state(), events, refused);
  return 0;
}

}  // namespace

int run_replay(int argc, char** argv) {
  CLI::App command(
      "Steps through the stored history of a connection, offline, and shows what came of each "
      "event.",
      "rekey replay");
  std::string path;
  bool as_json = false;
  command
      .add_option("file", path,
                  "The history, a line of JSON for each event ({\"at\": ms, \"event\": {...}}); "
                  "- reads standard input")
      ->required();
  command.add_flag("--json", as_json, "Print a line of JSON for each event");
  if (const auto ended = parse(command, argc, argv)) return *ended;
  if (path == "-") return replay_from(std::cin, as_json);
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr,
                 "rekey replay: %s cannot be read, so nothing was replayed. Check the path.\n",
                 path.c_str());
    return 1;
  }
  return replay_from(file, as_json);
}

}  // namespace rekey::cli
