// Save Configuration: how much is decided, undo and redo, the button, and what came of it.
#include <algorithm>

#include "web/model/story.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

/// All lists together.
struct Whole {
  std::int64_t decided = 0, suggested = 0, undecided = 0;
  std::int64_t open() const { return suggested + undecided; }
};

Whole whole_of(const Mapping& mapping) {
  const auto counts = sum(mapping);
  return {counts.chosen + counts.none + counts.create, counts.suggested, counts.undecided};
}

void picture(Ui& ui, const Whole& whole, bool legend) {
  const auto part = [](std::int64_t count, Tone tone, std::string_view id) {
    return Share{static_cast<double>(count), tone, count > 0 ? say(id, counted(count)) : ""};
  };
  const std::vector<Share> parts{part(whole.decided, Tone::success, "save.decided"),
                                 part(whole.suggested, Tone::info, "save.suggested"),
                                 part(whole.undecided, Tone::warning, "save.open")};
  ui.shares({.name = say("save.picture"), .parts = parts, .legend = legend, .key = "picture"});
}

std::string how_it_is_kept(const Model& model) {
  const auto& phase = model.page.state.save.phase;
  if (model.mapping->unsent_changes()) return say("save.keeping");
  if (const auto* saved = std::get_if<save::Saved>(&phase))
    return say("save.saved_at", {{"at", day_and_time(saved->at)}});
  if (std::holds_alternative<save::Draft>(phase)) return say("save.draft");
  return {};
}

void undo_buttons(Ui& ui, LivePage& live) {
  const auto button = [&](std::string_view id, Icon icon, const std::optional<UndoWords>& words) {
    const auto described = words ? say(words->id, words->values) : say("undo.nothing");
    return ui.icon_button(
        {.name = say(id), .icon = icon, .disabled = !words, .description = described, .key = id});
  };
  if (button("button.undo", Icon::undo_2, live.editing.undo_words())) {
    live.editing.undo();
    ui.announce(say("undo.done"));
  }
  if (button("button.redo", Icon::redo_2, live.editing.redo_words())) {
    live.editing.redo();
    ui.announce(say("redo.done"));
  }
}

void save_button(Ui& ui, LivePage& live, bool saving) {
  const auto refused = saving ? std::nullopt : why_not_save(live.model());
  std::string reason;
  if (refused) reason = say("refused." + std::string(wire::name_of(*refused)));
  if (std::exchange(looks().to_save, false)) ui.focus_next();
  if (!ui.button({.name = say("button.save"),
                  .kind = ButtonKind::primary,
                  .icon = Icon::save,
                  .disabled = refused.has_value(),
                  .reason = reason,
                  .busy = saving,
                  .key = "save"}))
    return;
  looks().saved_closed = false;
  looks().problems_shown = false;
  live.editing.save();
}

/// That it was saved, and honestly whether anything is open.
void saved_words(Ui& ui, LivePage& live, const Whole& whole) {
  const auto& model = live.model();
  const bool open = whole.open() > 0;
  bool show = false;
  auto values = counted(whole.open());
  values.emplace_back("host", model.page.host);
  const auto text = say(open ? "save.done_open" : "save.done_text", values);
  if (ui.banner({.tone = Tone::success,
                 .title = say("save.done_title"),
                 .text = text,
                 .dismissable = true,
                 .dismiss_name = say("button.dismiss"),
                 .key = "saved"},
                [&] {
                  if (!open) return ending(ui, model);
                  show = open_button(ui, model, false);
                  way_back(ui, model);
                }))
    looks().saved_closed = true;
  if (show) go_to_open(live);
}

void not_saved_words(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& trouble = *model.save_trouble;
  // What is in the way is listed above, where the person was led to: one line here, where height is
  // dear.
  if (model.save_problems.empty()) return void(message_banner(ui, trouble, "trouble", false));
  ui.row({.gap = 10, .wrap = ui.narrow(), .key = "trouble"}, [&] {
    ui.icon(Icon::triangle_alert, trouble.tone, 20);
    ui.text(say(trouble.title, trouble.values), {.strong = true, .grow = 1, .key = "title"});
    if (ui.button({.name = say("button.show_problems"), .small = true, .key = "show"}))
      looks().to_problems = true;
  });
}

/// Beside each other where there is room.
void wide(Ui& ui, const Whole& whole, const std::string& kept) {
  ui.column({.gap = 2, .grow = 1, .min_width = 240, .key = "how"}, [&] {
    picture(ui, whole, true);
    if (!kept.empty()) ui.text(kept, {.size = TextSize::small, .tone = Tone::muted, .key = "kept"});
  });
}

/// Above each other, in as few lines as can be: the list is what the height is for.
void narrow(Ui& ui, const Whole& whole, const std::string& kept) {
  picture(ui, whole, false);
  const auto words = whole.undecided > 0   ? say("save.open", counted(whole.undecided))
                     : whole.suggested > 0 ? say("save.suggested", counted(whole.suggested))
                                           : say("save.decided", counted(whole.decided));
  ui.text(dotted({words, kept}), {.size = TextSize::small, .tone = Tone::muted, .key = "kept"});
}

void content(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& phase = model.page.state.save.phase;
  const bool is_saved = std::holds_alternative<save::Saved>(phase);
  const bool saving =
      editing::is_saving(model.editing) || std::holds_alternative<save::Saving>(phase);
  const bool told = model.editing.saved_here && is_saved && !saving && !looks().saved_closed &&
                    !model.mapping->counts_are_old;
  const auto whole = whole_of(*model.mapping);
  if (told) saved_words(ui, live, whole);
  if (model.save_trouble) not_saved_words(ui, live);
  const auto kept = how_it_is_kept(model);
  if (ui.narrow()) narrow(ui, whole, kept);
  ui.row({.gap = 12, .wrap = ui.narrow(), .key = "buttons"}, [&] {
    if (!ui.narrow()) wide(ui, whole, kept);
    ui.row({.gap = 4, .wrap = false, .grow = 0, .key = "undo"}, [&] { undo_buttons(ui, live); });
    if (is_saved && !told && !model.mapping->counts_are_old) {
      if (whole.open() == 0)
        ending(ui, model);
      else
        way_back(ui, model);
    }
    save_button(ui, live, saving);
  });
}

}  // namespace

void save_bar(Ui& ui, LivePage& live, bool at_end) {
  if (!at_end) return ui.footer(say("save.heading"), [&] { content(ui, live); });
  ui.card({.name = say("save.heading"), .role = CardRole::region, .key = "save"},
          [&] { content(ui, live); });
}

void save_problems(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& problems = model.save_problems;
  if (problems.empty()) return;
  auto& look = looks();
  if (!std::exchange(look.problems_shown, true)) look.to_problems = true;
  const auto title =
      say("save_problems.heading", counted(static_cast<std::int64_t>(problems.size())));
  std::optional<wire::SaveObstacle> wanted;
  ui.card({.name = title, .role = CardRole::region, .tone = Tone::danger, .key = "problems"}, [&] {
    if (std::exchange(look.to_problems, false)) ui.go_to_next();
    ui.heading(2, title);
    ui.list({.name = title, .gap = 4, .dividers = false, .key = "list"}, [&] {
      for (const auto& each : problems) {
        const auto place = each.section ? say_of(*each.section, "title") : say("settings.title");
        const auto what = std::string(wire::name_of(each.problem));
        const auto key = dotted({what, place, each.ours});
        ui.list_item(key, [&] {
          ui.row({.gap = 8, .key = "problem"}, [&] {
            ui.text(say("problem_of." + what, {{"list", place}, {"name", each.name}}),
                    {.grow = 1, .key = "what"});
            if (ui.button({.name = say("button.show"),
                           .small = true,
                           .description = each.name.empty() ? place : each.name,
                           .key = "show"}))
              wanted = each;
          });
        });
      }
    });
    if (model.more_save_problems)
      ui.text(say("save_problems.more"), {.tone = Tone::muted, .key = "more"});
  });
  if (!wanted) return;
  if (!wanted->section) return live.places.go({View::configuration, Pane::settings});
  look.to_line = wanted->ours;
  live.places.show({View::configuration, Pane::lists, wanted->section});
  live.looking.find(*wanted->section, wanted->name);
}

void save_question(Ui& ui, LivePage& live) {
  const auto& asked = live.model().save_question;
  if (asked.empty()) return;
  bool open = true, yes = false;
  ui.dialog(
      {.name = say("two_to_one.title"),
       .text = say("two_to_one.text", counted(static_cast<std::int64_t>(asked.size()))),
       .tone = Tone::warning},
      open, [&] {
        constexpr std::size_t most = 8;
        ui.list({.name = say("two_to_one.list"), .gap = 4, .dividers = false}, [&] {
          for (std::size_t i = 0; i < std::min(most, asked.size()); ++i) {
            const auto& each = asked[i];
            const auto place = each.section ? say_of(*each.section, "title") : std::string();
            ui.list_item(dotted({place, each.ours}), [&] { ui.text(dotted({each.name, place})); });
          }
        });
        if (asked.size() > most) ui.text(say("two_to_one.more"), {.tone = Tone::muted});
        ui.row({}, [&] {
          if (ui.button({.name = say("button.look_again"), .key = "no"})) open = false;
          if (ui.button(
                  {.name = say("button.save_anyway"), .kind = ButtonKind::primary, .key = "yes"}))
            yes = true;
        });
      });
  if (yes) return live.editing.save_anyway();
  if (!open) live.editing.save_not();
}

void edit_toast(Ui& ui, LivePage& live) {
  auto& look = looks();
  const auto& done = live.model().mapping->undo.done;
  const auto* last = done.empty() ? nullptr : &done.back();
  const bool many = last && !std::holds_alternative<LineChange>(last->change) &&
                    !std::holds_alternative<SettingsChange>(last->change) && last->lines > 0;
  if (many && last->number > look.toasted) look.toast = look.toasted = last->number;
  // Something else was done since: its Undo would take that back.
  if (!last || last->number != look.toast) look.toast = 0;
  if (look.toast == 0) return;
  const bool accepted = std::holds_alternative<AcceptChange>(last->change);
  const auto text = say(last->sheet ? "toast.sheet"
                        : accepted  ? "toast.accepted"
                                    : "toast.back",
                        counted(last->lines));
  const auto action = live.editing.can_undo() ? say("button.undo") : std::string();
  const auto end = ui.toast(
      {.text = text, .action = action, .dismiss_name = say("button.dismiss"), .turn = look.toast});
  if (end == ToastEnd::acted) live.editing.undo();
  if (end != ToastEnd::none) look.toast = 0;
}

}  // namespace rekey::web::view
