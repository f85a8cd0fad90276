// What is asked before a grant that works is ended.
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

void points(Ui& ui, std::string_view heading, Icon sign, Tone tone,
            std::initializer_list<std::string> sentences) {
  const auto title = say(heading);
  ui.text(title, {.strong = true});  // a heading would take the focus from the first button
  ui.list({.name = title, .gap = 4, .dividers = false, .key = heading}, [&] {
    for (const auto& each : sentences)
      if (!each.empty())
        ui.list_item(each, [&] {
          ui.row({.gap = 8, .align = Align::start, .wrap = false}, [&] {
            ui.icon(sign, tone, 20);
            ui.text(each, {.grow = 1, .key = "sentence"});
          });
        });
  });
}

}  // namespace

void disconnect_question(Ui& ui, LivePage& live) {
  auto& model = live.model();
  // What it is about may have ended meanwhile, in another tab.
  if (!turning_off_ends_grant(model)) model.disconnect_asked = false;
  if (!model.disconnect_asked) return;
  const auto& state = model.page.state;
  const auto* linked = connect::live_grant(state.connect);
  const auto company = linked->company.name.empty() ? say("company.unnamed") : linked->company.name;
  const Values values{{"company", company}, {"host", model.page.host}};
  const bool importing = std::holds_alternative<imports::Running>(state.import.phase);
  bool open = true, yes = false;
  ui.dialog({.name = say("disconnect.title", values), .tone = Tone::warning, .calm = true}, open,
            [&] {
              points(ui, "disconnect.stops", Icon::circle_x, Tone::danger,
                     {say("disconnect.stops.host", values),
                      importing ? say("disconnect.stops.import") : std::string()});
              points(ui, "disconnect.kept", Icon::shield_check, Tone::success,
                     {say("disconnect.kept.configuration"), say("disconnect.kept.books", values),
                      say("disconnect.kept.again")});
              ui.row({}, [&] {
                if (ui.button({.name = say("button.stay_connected"), .key = "no"})) open = false;
                if (ui.button({.name = say("button.disconnect"),
                               .kind = ButtonKind::danger,
                               .icon = Icon::unlink,
                               .key = "yes"}))
                  yes = true;
              });
            });
  if (yes || !open) live.commands.answer_disconnect(yes);
}

}  // namespace rekey::web::view
