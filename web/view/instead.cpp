// What is shown while there is nothing else to show.
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

void buttons(Ui& ui, App& app) {
  const auto& model = app.model();
  switch (model.stage) {
    case Stage::stale_link: {
      const auto name = say("button.go_on", {{"tenant", model.page.tenant}});
      if (ui.button({.name = name, .key = "go_on"})) app.go_on();
      return;
    }
    case Stage::no_backend:
      if (ui.button({.name = say("button.try_offline"),
                     .kind = ButtonKind::primary,
                     .icon = Icon::play,
                     .key = "offline"}))
        app.try_offline();
      [[fallthrough]];
    case Stage::unreachable:
    case Stage::no_session:
      if (ui.button(
              {.name = say("button.try_again"), .icon = Icon::refresh_cw, .key = "try_again"}))
        app.start_again();
      return;
    case Stage::starting:
    case Stage::ready:
      return;
  }
}

}  // namespace

void instead(Ui& ui, App& app) {
  const auto& model = app.model();
  ui.heading(1, say("page.heading"));
  if (model.stage == Stage::starting) {
    ui.loading(say("page.loading"));
    ui.skeleton(5);
    return;
  }
  const auto& message = model.why_not_ready;
  const auto title = say(message.title, message.values);
  const auto words = words_of(message);
  ui.banner({.tone = message.tone, .title = title, .text = words, .key = "instead"},
            [&] { buttons(ui, app); });
}

}  // namespace rekey::web::view
