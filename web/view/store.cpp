// The integration store: where the customer begins, and comes back to.
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

/// Each leads to where it is done, or can be looked at.
void steps(Ui& ui, const Model& model) {
  constexpr std::array<std::string_view, 4> ids{"step.connect", "step.import", "step.check",
                                                "step.save"};
  const auto states = steps_of(model);
  const auto connection = address_of({View::connection});
  const auto mappings =
      configurable(model.page.state) ? address_of({View::configuration}) : std::string();
  std::array<Step, 4> steps;
  for (std::size_t i = 0; i < steps.size(); ++i)
    steps[i] = {say(ids[i]), states[i], i < 2 ? connection : mappings};
  if (const auto open = open_lines(model); open > 0)
    steps[2].name = say("step.check_open", counted(open));
  ui.stepper(say("step.name"), steps);
}

}  // namespace

void unsaved(Ui& ui, const Model& model) {
  // Said by the banner already where nothing else is more urgent.
  if (!is_unsaved(model) || banner_story(model).action == BannerStory::Action::check) return;
  ui.row({.gap = 10, .key = "unsaved"}, [&] {
    ui.icon(Icon::save, Tone::warning, 20);
    ui.text(say("unsaved.text"), {.key = "words"});
    ui.link({.name = say("unsaved.link"),
             .href = address_of({View::configuration}),
             .key = "unsaved_link"});
  });
}

void store(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  ui.column({.gap = 4, .key = "head"}, [&] {
    arrive_next(ui, live);
    ui.heading(1, say("page.heading"));
    ui.text(say("page.sentence", {{"tenant", model.page.tenant}, {"host", model.page.host}}),
            {.tone = Tone::muted});
  });
  steps(ui, model);
  banners(ui, live);
  unsaved(ui, model);
  tile(ui, live);
}

}  // namespace rekey::web::view
