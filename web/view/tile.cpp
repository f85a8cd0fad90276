// The tile of the connection: what is the case with the connection, and what can be done.
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

// One overload a phase of the connection -------------------------------------------------------

void body(Ui& ui, LivePage& live, const connect::Unlinked& phase) {
  const auto& model = live.model();
  if (!tile_is_open(model)) {
    if (phase.since && phase.last)
      ui.text(say("tile.disconnected_since",
                  {{"company", phase.last->name}, {"since", day_and_time(*phase.since)}}),
              {.tone = Tone::muted});
    ui.text(say(phase.last ? "tile.turn_on_again" : "tile.turn_on"), {.tone = Tone::muted});
    return;
  }
  ui.text(say("tile.next"));
  ui.list({.name = say("tile.next_list"), .gap = 6, .dividers = false}, [&] {
    int count = 0;
    for (const auto* id : {"tile.next.sign_in", "tile.next.choose", "tile.next.return"})
      ui.list_item(id, [&] {
        ui.row({.gap = 8, .align = Align::start, .wrap = false}, [&] {
          ui.text(number(++count) + ".", {.tone = Tone::muted, .key = "count"});
          ui.text(say(id), {.grow = 1, .key = "words"});
        });
      });
  });
  who_connects(ui, model);
  ui.row({}, [&] { connect_button(ui, live); });
}

void body(Ui& ui, LivePage& live, const connect::Legacy& phase) {
  company_row(ui, phase.company);
  fact(ui, "tile.since", day(phase.since));
  if (phase.expires) fact(ui, "tile.works_until", day(*phase.expires));
  for (const auto& each : legacy_words(live.model(), phase)) ui.text(each);
  who_connects(ui, live.model());
  ui.row({}, [&] { connect_button(ui, live); });
}

void body(Ui& ui, LivePage& live, const connect::Linked& phase) {
  company_row(ui, phase.company);
  // The nearest end; the rolling one is renewed by itself while the connection is used.
  if (phase.risk)
    fact(ui, "tile.works_until", day_and_time(phase.risk->ends));
  else if (phase.hard_expires)
    fact(ui, "tile.renew_by", day(*phase.hard_expires));
  else if (phase.refresh_expires)
    fact(ui, "tile.stays_until", day(*phase.refresh_expires));
  still_open(ui, live);
  // What has to be done, or that nothing has; what can be done stands with all about the
  // connection.
  const bool asks = asks_the_customer(phase);
  const bool unread = std::holds_alternative<imports::None>(live.model().page.state.import.phase);
  if (asks) who_connects(ui, live.model());
  ui.row({.gap = 8}, [&] {
    if (asks) renew_button(ui, live, ButtonKind::primary);
    if (unread) import_button(ui, live, asks ? ButtonKind::secondary : ButtonKind::primary);
    if (!asks && is_finished(live.model())) ending(ui, live.model());
  });
}

void body(Ui& ui, LivePage& live, const connect::Broken& phase) {
  company_row(ui, phase.company);
  fact(ui, "tile.ended", day_and_time(phase.since));
  who_connects(ui, live.model());
  ui.row({}, [&] { connect_button(ui, live); });
}

void body(Ui& ui, LivePage& live, const connect::Authorizing& phase) {
  const bool works = std::holds_alternative<connect::Legacy>(phase.from) ||
                     std::holds_alternative<connect::Linked>(phase.from);
  if (live.model().company_question) return ui.text(say("tile.confirming"), {.tone = Tone::muted});
  ui.text(say(works ? "tile.authorizing_works" : "tile.authorizing"));
  who_connects(ui, live.model());
  ui.row({.gap = 8}, [&] {
    connect_button(ui, live);
    command_button(ui, live, wire::Verb::cancel, {.name = say("button.cancel"), .key = "cancel"});
  });
}

void body(Ui& ui, LivePage&, const connect::Exchanging& phase) {
  ui.loading(say(phase.begins ? "tile.company_told" : "tile.finishing"));
}
void body(Ui& ui, LivePage&, const connect::Proving&) {
  ui.loading(say("tile.proving"));
}
void body(Ui& ui, LivePage&, const connect::Disconnecting&) {
  ui.loading(say("tile.disconnecting"));
}
void body(Ui& ui, LivePage&, const connect::Confirming& phase) {
  fact(ui, "tile.found", phase.found.name);
  ui.text(say("tile.confirming"), {.tone = Tone::muted});
}

void head(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  const auto story = switch_story(model);
  const auto chip = chip_story(model);
  ui.row({.gap = 14, .wrap = false, .key = "head"}, [&] {
    ui.icon(Icon::book_open, Tone::success, 30);
    ui.column({.gap = 2, .key = "words"}, [&] {
      ui.heading(2, say("tile.name"));
      ui.text(say("tile.sentence", {{"host", model.page.host}}),
              {.size = TextSize::small, .tone = Tone::muted});
    });
    if (ui.toggle({.name = say("tile.name"),
                   .on = story.on,
                   .disabled = story.locked,
                   .busy = story.busy,
                   .show_name = false,
                   .description = say(story.on ? "tile.switch_on" : "tile.switch_off"),
                   .key = "switch"}))
      live.commands.turn(!story.on);
  });
  ui.row({.key = "chip"},
         [&] { ui.chip({.text = say(chip.text), .tone = chip.tone, .icon = chip.icon}); });
}

/// On to what the tile has no room for.
void ways_on(Ui& ui, const Model& model) {
  ui.divider();
  ui.row({.gap = 16, .key = "ways_on"}, [&] {
    if (configurable(model.page.state))
      ui.link({.name = say("link.configuration"),
               .href = address_of({View::configuration}),
               .key = "to_configuration"});
    ui.link({.name = say("link.connection"),
             .href = address_of({View::connection}),
             .key = "to_connection"});
  });
}

}  // namespace

void foreign_tile(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  ui.card({.name = say("tile.name"), .role = CardRole::article, .key = "connection"}, [&] {
    ui.row({.gap = 14, .wrap = false, .key = "head"}, [&] {
      ui.icon(Icon::book_open, Tone::muted, 30);
      ui.column({.gap = 2, .key = "words"}, [&] { ui.heading(2, say("tile.name")); });
      if (ui.toggle({.name = say("tile.name"),
                     .show_name = false,
                     .description = say("question.switch"),
                     .key = "switch"})) {
        live.session.pressed_early();
        ui.announce(say("question.first"), true);
      }
    });
    const auto words = say(model.pressed_early ? "question.first" : "question.switch");
    ui.text(words, {.tone = model.pressed_early ? Tone::warning : Tone::muted, .key = "first"});
  });
}

void tile(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  ui.card({.name = say("tile.name"), .role = CardRole::article, .key = "connection"}, [&] {
    head(ui, live);
    if (model.returning) return ui.loading(say("tile.finishing"));
    std::visit([&](const auto& phase) { body(ui, live, phase); }, model.page.state.connect.phase);
    ways_on(ui, model);
  });
}

}  // namespace rekey::web::view
