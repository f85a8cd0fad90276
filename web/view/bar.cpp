#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

void bar(Ui& ui, App& app) {
  auto& model = app.model();
  const bool known = !model.page.host.empty();
  ui.bar([&] {
    ui.icon(Icon::store, Tone::accent, 22);
    ui.text(known ? model.page.host : say("page.heading"),
            {.size = TextSize::large, .strong = true, .nowrap = true, .key = "host"});
    ui.spacer();
    if (model.stage != Stage::ready) return;
    if (!ui.narrow())
      ui.text(model.page.tenant, {.tone = Tone::muted, .nowrap = true, .key = "tenant"});
    if (model.page.sandbox) ui.chip({.text = say("bar.sandbox"), .tone = Tone::info});
    const int count = model.tray_open ? 0 : unread(model);
    const std::string described = count > 0 ? say("bar.unread", counted(count)) : "";
    if (ui.icon_button({.name = say("bar.notifications"),
                        .icon = Icon::bell,
                        .badge = count,
                        .expanded = model.tray_open,
                        .controls_popup = true,
                        .description = described,
                        .key = "notifications"}))
      model.tray_open = !model.tray_open;
  });
}

}  // namespace rekey::web::view
