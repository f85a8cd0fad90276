// The page from top to bottom: the bar, the view that the address names, and what stands over it.
#include <algorithm>

#include "web/model/http_backend.hpp"
#include "web/model/story.hpp"
#include "web/platform/platform.hpp"
#include "web/view/looks.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

/// Ctrl+P on the configuration prints all of it; elsewhere the browser prints what is seen.
bool print_all(void* page) {
  auto& live = *static_cast<LivePage*>(page);
  const auto& model = live.model();
  if (!has_mappings(model) || model.where.view != View::configuration) return false;
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

/// Whether all is there that the person may have had in sight.
bool is_whole(const Model& model) {
  if (model.stage != Stage::ready) return false;
  if (model.where.view != View::configuration || !configurable(model.page.state)) return true;
  if (!model.mapping) return model.mapping_trouble.has_value();
  switch (model.where.pane) {
    case Pane::versions:
      return model.where.version > 0 ? model.comparison.read : model.versions.read;
    case Pane::left_out:
      return model.set_aside.read;
    case Pane::lists: {
      const auto shown = model.mapping->shown();
      return std::all_of(shown.begin(), shown.end(),
                         [&](auto each) { return model.mapping->of(each).read; });
    }
    case Pane::settings:
    case Pane::company:
    case Pane::sheet:
      return true;
  }
  return true;
}

/// Brings the person back to where they were, once there is as much to scroll; and keeps where they
/// are.
void keep_place(Ui& ui, Model& model) {
  const auto& arriving = model.arriving;
  if (arriving && arriving->how != Arriving::How::followed && is_whole(model)) {
    if (arriving->how == Arriving::How::returned) {
      ui.return_to(arriving->top, arriving->focus);
      ui.announce(title_of(model));  // what has the focus again does not say where it is
    } else if (arriving->top > 0) {
      ui.scroll_to(arriving->top);
    }
    model.arriving.reset();
  }
  model.scrolled = ui.scrolled();
}

void shown(Ui& ui, LivePage& live) {
  switch (live.model().where.view) {
    case View::store:
      return store(ui, live);
    case View::connection:
      return connection(ui, live);
    case View::configuration:
      return configuration(ui, live);
  }
}

}  // namespace

void views(Ui& ui, const Model& model) {
  const auto link = [&](std::string_view id, View which) {
    return ViewLink{say(id), address_of({which}), model.where.view == which};
  };
  const std::array<ViewLink, 3> all{link("page.heading", View::store),
                                    link("nav.connection", View::connection),
                                    link("configuration.heading", View::configuration)};
  ui.views(say("nav.views"), all);
}

void arrive_next(Ui& ui, LivePage& live) {
  auto& arriving = live.model().arriving;
  if (!arriving || arriving->how != Arriving::How::followed) return;
  arriving.reset();
  ui.scroll_to_top();
  ui.go_to_next();
}

void frame(Ui& ui) {
  auto& the = live();
  auto& model = the.model();
  the.places.settle();
  bar(ui, the);
  ui.main(title_of(model), [&] {
    if (model.stage != Stage::ready) return instead(ui, the);
    if (!model.pretended_attempt.empty()) return pretend(ui, the);
    if (ui.narrow())
      ui.text(firm_and_person(model.page.tenant, model.person()),
              {.tone = Tone::muted, .strong = true, .key = "whose"});
    if (ui.narrow() && model.page.sandbox)
      ui.chip({.text = say("bar.sandbox"), .tone = Tone::info});
    views(ui, model);
    shown(ui, the);
  });
  const bool mapped = has_mappings(model);
  if (mapped && model.where.view == View::configuration && !ui.low()) save_bar(ui, the, false);
  tray(ui, the);
  languages(ui, the);
  help(ui, the);
  if (mapped) edit_toast(ui, the);
  if (mapped) save_question(ui, the);
  if (model.stage == Stage::ready) disconnect_question(ui, the);
  keep_place(ui, model);
}

}  // namespace rekey::web::view
