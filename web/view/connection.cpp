// The connection: what is known of it and can be done about it, what happens next, and what
// happened.
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

using connect::Broken;
using connect::Legacy;
using connect::Linked;
using connect::Unlinked;

/// Since when, and until when: the phases that have it.
void times(Ui& ui, const connect::Phase& phase) {
  if (const auto* legacy = std::get_if<Legacy>(&phase)) {
    fact(ui, "tile.since", day(legacy->since));
    if (legacy->expires) fact(ui, "tile.works_until", day(*legacy->expires));
  }
  if (const auto* broken = std::get_if<Broken>(&phase))
    fact(ui, "tile.ended", day_and_time(broken->since));
  if (const auto* unlinked = std::get_if<Unlinked>(&phase); unlinked && unlinked->since)
    fact(ui, "tile.ended", day_and_time(*unlinked->since));
  const auto* linked = std::get_if<Linked>(&phase);
  if (!linked) return;
  fact(ui, "tile.since", day(linked->since));
  if (linked->risk) fact(ui, "tile.works_until", day_and_time(linked->risk->ends));
  if (linked->hard_expires) fact(ui, "tile.renew_by", day(*linked->hard_expires));
  if (linked->refresh_expires && !linked->risk)
    fact(ui, "tile.stays_until", day(*linked->refresh_expires));
}

void imported_and_saved(Ui& ui, const State& state) {
  if (const auto* done = std::get_if<imports::Done>(&state.import.phase))
    fact(ui, "connection.imported", day_and_time(done->finished));
  if (const auto* saved = std::get_if<save::Saved>(&state.save.phase))
    fact(ui, "connection.saved", day_and_time(saved->at));
  if (std::holds_alternative<save::Draft>(state.save.phase))
    fact(ui, "connection.saved", say("connection.not_saved"));
}

void linked_buttons(Ui& ui, LivePage& live, const Linked& linked) {
  const auto& import = live.model().page.state.import.phase;
  const bool asks = asks_the_customer(linked);
  // Where nothing asks for it, it would read as if it were under way.
  if (asks) who_connects(ui, live.model());
  ui.row({.gap = 8, .key = "do"}, [&] {
    renew_button(ui, live, asks ? ButtonKind::primary : ButtonKind::secondary);
    // While one runs there is nothing to press; the banner says why.
    if (!std::holds_alternative<imports::Running>(import))
      import_button(ui, live, ButtonKind::secondary);
  });
}

void buttons_of(Ui& ui, LivePage& live, const connect::Phase& phase) {
  if (const auto* linked = std::get_if<Linked>(&phase)) return linked_buttons(ui, live, *linked);
  if (std::holds_alternative<Legacy>(phase) || std::holds_alternative<Broken>(phase)) {
    who_connects(ui, live.model());
    return ui.row({.key = "do"}, [&] { connect_button(ui, live); });
  }
  // The switch is there, and what a sign-in under way needs.
  ui.row({.key = "do"}, [&] { store_link(ui); });
}

void details(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto& state = model.page.state;
  const auto title = say("connection.details");
  ui.card({.name = title, .role = CardRole::region, .key = "details"}, [&] {
    ui.heading(2, title);
    const auto chip = chip_story(model);
    ui.row({.key = "chip"},
           [&] { ui.chip({.text = say(chip.text), .tone = chip.tone, .icon = chip.icon}); });
    const auto* company = connect::known_company(state.connect);
    if (const auto* unlinked = std::get_if<Unlinked>(&state.connect.phase);
        unlinked && unlinked->last)
      company = &*unlinked->last;
    if (company) company_row(ui, *company);
    times(ui, state.connect.phase);
    imported_and_saved(ui, state);
    buttons_of(ui, live, state.connect.phase);
  });
}

/// What happens next, in sentences.
std::vector<std::string> next_of(const Model& model) {
  const auto& phase = model.page.state.connect.phase;
  if (const auto* legacy = std::get_if<Legacy>(&phase)) return legacy_words(model, *legacy);
  if (std::holds_alternative<Linked>(phase))
    return {say("next.renewed"), say("next.told"), say("next.off", {{"host", model.page.host}})};
  if (std::holds_alternative<Unlinked>(phase) || std::holds_alternative<Broken>(phase))
    return {say("tile.next.sign_in"), say("tile.next.choose"), say("tile.next.return")};
  return {say("next.under_way")};
}

void next(Ui& ui, const Model& model) {
  const auto title = say("tile.next_list");
  ui.card({.name = title, .role = CardRole::region, .key = "next"}, [&] {
    ui.heading(2, title);
    ui.list({.name = title, .gap = 8, .dividers = false, .key = "list"}, [&] {
      for (const auto& each : next_of(model))
        ui.list_item(each, [&] {
          ui.row({.gap = 10, .align = Align::start, .wrap = false}, [&] {
            ui.icon(Icon::arrow_right, Tone::muted, 18);
            ui.text(each, {.grow = 1, .key = "words"});
          });
        });
    });
  });
}

}  // namespace

void connection(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  ui.column({.gap = 4, .key = "head"}, [&] {
    arrive_next(ui, live);
    ui.heading(1, say("connection.heading"));
    ui.text(say("connection.sentence", {{"firm", model.page.tenant}}), {.tone = Tone::muted});
  });
  banners(ui, live);
  unsaved(ui, model);
  details(ui, live);
  next(ui, model);
  const auto title = say("tray.history");
  ui.card({.name = title, .role = CardRole::region, .key = "history"}, [&] {
    ui.heading(2, title);
    history(ui, model);
  });
}

}  // namespace rekey::web::view
