#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

void confirm_buttons(Ui& ui, App& app) {
  const auto& connect = app.model().page.state.connect;
  const auto* confirming = std::get_if<connect::Confirming>(&connect.phase);
  if (!confirming) return;
  const auto* known = connect::known_company(connect);
  const auto name = [](const connect::Company* company) {
    return company && !company->name.empty() ? company->name : say("company.unnamed");
  };
  const auto use = say("button.use", {{"company", name(&confirming->found)}});
  const auto stay = say("button.stay", {{"company", name(known)}});
  command_button(ui, app, wire::Verb::confirm_company,
                 {.name = use, .kind = ButtonKind::primary, .key = "use"});
  command_button(ui, app, wire::Verb::decline_company, {.name = stay, .key = "stay"});
}

void company_buttons(Ui& ui, App& app) {
  const auto yes = say("button.company_yes", {{"firm", app.model().page.tenant}});
  if (ui.button({.name = yes, .kind = ButtonKind::primary, .key = "company_yes"}))
    app.answer_company(true);
  if (ui.button({.name = say("button.company_no"), .key = "company_no"})) app.answer_company(false);
}

/// The one thing to do about it, where it is not on the tile.
void action(Ui& ui, App& app, BannerStory::Action which) {
  using Action = BannerStory::Action;
  switch (which) {
    case Action::confirm:
      return confirm_buttons(ui, app);
    case Action::company:
      return company_buttons(ui, app);
    case Action::resume:
      return command_button(ui, app, wire::Verb::resume_import,
                            {.name = say("button.resume"),
                             .kind = ButtonKind::primary,
                             .icon = Icon::play,
                             .key = "resume"});
    case Action::apply:
      return command_button(ui, app, wire::Verb::apply,
                            {.name = say("button.apply"),
                             .kind = ButtonKind::primary,
                             .icon = Icon::refresh_cw,
                             .key = "apply"});
    case Action::none:
    case Action::dismiss:
      return;
  }
}

void import_progress(Ui& ui, const Model& model) {
  const auto* running = std::get_if<imports::Running>(&model.page.state.import.phase);
  if (!running || !connect::live_grant(model.page.state.connect)) return;
  const auto total = total_of(running->progress);
  ui.progress({.name = say("import.overall"),
               .value = total.share(),
               .max = 1,
               .text = say("import.lists",
                           {{"done", number(total.lists_done)}, {"all", number(total.lists)}}),
               .key = "overall"});
}

/// What is not a state of the connection: no server, no stream, something that went wrong.
void passing_banners(Ui& ui, App& app) {
  auto& model = app.model();
  if (model.offline)
    ui.banner({.tone = Tone::info,
               .title = say("offline.title"),
               .text = say("offline.text"),
               .announce = false,
               .key = "offline"},
              [&] {
                if (ui.button({.name = say("button.leave_offline"), .small = true, .key = "leave"}))
                  app.leave_offline();
              });
  if (model.lost)
    ui.banner({.tone = Tone::warning,
               .title = say("lost.title"),
               .text = say("lost.text"),
               .key = "lost"});
  if (model.message) {
    const auto title = say(model.message->title);
    const auto words = words_of(*model.message);
    if (ui.banner({.tone = model.message->tone,
                   .title = title,
                   .text = words,
                   .dismissable = true,
                   .dismiss_name = say("button.dismiss"),
                   .key = "message"}))
      app.dismiss();
  }
}

}  // namespace

void banners(Ui& ui, App& app) {
  const auto& model = app.model();
  passing_banners(ui, app);
  const auto story = banner_story(model);
  if (story.title.empty()) return;
  const bool dismissable = story.action == BannerStory::Action::dismiss;
  if (ui.banner({.tone = story.tone,
                 .title = story.title,
                 .text = story.text,
                 .dismissable = dismissable,
                 .dismiss_name = say("button.dismiss"),
                 .key = dismissable ? "failure" : "story"},
                [&] {
                  action(ui, app, story.action);
                  import_progress(ui, model);
                }))
    app.dismiss();
}

}  // namespace rekey::web::view
