// The navigation of the configuration: the lists with what waits in each, and what else there is.
#include "web/model/story.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

using mapping::Section;

std::int64_t decided(const mapping::SectionCounts& counts) {
  return counts.chosen + counts.none + counts.create;
}

void list_entry(Ui& ui, LivePage& live, Section section) {
  const auto& mapping = *live.model().mapping;
  const auto& counts = mapping.of(section).counts;
  const auto name = say_of(section, "title");
  const auto waiting = to_check(counts);
  const Values values{{"done", number(decided(counts))},
                      {"all", number(counts.total)},
                      {"waiting", number(waiting)}};
  const auto detail = counts.total == 0 ? say("nav.empty") : say("nav.decided", values);
  const auto read = waiting > 0 ? say("nav.waiting", values) : detail;
  const auto badge = waiting > 0 ? number(waiting) : std::string();
  const bool here = looks().pane == Pane::mappings && mapping.selected == section;
  if (!ui.nav_item({.name = name,
                    .detail = detail,
                    .badge = badge,
                    .done = counts.total > 0 && decided(counts) == counts.total,
                    .selected = here,
                    .description = read,
                    .key = wire::name_of(section)}))
    return;
  looks().pane = Pane::mappings;
  looks().to_section = section;
  live.looking.select(section);
}

void pane_entry(Ui& ui, LivePage& live, Pane pane, std::string_view id, std::int64_t badge = 0) {
  const auto words = badge > 0 ? number(badge) : std::string();
  if (!ui.nav_item({.name = say(id), .badge = words, .selected = looks().pane == pane, .key = id}))
    return;
  looks().pane = pane;
  looks().to_pane = true;
  if (pane == Pane::versions) live.looking.show_versions();
  if (pane == Pane::set_aside) live.looking.show_set_aside();
}

}  // namespace

void navigation(Ui& ui, LivePage& live) {
  const auto& mapping = *live.model().mapping;
  ui.nav(say("nav.lists"), [&] {
    for (const auto each : mapping.order) list_entry(ui, live, each);
  });
  std::int64_t aside = 0;
  for (const auto& each : mapping.set_aside) aside += each.count;
  ui.nav(say("nav.more"), [&] {
    if (ui.nav_item({.name = say("settings.title"), .key = "settings"})) {
      looks().pane = Pane::mappings;
      looks().to_settings = true;
    }
    pane_entry(ui, live, Pane::company, "company.heading");
    if (aside > 0) pane_entry(ui, live, Pane::set_aside, "set_aside.heading", aside);
    pane_entry(ui, live, Pane::versions, "versions.heading");
    pane_entry(ui, live, Pane::sheet, "sheet.heading");
  });
}

}  // namespace rekey::web::view
