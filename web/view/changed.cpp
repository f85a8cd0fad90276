// What is not as it was at the last save: by kind and list, with a way to the lines.
#include <algorithm>

#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

Icon icon_of_change(mapping::Change change) {
  switch (change) {
    case mapping::Change::appeared:
    case mapping::Change::target_appeared:
      return Icon::plus;
    case mapping::Change::target_gone:
      return Icon::circle_x;
    case mapping::Change::target_inactive:
      return Icon::pause;
    case mapping::Change::target_renamed:
      return Icon::tag;
  }
  return Icon::info;
}

/// "3 customers …" is said by the list's name and the count: no sentence is put together.
std::string change_words(const mapping::ChangeCount& each, const std::string& host) {
  auto values = counted(each.count);
  values.emplace_back("list", say_of(each.section, "title"));
  values.emplace_back("host", host);
  return say(std::string("changes.").append(wire::name_of(each.change)), values);
}

/// What is new there asks nothing of anybody.
bool is_news(const mapping::ChangeCount& each) {
  return each.change == mapping::Change::target_appeared;
}

/// Whether its button was pressed.
bool change_row(Ui& ui, const mapping::ChangeCount& each, const std::string& host) {
  bool pressed = false;
  ui.row({.gap = 10, .wrap = false, .key = "change"}, [&] {
    ui.icon(icon_of_change(each.change), is_news(each) ? Tone::info : Tone::warning, 18);
    ui.text(change_words(each, host), {.grow = 1, .key = "words"});
    pressed = ui.button({.name = say("button.show"),
                         .small = true,
                         .description = say_of(each.section, "title"),
                         .key = "show"});
  });
  return pressed;
}

}  // namespace

void what_changed(Ui& ui, LivePage& live) {
  const auto& mapping = *live.model().mapping;
  // Before the first save everything is new, and that is no news.
  if (!mapping.saved || mapping.changes.empty()) return;
  std::optional<mapping::ChangeCount> wanted;
  const bool only_news = std::all_of(mapping.changes.begin(), mapping.changes.end(), is_news);
  const auto tone = only_news ? Tone::info : Tone::warning;
  const auto title = say("changes.heading");
  ui.card({.name = title, .role = CardRole::region, .tone = tone, .key = "changes"}, [&] {
    ui.heading(2, title);
    ui.text(say("changes.sentence"), {.tone = Tone::muted});
    ui.list({.name = title, .gap = 4, .dividers = false, .key = "list"}, [&] {
      for (const auto& each : mapping.changes) {
        if (each.count == 0) continue;
        const auto key = dotted({wire::name_of(each.section), wire::name_of(each.change)});
        ui.list_item(key, [&] {
          if (change_row(ui, each, live.model().page.host)) wanted = each;
        });
      }
    });
  });
  if (!wanted) return;
  live.places.go({View::configuration, Pane::lists, wanted->section});
  // A new record there can be what is still missing.
  live.looking.look(wanted->section, {.filter = is_news(*wanted) ? mapping::LineFilter::undecided
                                                                 : mapping::LineFilter::changed});
}

}  // namespace rekey::web::view
