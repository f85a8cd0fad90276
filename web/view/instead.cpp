// What is shown while there is nothing else to show.
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

/// One button for each firm whose page this browser may show.
void firms(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const bool choosing = model.stage == Stage::choose;
  std::string chosen;
  for (const auto& each : model.open) {
    const auto who = firm_and_person(each.firm, each.user);
    const auto name = choosing ? who : say("button.go_on", {{"tenant", who}});
    if (ui.button({.name = name,
                   .icon = choosing ? Icon::building_2 : Icon::none,
                   .key = each.connection}))
      chosen = each.connection;
  }
  if (!chosen.empty()) live.session.go_on(chosen);
}

void buttons(Ui& ui, LivePage& live) {
  const auto stage = live.model().stage;
  if (stage == Stage::choose) firms(ui, live);
  way_back(ui, live.model(), stage != Stage::unreachable && stage != Stage::choose);
  if (stage == Stage::no_backend && ui.button({.name = say("button.try_offline"),
                                               .kind = ButtonKind::primary,
                                               .icon = Icon::play,
                                               .key = "offline"}))
    live.session.try_offline();
  if (stage != Stage::choose) firms(ui, live);
  const bool again =
      stage == Stage::no_backend || stage == Stage::unreachable || stage == Stage::no_session;
  if (again &&
      ui.button({.name = say("button.try_again"), .icon = Icon::refresh_cw, .key = "try_again"}))
    live.session.start_again();
}

/// Whose link was opened, and what else is open: the answer is the person's alone.
void question(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& asked = model.asked;
  const bool named = !asked.user.empty();
  const auto text = say(named ? "question.text_person" : "question.text",
                        {{"firm", asked.firm}, {"person", asked.user}});
  std::vector<std::string> open;
  for (const auto& each : model.open) open.push_back(firm_and_person(each.firm, each.user));
  const auto words =
      open.empty() ? text : text + " " + say("question.open", {{"firms", listed(open)}});
  ui.banner({.tone = Tone::warning,
             .title = say("question.title", {{"firm", asked.firm}}),
             .text = words,
             .key = "question"},
            [&] {
              if (ui.button({.name = say("button.open", {{"firm", asked.firm}}),
                             .kind = ButtonKind::primary,
                             .key = "open"}))
                live.session.open_link();
              way_back(ui, model, false);
              const auto stay = model.open.size() == 1
                                    ? say("button.stay", {{"company", model.open.front().firm}})
                                    : say("button.leave_as_it_is");
              if (ui.button({.name = stay, .key = "stay"})) live.session.keep_as_it_is();
            });
  foreign_tile(ui, live);
}

}  // namespace

void instead(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  ui.heading(1, say("page.heading"));
  if (model.stage == Stage::starting) {
    ui.loading(say("page.loading"));
    ui.skeleton(5);
    return;
  }
  if (model.stage == Stage::question) return question(ui, live);
  auto message = model.why_not_ready;
  message.values.emplace_back("host", model.host());
  message.values.emplace_back("firm", model.page.tenant);
  const auto title = say(message.title, message.values);
  const auto words = words_of(message);
  ui.banner({.tone = message.tone, .title = title, .text = words, .key = "instead"},
            [&] { buttons(ui, live); });
}

}  // namespace rekey::web::view
