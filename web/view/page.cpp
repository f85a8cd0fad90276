// The one screen, from top to bottom.
#include "web/model/http_backend.hpp"
#include "web/model/story.hpp"
#include "web/platform/platform.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

/// Ctrl+P on the configuration prints all of it; elsewhere the browser prints what is seen.
bool print_all(void* page) {
  auto& live = *static_cast<LivePage*>(page);
  const auto& model = live.model();
  if (model.stage != Stage::ready || !model.mapping || !configurable(model.page.state))
    return false;
  live.editing.print();
  return true;
}

/// Made with the first frame, and there as long as the page.
LivePage& live() {
  static LivePage* the = [] {
    auto* made = new LivePage(std::make_unique<HttpBackend>());
    made->session.start();
    platform::on_print(print_all, made);
    return made;
  }();
  return *the;
}

void steps(Ui& ui, const Model& model) {
  constexpr std::array<std::string_view, 4> ids{"step.connect", "step.import", "step.check",
                                                "step.save"};
  const auto states = steps_of(model);
  std::array<Step, 4> steps;
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = {say(ids[i]), states[i]};
  if (const auto open = open_lines(model); open > 0)
    steps[2].name = say("step.check_open", counted(open));
  ui.stepper(say("step.name"), steps);
}

/// Keeps where the person is, and brings them back there once there is as much to scroll.
void keep_place(Ui& ui, Model& model) {
  const bool whole = model.stage == Stage::ready &&
                     (model.mapping || model.mapping_trouble || !configurable(model.page.state));
  if (whole && model.scroll_back) {
    ui.scroll_to(*model.scroll_back);
    model.scroll_back.reset();
  }
  model.scrolled = ui.scrolled();
}

}  // namespace

void frame(Ui& ui) {
  auto& the = live();
  auto& model = the.model();
  bar(ui, the);
  ui.main(say("page.title"), [&] {
    if (model.stage != Stage::ready) return instead(ui, the);
    if (!model.pretended_attempt.empty()) return pretend(ui, the);
    ui.column({.gap = 4, .key = "head"}, [&] {
      if (ui.narrow())
        ui.text(firm_and_person(model.page.tenant, model.person()),
                {.tone = Tone::muted, .strong = true, .key = "whose"});
      if (ui.narrow() && model.page.sandbox)
        ui.chip({.text = say("bar.sandbox"), .tone = Tone::info});
      ui.heading(1, say("page.heading"));
      ui.text(say("page.sentence", {{"tenant", model.page.tenant}, {"host", model.page.host}}),
              {.tone = Tone::muted});
    });
    steps(ui, model);
    banners(ui, the);
    tile(ui, the);
    configuration(ui, the);
  });
  const bool mapped = model.stage == Stage::ready && model.pretended_attempt.empty() &&
                      model.mapping && configurable(model.page.state);
  if (mapped && !ui.low()) save_bar(ui, the, false);
  tray(ui, the);
  languages(ui, the);
  help(ui, the);
  if (mapped) edit_toast(ui, the);
  if (mapped) save_question(ui, the);
  if (model.stage == Stage::ready) disconnect_question(ui, the);
  keep_place(ui, model);
}

}  // namespace rekey::web::view
