#include "web/model/next_story.hpp"

#include "core/overloaded.hpp"
#include "web/model/story.hpp"

namespace rekey::web {

namespace {

/// Of a connection that works: the import, the mappings, the save.
const char* after_connecting(const Model& model, const connect::Linked& phase) {
  const auto& state = model.page.state;
  if (std::holds_alternative<imports::Running>(state.import.phase)) return "help.next.importing";
  if (std::holds_alternative<imports::Failed>(state.import.phase)) return "help.next.stopped";
  const auto* done = std::get_if<imports::Done>(&state.import.phase);
  if (done && !done->applied) return "help.next.imported";
  if (phase.risk) return "help.next.at_risk";
  if (!done) return "help.next.linked";
  if (!std::holds_alternative<save::Saved>(state.save.phase)) return "help.next.check";
  return open_lines(model) > 0 ? "help.next.open" : "help.next.done";
}

const char* next_id(const Model& model) {
  if (model.stage != Stage::ready) return "help.next.away";
  if (model.returning || model.company_question) return "help.next.finishing";
  const bool open = tile_is_open(model);
  return std::visit(
      Overloaded{[](const connect::Legacy&) { return "help.next.legacy"; },
                 [&](const connect::Linked& phase) { return after_connecting(model, phase); },
                 [](const connect::Broken&) { return "help.next.broken"; },
                 [](const connect::Authorizing&) { return "help.next.authorizing"; },
                 [](const connect::Exchanging&) { return "help.next.finishing"; },
                 [](const connect::Proving&) { return "help.next.finishing"; },
                 [](const connect::Confirming&) { return "help.next.confirming"; },
                 [&](const connect::Unlinked&) {
                   return open ? "help.next.connect" : "help.next.turn_on";
                 },
                 [](const connect::Disconnecting&) { return "help.next.disconnecting"; }},
      model.page.state.connect.phase);
}

}  // namespace

std::string next_words(const Model& model) {
  return say(next_id(model), {{"host", model.host()}});
}

}  // namespace rekey::web
