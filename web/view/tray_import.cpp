// The import in the tray: how far it is, how fast, list by list; pause, stop, skip, try again.
#include <algorithm>
#include <cmath>

#include "web/model/story.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

const char* left_out_words(imports::LeftOut reason) {
  switch (reason) {
    case imports::LeftOut::not_for_company:
      break;
    case imports::LeftOut::mapping_needs_it:
      return "import.left_out_needed";
    case imports::LeftOut::not_read:
      return "import.left_out_not_read";
    case imports::LeftOut::skipped:
      return "import.left_out_skipped";
  }
  return "import.left_out";
}

/// "600 of 1,200", "600 so far", "1,200", "Waiting", "Not in this company's plan".
std::string count_words(const imports::Progress& each) {
  const bool is_one_thing =
      each.entity == imports::Entity::company_info || each.entity == imports::Entity::preferences;
  if (each.left_out) return say(left_out_words(*each.left_out));
  if (each.finished)
    return is_one_thing ? say("import.read_it") : say("import.read", counted(each.done));
  if (each.total)
    return say("import.of", {{"done", number(each.done)}, {"all", number(*each.total)}});
  return each.done > 0 ? say("import.so_far", counted(each.done)) : say("import.waiting");
}

void bar_of(Ui& ui, const imports::Progress& each, bool current) {
  Progress bar;
  const auto name = entity_name(each.entity);
  const auto words = count_words(each);
  bar.name = name;
  bar.text = words;
  bar.key = wire::name_of(each.entity);
  if (each.left_out) {
    bar.max = 1;
    const bool matters = each.left_out == imports::LeftOut::mapping_needs_it ||
                         each.left_out == imports::LeftOut::not_read;
    bar.tone = matters ? Tone::warning : Tone::muted;
  } else if (each.finished) {
    bar.value = bar.max = static_cast<double>(std::max<std::int64_t>(each.done, 1));
    bar.tone = Tone::success;
  } else if (each.total && *each.total > 0) {
    bar.value = static_cast<double>(each.done);
    bar.max = static_cast<double>(*each.total);
  } else {
    bar.max = current ? 0 : 1;  // what is read right now moves, what waits stands still
  }
  ui.progress(bar);
}

/// Skip and Try again, where the core says that they are possible.
void list_button(Ui& ui, LivePage& live, const imports::Progress& each, wire::Verb verb,
                 std::string_view id, Icon icon) {
  const auto& model = live.model();
  if (why_not(model, verb, each.entity)) return;
  const bool busy = model.sending == verb && model.sending_list == each.entity;
  const auto name = entity_name(each.entity);
  if (ui.button({.name = say(id),
                 .kind = ButtonKind::quiet,
                 .icon = icon,
                 .busy = busy,
                 .small = true,
                 .description = name,
                 .key = id}))
    live.commands.send(verb, each.entity);
}

void entity_row(Ui& ui, LivePage& live, const imports::Progress& each, bool current) {
  ui.column({.gap = 4, .key = wire::name_of(each.entity)}, [&] {
    bar_of(ui, each, current);
    ui.scope(wire::name_of(each.entity), [&] {
      ui.row({.gap = 8, .key = "more"}, [&] {
        const auto note = [&](const char* id, std::int64_t count) {
          if (count > 0)
            ui.text(say(id, counted(count)),
                    {.size = TextSize::small, .tone = Tone::warning, .key = id});
        };
        note("import.set_aside", each.set_aside);
        note("import.mended", each.mended);
        // What is read right now, or was left out: what waits will come by itself.
        if (current)
          list_button(ui, live, each, wire::Verb::skip_list, "button.skip_list", Icon::x);
        if (each.left_out)
          list_button(ui, live, each, wire::Verb::retry_list, "button.retry_list",
                      Icon::refresh_cw);
      });
    });
  });
}

/// In words that do not jump: nobody needs the seconds.
std::string time_left(const Model& model) {
  const auto left = model.estimate.left(model.page.state.import, model.now());
  if (!left) return say("import.left_unknown");
  const auto seconds = left->count() / 1000;
  if (seconds < 20) return say("import.left_moment");
  if (seconds < 60) return say("import.left_minute");
  return say("import.left_minutes", counted((seconds + 59) / 60));
}

/// How fast it is, in words and as a picture.
void pace(Ui& ui, const Model& model) {
  const auto rate = model.estimate.a_minute(model.now());
  ui.row({.gap = 12, .key = "pace"}, [&] {
    ui.text(time_left(model), {.size = TextSize::small, .tone = Tone::muted, .key = "left"});
    if (rate)
      ui.text(say("import.rate", counted(*rate)),
              {.size = TextSize::small, .tone = Tone::muted, .key = "rate"});
  });
  const auto values = model.estimate.pace(model.now());
  if (values.size() >= 3) ui.sparkline({.name = say("import.pace"), .values = values});
  ui.wake_in(1000);
}

/// What was read of it is dropped, so it is asked first, in the same place.
void giving_up(Ui& ui, LivePage& live) {
  bool& asked = looks().giving_up;
  ui.banner({.tone = Tone::warning,
             .title = say("import.give_up.title"),
             .text = say("import.give_up.text"),
             .key = "give_up"},
            [&] {
              if (ui.button({.name = say("button.give_up"),
                             .kind = ButtonKind::danger,
                             .small = true,
                             .key = "yes"})) {
                asked = false;
                live.commands.send(wire::Verb::cancel_import);
              }
              if (ui.button({.name = say("button.import_on"), .small = true, .key = "no"}))
                asked = false;
            });
}

void import_buttons(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  bool& asked = looks().giving_up;
  if (why_not(model, wire::Verb::cancel_import)) asked = false;
  if (asked) return giving_up(ui, live);
  ui.row({.gap = 8, .key = "buttons"}, [&] {
    const auto offer = [&](wire::Verb verb, std::string_view id, Icon icon) {
      if (why_not(model, verb)) return false;
      return ui.button(
          {.name = say(id), .icon = icon, .busy = model.sending == verb, .small = true, .key = id});
    };
    if (offer(wire::Verb::pause_import, "button.pause", Icon::pause))
      live.commands.send(wire::Verb::pause_import);
    if (offer(wire::Verb::resume_import, "button.resume_here", Icon::play))
      live.commands.send(wire::Verb::resume_import);
    if (offer(wire::Verb::cancel_import, "button.give_up", Icon::x)) asked = true;
  });
}

}  // namespace

void tray_import(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& import = model.page.state.import;
  const auto* progress = progress_of(import);
  if (!progress) return;
  const bool running = std::holds_alternative<imports::Running>(import.phase);
  const auto* done = std::get_if<imports::Done>(&import.phase);
  const auto total = total_of(*progress);
  ui.heading(3, say(running ? "import.heading" : done ? "import.done" : "import.stopped"));
  const auto percent = std::floor(total.share() * 100);
  ui.progress({.name = say("import.overall"),
               .value = percent,
               .max = 100,
               .text = say("import.percent", {{"n", number(static_cast<std::int64_t>(percent))}}),
               .tone = done ? Tone::success : Tone::accent,
               .key = "overall"});
  ui.row({.gap = 12, .key = "totals"}, [&] {
    ui.text(say("import.records", counted(total.done)),
            {.size = TextSize::small, .tone = Tone::muted, .key = "records"});
    if (done)
      ui.text(day_and_time(done->finished),
              {.size = TextSize::small, .tone = Tone::muted, .key = "when"});
  });
  if (running) pace(ui, model);
  import_buttons(ui, live);
  const auto* next = imports::next_entity(*progress);
  ui.column({.gap = 10, .key = "entities"}, [&] {
    for (const auto& each : *progress) entity_row(ui, live, each, running && &each == next);
  });
  ui.divider();
}

}  // namespace rekey::web::view
