// The language of the page: a button in the bar, and a panel with the languages by their own names.
#include "web/model/languages.hpp"

#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

void language_button(Ui& ui, LivePage& live) {
  bool& open = looks().languages_open;
  if (!ui.icon_button({.name = say("bar.language"),
                       .icon = Icon::languages,
                       .expanded = open,
                       .controls_popup = true,
                       .key = "language"}))
    return;
  open = !open;
  if (open) live.model().tray_open = false;
}

void languages(Ui& ui, LivePage& live) {
  bool& open = looks().languages_open;
  const auto title = say("bar.language"), close = say("button.close");
  std::string chosen;
  ui.tray({.name = title, .opener = "language", .close_name = close}, open, [&] {
    ui.nav(title, [&] {
      for (const auto& each : offered_languages())
        if (ui.nav_item({.name = each.name,
                         .selected = each.tag == texts().language(),
                         .language = each.tag,
                         .key = each.tag}))
          chosen = each.tag;
    });
    ui.text(say("bar.language_note"), {.size = TextSize::small, .tone = Tone::muted});
  });
  if (chosen.empty()) return;
  open = false;
  choose_language(live.model(), chosen);
}

}  // namespace rekey::web::view
