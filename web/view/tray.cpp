// The notification tray: the import (tray_import.cpp), and what happened, newest first.
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

Icon icon_of(const wire::Notice& notice) {
  if (is_declined(notice)) return Icon::info;
  switch (notice.note) {
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

}  // namespace

void history(Ui& ui, const Model& model) {
  if (model.page.notices.empty())
    return ui.row({.gap = 12, .align = Align::start, .wrap = false, .key = "empty"}, [&] {
      ui.icon(Icon::history, Tone::muted, 20);
      ui.column({.gap = 2, .key = "words"}, [&] {
        ui.text(say("tray.empty"));
        ui.text(say("tray.empty_more"), {.size = TextSize::small, .tone = Tone::muted});
      });
    });
  ui.list({.name = say("tray.history"), .dividers = true, .key = "history"}, [&] {
    for (const auto& each : model.page.notices) {
      const auto key = std::to_string(each.seq) + "." + std::string(wire::name_of(each.note));
      ui.list_item(key, [&] {
        ui.row({.gap = 10, .align = Align::start, .wrap = false}, [&] {
          ui.icon(icon_of(each), Tone::muted, 18);
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

void tray(Ui& ui, LivePage& live) {
  auto& model = live.model();
  if (model.stage != Stage::ready) return;
  ui.tray({.name = say("bar.notifications"),
           .opener = "notifications",
           .close_name = say("button.close")},
          model.tray_open, [&] {
            live.commands.mark_seen();
            tray_import(ui, live);
            ui.heading(3, say("tray.history"));
            history(ui, model);
          });
}

}  // namespace rekey::web::view
