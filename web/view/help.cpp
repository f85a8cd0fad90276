// The help: what a person wants to know who does this once in two years, and is a little worried.
#include "core/import/state.hpp"
#include "web/model/next_story.hpp"
#include "web/model/story.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

/// A question, and the sentences that answer it.
void answer(Ui& ui, std::string_view id, const Values& values, Body more) {
  const std::string name(id);
  ui.column({.gap = 6, .key = id}, [&] {
    ui.heading(3, say(name + ".title", values));
    ui.text(say(name + ".text", values));
    more();
  });
}

void answer(Ui& ui, std::string_view id, const Values& values) {
  answer(ui, id, values, [] {});
}

/// The names of the lists that an import reads.
void lists_read(Ui& ui) {
  ui.list({.name = say("help.read.lists"), .gap = 2, .dividers = false}, [&] {
    for (const auto& each : imports::plan())
      ui.list_item(wire::name_of(each.entity), [&] {
        ui.row({.gap = 8, .wrap = false}, [&] {
          ui.icon(Icon::minus, Tone::muted, 16);
          ui.text(entity_name(each.entity), {.grow = 1, .key = "list"});
        });
      });
  });
}

void whom_to_ask(Ui& ui, const Model& model, const Values& values) {
  answer(ui, "help.whom", values, [&] {
    if (model.page.connection && !model.page.connection->empty())
      ui.definition(say("help.reference"), std::string_view(*model.page.connection));
    ui.row({}, [&] { way_back(ui, model); });
  });
}

}  // namespace

void help_button(Ui& ui, LivePage& live) {
  const auto name = say("button.help");
  bool& open = looks().help_open;
  const bool pressed = ui.narrow() ? ui.icon_button({.name = name,
                                                     .icon = Icon::circle_help,
                                                     .expanded = open,
                                                     .controls_popup = true,
                                                     .key = "help"})
                                   : ui.button({.name = name,
                                                .kind = ButtonKind::quiet,
                                                .icon = Icon::circle_help,
                                                .small = true,
                                                .expanded = open,
                                                .controls_popup = true,
                                                .key = "help"});
  if (!pressed) return;
  open = !open;
  if (open) live.model().tray_open = false;
}

void help(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const Values values{
      {"host", model.host()},
      {"firm", model.page.tenant.empty() ? say("help.your_firm") : model.page.tenant}};
  ui.tray({.name = say("help.heading"),
           .opener = "help",
           .close_name = say("button.close_help"),
           .side = true},
          looks().help_open, [&] {
            ui.column({.gap = 6, .key = "next"}, [&] {
              ui.heading(3, say("help.next.title"));
              ui.text(next_words(model), {.key = "next_words"});
            });
            answer(ui, "help.oauth", values);
            answer(ui, "help.read", values, [&] { lists_read(ui); });
            answer(ui, "help.who", values);
            answer(ui, "help.time", values);
            answer(ui, "help.mistake", values);
            whom_to_ask(ui, model, values);
          });
}

}  // namespace rekey::web::view
