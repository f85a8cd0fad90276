// What a save has left open: said, with a way to the first of it.
#include "web/model/story.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

void go_to_open(LivePage& live) {
  auto& model = live.model();
  if (!model.mapping) return;
  using mapping::LineFilter;
  for (const auto filter : {LineFilter::undecided, LineFilter::suggested})
    for (const auto section : model.mapping->order) {
      if (count_of(model.mapping->of(section).counts, filter) == 0) continue;
      looks().to_open = section;
      live.places.show({View::configuration, Pane::lists, section});
      return live.looking.look(section, {.filter = filter});
    }
}

bool open_button(Ui& ui, const Model& model, bool small) {
  return ui.button({.name = say("button.show_open", counted(open_lines(model))),
                    .icon = Icon::list_checks,
                    .small = small,
                    .key = "show_open"});
}

void still_open(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto count = open_lines(model);
  if (count == 0) return;
  bool wanted = false;
  ui.row({.gap = 10, .key = "still_open"}, [&] {
    ui.icon(Icon::circle_alert, Tone::warning, 20);
    ui.text(say("tile.still_open", counted(count)), {.strong = true, .grow = 1, .key = "words"});
    wanted = open_button(ui, model, true);
  });
  if (wanted) go_to_open(live);
}

}  // namespace rekey::web::view
