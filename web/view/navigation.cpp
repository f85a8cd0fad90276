// The navigation of the configuration: the lists with what waits in each, and what else there is.
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

using mapping::Section;

std::int64_t decided(const mapping::SectionCounts& counts) {
  return counts.chosen + counts.none + counts.create;
}

/// Whether this list is what the person came for: all of a few are shown, and none is.
bool is_shown(const Model& model, Section section) {
  const auto& where = model.where;
  if (where.pane != Pane::lists) return false;
  if (where.section) return where.section == section;
  return !model.mapping->all_below_each_other() && model.mapping->selected == section;
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
  ui.nav_link({.name = name,
               .detail = detail,
               .badge = badge,
               .done = counts.total > 0 && decided(counts) == counts.total,
               .selected = is_shown(live.model(), section),
               .description = read,
               .key = wire::name_of(section),
               .href = address_of({View::configuration, Pane::lists, section})});
}

void pane_entry(Ui& ui, LivePage& live, Pane pane, std::string_view id, std::int64_t badge = 0) {
  const auto words = badge > 0 ? number(badge) : std::string();
  ui.nav_link({.name = say(id),
               .badge = words,
               .selected = live.model().where.pane == pane,
               .key = id,
               .href = address_of({View::configuration, pane})});
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
    pane_entry(ui, live, Pane::settings, "settings.title");
    pane_entry(ui, live, Pane::company, "company.heading");
    if (aside > 0) pane_entry(ui, live, Pane::left_out, "set_aside.heading", aside);
    pane_entry(ui, live, Pane::versions, "versions.heading");
    pane_entry(ui, live, Pane::sheet, "sheet.heading");
  });
}

}  // namespace rekey::web::view
