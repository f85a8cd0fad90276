// The notification tray: the import, list by list, and what happened, newest first.
#include "web/model/story.hpp"
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

void entity_row(Ui& ui, const imports::Progress& each, bool current) {
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
    bar.value = bar.max = 1;
    bar.tone = Tone::success;
  } else if (each.total && *each.total > 0) {
    bar.value = static_cast<double>(each.done);
    bar.max = static_cast<double>(*each.total);
  } else {
    bar.max = current ? 0 : 1;  // what is read right now moves, what waits stands still
  }
  ui.progress(bar);
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

void import_part(Ui& ui, const Model& model) {
  const auto& import = model.page.state.import;
  const auto* progress = progress_of(import);
  if (!progress) return;
  const bool running = std::holds_alternative<imports::Running>(import.phase);
  const auto* done = std::get_if<imports::Done>(&import.phase);
  const auto total = total_of(*progress);
  ui.heading(3, say(running ? "import.heading" : done ? "import.done" : "import.stopped"));
  const auto overall = running ? say("import.records", counted(total.done))
                       : done  ? day_and_time(done->finished)
                               : say("import.records", counted(total.done));
  ui.progress({.name = say("import.overall"),
               .value = total.share(),
               .max = 1,
               .text = overall,
               .tone = done ? Tone::success : Tone::accent,
               .key = "overall"});
  if (running) {
    ui.text(time_left(model), {.size = TextSize::small, .tone = Tone::muted, .key = "left"});
    ui.wake_in(1000);
  }
  const auto* next = imports::next_entity(*progress);
  ui.column({.gap = 10, .key = "entities"}, [&] {
    for (const auto& each : *progress) entity_row(ui, each, running && &each == next);
  });
  ui.divider();
}

Icon icon_of(Note note) {
  switch (note) {
    case Note::connected:
    case Note::upgraded:
    case Note::renewed:
    case Note::import_finished:
    case Note::configuration_saved:
    case Note::grant_recovered:
    case Note::revocation_confirmed:
      return Icon::circle_check;
    case Note::sign_in_failed:
    case Note::grant_ended:
    case Note::import_stopped:
    case Note::save_failed:
      return Icon::circle_alert;
    case Note::legacy_found:
    case Note::company_differs:
    case Note::grant_at_risk:
    case Note::grant_in_trouble:
    case Note::revocation_pending:
    case Note::revocation_given_up:
    case Note::needed_list_left_out:
    case Note::list_not_read:
      return Icon::triangle_alert;
    case Note::disconnected:
      return Icon::unlink;
    case Note::company_kept:
    case Note::import_started:
    case Note::legacy_given_up:
    case Note::list_left_out:
      return Icon::info;
  }
  return Icon::info;
}

/// A list is told by the name that people know.
std::string told(wire::Notice notice) {
  if (notice.note == Note::list_left_out || notice.note == Note::needed_list_left_out ||
      notice.note == Note::list_not_read)
    notice.detail = say("entity." + notice.detail);
  return notice_words(notice);
}

void history(Ui& ui, const Model& model) {
  ui.heading(3, say("tray.history"));
  if (model.page.notices.empty()) return ui.text(say("tray.empty"), {.tone = Tone::muted});
  ui.list({.name = say("tray.history"), .dividers = true}, [&] {
    for (const auto& each : model.page.notices) {
      const auto key = std::to_string(each.seq) + "." + std::string(wire::name_of(each.note));
      ui.list_item(key, [&] {
        ui.row({.gap = 10, .align = Align::start, .wrap = false}, [&] {
          ui.icon(icon_of(each.note), Tone::muted, 18);
          ui.column({.gap = 2, .key = "words"}, [&] {
            ui.text(told(each), {.key = "what"});
            ui.text(day_and_time(each.at),
                    {.size = TextSize::small, .tone = Tone::muted, .key = "when"});
          });
        });
      });
    }
  });
}

}  // namespace

void tray(Ui& ui, LivePage& live) {
  auto& model = live.model();
  if (model.stage != Stage::ready) return;
  ui.tray({.name = say("bar.notifications"),
           .opener = "notifications",
           .close_name = say("button.close")},
          model.tray_open, [&] {
            live.commands.mark_seen();
            import_part(ui, model);
            history(ui, model);
          });
}

}  // namespace rekey::web::view
