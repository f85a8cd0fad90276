// The configuration: its navigation, and beside it the lists or what else was asked for.
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

/// While it cannot be changed: what was configured is not forgotten, or when there will be
/// something to configure; and the way to where the next step is.
void not_yet(Ui& ui, const Model& model) {
  const auto& state = model.page.state;
  const bool any =
      state.save.revision > 0 && !std::holds_alternative<save::Empty>(state.save.phase);
  const bool connected = connect::live_grant(state.connect) != nullptr;
  const auto* id = connected ? any ? "configuration.kept_connected" : "configuration.soon"
                   : any     ? "configuration.kept"
                             : "configuration.later";
  ui.card({.name = say("configuration.heading"), .role = CardRole::region, .key = "kept"}, [&] {
    ui.row({.gap = 10, .align = Align::start, .wrap = false}, [&] {
      ui.icon(any ? Icon::shield_check : Icon::info, any ? Tone::success : Tone::info, 20);
      ui.text(say(id), {.grow = 1, .key = "words"});
    });
    ui.row({.key = "on"}, [&] { store_link(ui); });
  });
}

void lists(Ui& ui, LivePage& live) {
  // A copy: a press may select another one.
  const auto shown = live.model().mapping->shown();
  for (const auto each : shown) section(ui, live, each);
  other_settings(ui, live);
}

void pane(Ui& ui, LivePage& live) {
  switch (live.model().where.pane) {
    case Pane::settings:
      if (!live.model().mapping->all_below_each_other()) return other_settings(ui, live);
      return lists(ui, live);
    case Pane::lists:
      return lists(ui, live);
    case Pane::company:
      return company_facts(ui, live);
    case Pane::versions:
      return versions(ui, live);
    case Pane::left_out:
      return set_aside(ui, live);
    case Pane::sheet:
      return sheet(ui, live);
  }
}

void parts(Ui& ui, LivePage& live) {
  save_problems(ui, live);
  what_changed(ui, live);
  if (ui.width() < 1000) {
    navigation(ui, live);
    return pane(ui, live);
  }
  ui.row({.gap = 24, .align = Align::stretch, .wrap = false, .key = "beside"}, [&] {
    ui.column({.gap = 12, .grow = 0, .min_width = 220, .sticky = true, .key = "navigation"},
              [&] { navigation(ui, live); });
    ui.column({.gap = 20, .grow = 1, .min_width = 400, .key = "pane"}, [&] { pane(ui, live); });
  });
}

}  // namespace

void other_settings(Ui& ui, LivePage& live) {
  const auto& mapping = *live.model().mapping;
  auto settings = mapping.settings;
  const bool editable = !why_not_edit(live.model()).has_value();
  const auto title = say("settings.title");
  bool changed = false;
  const auto flip = [&](std::string_view id, bool& value) {
    if (!ui.checkbox({.name = say(id), .checked = value, .disabled = !editable, .key = id})) return;
    value = !value;
    changed = true;
  };
  ui.card({.name = title, .role = CardRole::region, .key = "settings"}, [&] {
    if (live.model().where.pane == Pane::settings) arrive_next(ui, live);
    ui.heading(2, title);
    ui.text(say("settings.sentence"), {.tone = Tone::muted});
    std::vector<Option> options;
    for (const auto& each : mapping.terms)
      options.push_back({each.id, each.name, each.active ? "" : say("option.inactive"), false});
    const auto chosen = ui.combobox({.name = say("settings.terms"),
                                     .options = options,
                                     .value = settings.terms,
                                     .none_label = say("settings.terms_default"),
                                     .hint = say("settings.terms_hint"),
                                     .editable = false,
                                     .disabled = !editable,
                                     .width = 360,
                                     .key = "terms"});
    if (chosen) settings.terms = *chosen;
    changed = chosen.has_value();
    if (mapping::is_among(mapping::Section::customers, mapping.order))
      flip("settings.create_customers", settings.create_customers);
    if (mapping::is_among(mapping::Section::suppliers, mapping.order))
      flip("settings.create_suppliers", settings.create_suppliers);
    if (changed) live.editing.set(settings);
  });
}

void configuration(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const bool ready = configurable(model.page.state);
  ui.column({.gap = 4, .key = "head"}, [&] {
    // Of a part that is there, its own heading is the one.
    if (!ready || !model.mapping || !names_part(model.where)) arrive_next(ui, live);
    ui.heading(1, say("configuration.heading"));
    if (ready)
      ui.text(say("configuration.sentence", {{"host", model.page.host}}), {.tone = Tone::muted});
  });
  banners(ui, live);
  if (!ready) return not_yet(ui, model);
  if (model.mapping_trouble &&
      message_banner(ui, *model.mapping_trouble, "configuration_trouble", true))
    live.editing.try_again();
  if (!model.mapping) {
    if (model.mapping_trouble) return;
    ui.loading(say("configuration.loading"));
    return ui.skeleton(6);
  }
  if (model.mapping->matching) ui.loading(say("configuration.matching"));
  parts(ui, live);
  if (ui.low()) save_bar(ui, live, true);
}

}  // namespace rekey::web::view
