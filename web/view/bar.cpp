#include "web/model/story.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

void sign_out(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  if (model.offline) return;
  const auto name = say("button.sign_out");
  const bool pressed =
      ui.narrow() ? ui.icon_button({.name = name, .icon = Icon::log_out, .key = "sign_out"})
                  : ui.button({.name = name,
                               .kind = ButtonKind::quiet,
                               .icon = Icon::log_out,
                               .busy = model.signing_out,
                               .small = true,
                               .key = "sign_out"});
  if (pressed) live.session.sign_out();
}

/// For those who come by the keyboard: past the bar, and to the button that everything leads to.
void skip_links(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  if (model.stage != Stage::ready || !model.pretended_attempt.empty()) return;
  const auto here = address_of(model.where);
  if (ui.skip_link(say("skip.content"), here)) live.places.go(model.where);
  if (model.where.view == View::configuration && has_mappings(model) &&
      ui.skip_link(say("skip.save"), here))
    looks().to_save = true;
}

}  // namespace

void bar(Ui& ui, LivePage& live) {
  auto& model = live.model();
  const bool known = !model.page.host.empty();
  ui.bar([&] {
    skip_links(ui, live);
    if (!ui.narrow()) ui.icon(Icon::store, Tone::accent, 22);
    ui.text(known ? model.page.host : say("page.heading"),
            {.size = TextSize::large, .strong = true, .nowrap = true, .key = "host"});
    ui.spacer();
    if (model.stage != Stage::ready) {
      language_button(ui, live);
      return help_button(ui, live);
    }
    if (!ui.narrow())
      ui.text(firm_and_person(model.page.tenant, model.person()),
              {.tone = Tone::muted, .nowrap = true, .key = "tenant"});
    if (model.page.sandbox && !ui.narrow())
      ui.chip({.text = say("bar.sandbox"), .tone = Tone::info});
    language_button(ui, live);
    const int count = model.tray_open ? 0 : unread(model);
    const std::string described = count > 0 ? say("bar.unread", counted(count)) : "";
    if (ui.icon_button({.name = say("bar.notifications"),
                        .icon = Icon::bell,
                        .badge = count,
                        .expanded = model.tray_open,
                        .controls_popup = true,
                        .description = described,
                        .key = "notifications"})) {
      model.tray_open = !model.tray_open;
      looks().languages_open = false;
      if (model.tray_open) looks().help_open = false;
    }
    help_button(ui, live);
    sign_out(ui, live);
  });
}

}  // namespace rekey::web::view
