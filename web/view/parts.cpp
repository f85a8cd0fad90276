// What several parts of the screen have in common.
#include "web/view/parts.hpp"

#include "web/model/story.hpp"

namespace rekey::web::view {

void command_button(Ui& ui, LivePage& live, wire::Verb verb, Button button) {
  const auto& model = live.model();
  std::string reason;
  if (const auto refused = why_not(model, verb)) {
    button.disabled = true;
    reason = say("refused." + std::string(wire::name_of(*refused)));
    button.reason = reason;
  }
  button.busy = model.sending == verb;
  if (ui.button(button)) live.commands.send(verb);
}

void who_connects(Ui& ui, const Model& model) {
  const auto person = model.person();
  ui.text(say(person.empty() ? "tile.who" : "tile.who_person",
              {{"firm", model.page.tenant}, {"person", person}}),
          {.strong = true, .key = "who"});
}

bool asks_the_customer(const connect::Linked& phase) {
  return phase.risk ||
         (phase.trouble && mender_of(phase.trouble->reason) == connect::Mender::customer);
}

void fact(Ui& ui, std::string_view id, const std::string& value) {
  ui.definition(say(id), std::string_view(value));
}

void company_row(Ui& ui, const connect::Company& company) {
  fact(ui, "tile.company", company.name.empty() ? say("company.unnamed") : company.name);
}

std::vector<std::string> legacy_words(const Model& model, const connect::Legacy& phase) {
  Values values{{"host", model.page.host}};
  if (phase.expires) values.emplace_back("day", day(*phase.expires));
  return {say(phase.expires ? "tile.legacy_ends" : "tile.legacy_will_end", values),
          say("tile.legacy_upgrade")};
}

void store_link(Ui& ui) {
  ui.link({.name = say("link.store"),
           .href = address_of({View::store}),
           .look = LinkLook::button,
           .icon = Icon::arrow_left,
           .key = "to_store"});
}

void connect_button(Ui& ui, LivePage& live) {
  command_button(ui, live, wire::Verb::connect,
                 {.name = say("button.connect"),
                  .kind = ButtonKind::primary,
                  .icon = Icon::link,
                  .key = "connect"});
}

void renew_button(Ui& ui, LivePage& live, ButtonKind kind) {
  command_button(ui, live, wire::Verb::connect,
                 {.name = say("button.renew"),
                  .kind = kind,
                  .icon = Icon::refresh_cw,
                  .small = true,
                  .description = say("tile.renew_description"),
                  .key = "renew"});
}

void import_button(Ui& ui, LivePage& live, ButtonKind kind) {
  command_button(ui, live, wire::Verb::import,
                 {.name = say("button.import"),
                  .kind = kind,
                  .icon = Icon::download,
                  .small = true,
                  .key = "import"});
}

void way_back(Ui& ui, const Model& model, bool primary) {
  const auto url = model.way_back();
  if (url.empty()) return;
  const auto name = say("button.back", {{"host", model.host()}});
  ui.link({.name = name,
           .href = url,
           .look = primary ? LinkLook::primary : LinkLook::button,
           .icon = Icon::arrow_left,
           .key = "way_back"});
}

void ending(Ui& ui, const Model& model) {
  const auto url = model.way_back();
  if (url.empty()) return;
  ui.link({.name = say("button.done", {{"host", model.host()}}),
           .href = url,
           .look = LinkLook::primary,
           .icon = Icon::check,
           .key = "done"});
}

std::string words_of(const Message& message) {
  return message.words.empty() ? say(message.text, message.values) : message.words;
}

bool message_banner(Ui& ui, const Message& message, std::string_view key, bool again) {
  const auto title = say(message.title, message.values), words = words_of(message);
  bool pressed = false;
  ui.banner({.tone = message.tone, .title = title, .text = words, .key = key}, [&] {
    if (again) pressed = ui.button({.name = say("button.try_again"), .icon = Icon::refresh_cw});
  });
  return pressed;
}

std::string say_of(mapping::Section section, std::string_view what, const Values& values) {
  std::string id("section.");
  return say(id.append(wire::name_of(section)).append(".").append(what), values);
}

std::string dotted(std::initializer_list<std::string_view> texts) {
  std::string out;
  for (const auto text : texts) {
    if (text.empty()) continue;
    if (!out.empty()) out.append(" · ");
    out.append(beside_others(text));
  }
  return out;
}

std::optional<std::size_t> turn_pages(Ui& ui, const std::string& name, const std::string& words,
                                      std::size_t page, bool has_after) {
  const auto at = static_cast<int>(page);
  const auto turned = ui.pager({.name = name,
                                .words = words,
                                .page = at,
                                .pages = has_after ? at + 2 : at + 1,
                                .previous = say("button.previous"),
                                .next = say("button.next")});
  if (!turned) return {};
  return static_cast<std::size_t>(*turned);
}

}  // namespace rekey::web::view
