// Earlier versions of the configuration: listed, compared with how it is now, and brought back.
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

std::string who(const std::optional<wire::Actor>& actor, const Model& model) {
  if (!actor) return {};
  const bool named = actor->kind == wire::Actor::Kind::user && !actor->name.empty();
  if (named) return actor->name;
  const auto id = std::string("actor.").append(wire::name_of(actor->kind));
  return say(id, {{"host", model.page.host}});
}

/// What a version has to be done with it, after the list was drawn.
struct Wanted {
  std::int64_t compare = 0, back = 0;
};

void version_row(Ui& ui, LivePage& live, const wire::ConfigurationVersion& each, Wanted& wanted) {
  const auto& model = live.model();
  const auto when = day_and_time(each.at);
  const bool now = each.revision == model.mapping->revision;
  ui.row({.gap = 10, .key = "version"}, [&] {
    ui.column({.gap = 2, .grow = 1, .min_width = 180, .key = "words"}, [&] {
      ui.text(when, {.strong = true, .key = "when"});
      const auto by = who(each.actor, model);
      ui.text(dotted({say(each.saved ? "versions.saved" : "versions.draft"), by}),
              {.size = TextSize::small, .tone = Tone::muted, .key = "what"});
    });
    if (now) return ui.chip({.text = say("versions.now"), .tone = Tone::success});
    if (ui.button({.name = say("button.compare"), .small = true, .description = when}))
      wanted.compare = each.revision;
    if (!why_not_edit(model) &&
        ui.button({.name = say("button.go_back"), .small = true, .description = when}))
      wanted.back = each.revision;
  });
}

std::string choice_words(const std::optional<mapping::Choice>& choice) {
  if (!choice) return say("option.undecided");
  switch (mapping::decision_of(*choice)) {
    case mapping::Decision::chosen:
      return choice->name.empty() ? choice->theirs : choice->name;
    case mapping::Decision::none:
      return say("option.no_counterpart");
    case mapping::Decision::create:
      return say("option.create");
  }
  return {};
}

void difference_rows(Ui& ui, const Model& model) {
  const std::vector<TableColumn> columns{
      {say("versions.record"), 1.2f}, {say("versions.then"), 1}, {say("versions.later"), 1}};
  ui.table({.name = say("versions.differences"), .columns = columns}, [&] {
    for (const auto& each : model.comparison.rows)
      ui.table_row(dotted({wire::name_of(each.section), each.ours}), [&] {
        ui.cell([&] {
          ui.text(each.name.empty() ? each.ours : each.name, {.strong = true, .key = "ours"});
          ui.text(say_of(each.section, "title"),
                  {.size = TextSize::small, .tone = Tone::muted, .key = "list"});
        });
        ui.cell(choice_words(each.before), {.key = "before"});
        ui.cell(choice_words(each.after), {.key = "after"});
      });
  });
}

void comparison(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& list = model.comparison;
  ui.row({.gap = 10, .key = "comparison_head"}, [&] {
    arrive_next(ui, live);
    ui.heading(3, say("versions.differences"));
    ui.spacer();
    ui.link({.name = say("button.all_versions"),
             .href = address_of({View::configuration, Pane::versions}),
             .look = LinkLook::button,
             .icon = Icon::arrow_left,
             .key = "close"});
  });
  if (list.trouble && message_banner(ui, *list.trouble, "compare_trouble", true))
    return live.looking.compare(model.compared, list.page);
  if (!list.read) return list.trouble ? void() : ui.skeleton(4);
  if (model.compared_settings) ui.text(say("versions.settings_differ"), {.key = "settings"});
  if (list.rows.empty() && !model.compared_settings)
    return ui.text(say("versions.no_difference"), {.tone = Tone::muted});
  if (!list.rows.empty()) difference_rows(ui, model);
  const auto where = say("list.page", {{"n", number(static_cast<std::int64_t>(list.page + 1))}});
  const auto turned =
      turn_pages(ui, say("versions.difference_pages"), where, list.page, list.has_after());
  if (turned) live.looking.compare(model.compared, *turned);
}

void all_versions(Ui& ui, LivePage& live) {
  const auto& list = live.model().versions;
  if (list.trouble && message_banner(ui, *list.trouble, "trouble", true))
    return live.looking.show_versions(list.page);
  if (!list.read) return list.trouble ? void() : ui.skeleton(4);
  if (list.rows.empty()) return ui.text(say("versions.none"), {.tone = Tone::muted});
  Wanted wanted;
  ui.list({.name = say("versions.heading"), .key = "versions"}, [&] {
    for (const auto& each : list.rows)
      ui.list_item(std::to_string(each.revision), [&] { version_row(ui, live, each, wanted); });
  });
  const auto where = say("list.page", {{"n", number(static_cast<std::int64_t>(list.page + 1))}});
  const auto turned = turn_pages(ui, say("versions.pages"), where, list.page, list.has_after());
  if (turned) return live.looking.show_versions(*turned);
  if (wanted.compare != 0)
    live.places.go({View::configuration, Pane::versions, {}, wanted.compare});
  if (wanted.back != 0) live.editing.go_back(wanted.back);
}

}  // namespace

void versions(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto title = say("versions.heading");
  ui.card({.name = title, .role = CardRole::region, .key = "versions"}, [&] {
    const bool comparing = model.compared != 0;
    if (!comparing) arrive_next(ui, live);
    ui.heading(2, title);
    ui.text(say("versions.sentence", {{"host", model.page.host}}), {.tone = Tone::muted});
    if (comparing) return comparison(ui, live);
    all_versions(ui, live);
  });
}

}  // namespace rekey::web::view
