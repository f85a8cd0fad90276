// The configuration below the tile, and Save Configuration at the very bottom.
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

/// What was configured is not forgotten while it cannot be changed: said in one sentence.
void kept(Ui& ui, const Model& model) {
  const auto& state = model.page.state;
  if (state.save.revision == 0 || std::holds_alternative<save::Empty>(state.save.phase)) return;
  const bool connected = connect::live_grant(state.connect) != nullptr;
  ui.card({.name = say("configuration.heading"), .role = CardRole::region, .key = "kept"}, [&] {
    ui.heading(2, say("configuration.heading"));
    ui.row({.gap = 10, .align = Align::start, .wrap = false}, [&] {
      ui.icon(Icon::shield_check, Tone::success, 20);
      ui.text(say(connected ? "configuration.kept_connected" : "configuration.kept"),
              {.grow = 1, .key = "words"});
    });
  });
}

void trouble(Ui& ui, LivePage& live) {
  const auto& message = *live.model().mapping_trouble;
  const auto words = words_of(message);
  ui.banner({.tone = message.tone,
             .title = say(message.title),
             .text = words,
             .key = "configuration_trouble"},
            [&] {
              if (ui.button({.name = say("button.try_again"), .icon = Icon::refresh_cw}))
                live.editing.try_again();
            });
}

Counts sum(const Mapping& mapping) {
  Counts out;
  for (const auto& each : mapping.sections) {
    out.all += each.counts.all;
    out.matched += each.counts.matched;
    out.suggested += each.counts.suggested;
    out.to_decide += each.counts.to_decide;
    out.changed += each.counts.changed;
    out.no_counterpart += each.counts.no_counterpart;
  }
  return out;
}

std::string what_saving_means(const Model& model) {
  const auto counts = sum(*model.mapping);
  std::string out;
  if (counts.suggested > 0) out = say("save.suggested", counted(counts.suggested));
  if (counts.to_decide > 0)
    out += (out.empty() ? "" : " ") + say("save.to_decide", counted(counts.to_decide));
  return out.empty() ? say("save.all_decided") : out;
}

std::string how_it_is_kept(const Model& model) {
  const auto& phase = model.page.state.save.phase;
  if (model.mapping->unsent_changes()) return say("save.keeping");
  if (const auto* saved = std::get_if<save::Saved>(&phase))
    return say("save.saved_at", {{"at", day_and_time(saved->at)}});
  if (std::holds_alternative<save::Draft>(phase)) return say("save.draft");
  return {};
}

std::vector<Option> terms_options(const wire::ConfigurationPage& page) {
  std::vector<Option> out;
  for (const auto& each : page.terms)
    out.push_back({each.id, each.name, each.active ? "" : say("option.inactive"), false});
  return out;
}

void save_button(Ui& ui, LivePage& live, bool saving) {
  const auto refused = saving ? std::nullopt : why_not_save(live.model());
  std::string reason;
  if (refused) reason = say("refused." + std::string(wire::name_of(*refused)));
  if (ui.button({.name = say("button.save"),
                 .kind = ButtonKind::primary,
                 .icon = Icon::save,
                 .disabled = refused.has_value(),
                 .reason = reason,
                 .busy = saving,
                 .key = "save"}))
    live.editing.save();
}

}  // namespace

void other_settings(Ui& ui, LivePage& live) {
  const auto& mapping = *live.model().mapping;
  auto settings = mapping.page.configuration.settings;
  const bool editable = !why_not_edit(live.model()).has_value();
  const auto title = say("settings.title");
  bool changed = false;
  const auto flip = [&](std::string_view id, bool& value) {
    if (!ui.checkbox({.name = say(id), .checked = value, .disabled = !editable, .key = id})) return;
    value = !value;
    changed = true;
  };
  ui.card({.name = title, .role = CardRole::region, .key = "settings"}, [&] {
    ui.heading(3, title);
    ui.text(say("settings.sentence"), {.tone = Tone::muted});
    const auto options = terms_options(mapping.page);
    const auto chosen = ui.combobox({.name = say("settings.terms"),
                                     .options = options,
                                     .value = settings.terms,
                                     .none_label = say("settings.terms_default"),
                                     .hint = say("settings.terms_hint"),
                                     .editable = false,
                                     .disabled = !editable,
                                     .revision = mapping.sections[0].revision,
                                     .width = 360,
                                     .key = "terms"});
    if (chosen) settings.terms = *chosen;
    changed = chosen.has_value();
    const auto lists = sections_of(live.model().page);
    if (mapping::is_among(mapping::Section::customers, lists))
      flip("settings.create_customers", settings.create_customers);
    if (mapping::is_among(mapping::Section::suppliers, lists))
      flip("settings.create_suppliers", settings.create_suppliers);
    if (changed) live.editing.set(settings);
  });
}

void save_bar(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& phase = model.page.state.save.phase;
  const bool saving =
      editing::is_saving(model.editing) || std::holds_alternative<save::Saving>(phase);
  const bool saved =
      model.editing.saved_here && std::holds_alternative<save::Saved>(phase) && !saving;
  ui.card({.name = say("save.heading"), .role = CardRole::region, .key = "save"}, [&] {
    if (saved)
      ui.banner({.tone = Tone::success,
                 .title = say("save.done_title"),
                 .text = say("save.done_text", {{"host", model.page.host}}),
                 .key = "saved"});
    else
      ui.text(what_saving_means(model), {.key = "means"});
    ui.row({.gap = 14, .key = "buttons"}, [&] {
      save_button(ui, live, saving);
      const auto words = how_it_is_kept(model);
      if (!words.empty())
        ui.text(words, {.size = TextSize::small, .tone = Tone::muted, .key = "kept"});
      if (std::holds_alternative<save::Saved>(phase)) way_back(ui, model);
    });
    if (!model.save_trouble) return;
    const auto words = words_of(*model.save_trouble);
    ui.banner({.tone = model.save_trouble->tone,
               .title = say(model.save_trouble->title),
               .text = words,
               .key = "trouble"});
  });
}

void configuration(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  if (!configurable(model.page.state)) return kept(ui, model);
  ui.column({.gap = 4, .key = "configuration"}, [&] {
    ui.heading(2, say("configuration.heading"));
    ui.text(say("configuration.sentence", {{"host", model.page.host}}), {.tone = Tone::muted});
  });
  if (model.mapping_trouble) trouble(ui, live);
  if (!model.mapping) {
    if (!model.mapping_trouble) {
      ui.loading(say("configuration.loading"));
      ui.skeleton(6);
    }
    return;
  }
  for (const auto each : sections_of(model.page)) section(ui, live, each);
  other_settings(ui, live);
  save_bar(ui, live);
}

}  // namespace rekey::web::view
