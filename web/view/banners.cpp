#include <cmath>

#include "core/connect/event.hpp"
#include "web/model/story.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

namespace {

void confirm_buttons(Ui& ui, LivePage& live) {
  const auto& connect = live.model().page.state.connect;
  const auto* confirming = std::get_if<connect::Confirming>(&connect.phase);
  if (!confirming) return;
  const auto* known = connect::known_company(connect);
  const auto name = [](const connect::Company* company) {
    return company && !company->name.empty() ? company->name : say("company.unnamed");
  };
  const auto use = say("button.use", {{"company", name(&confirming->found)}});
  const auto stay = say("button.stay", {{"company", name(known)}});
  command_button(ui, live, wire::Verb::confirm_company,
                 {.name = use, .kind = ButtonKind::primary, .key = "use"});
  command_button(ui, live, wire::Verb::decline_company, {.name = stay, .key = "stay"});
}

void company_buttons(Ui& ui, LivePage& live) {
  const auto yes = say("button.company_yes", {{"firm", live.model().page.tenant}});
  if (ui.button({.name = yes, .kind = ButtonKind::primary, .key = "company_yes"}))
    live.commands.answer_company(true);
  if (ui.button({.name = say("button.company_no"), .key = "company_no"}))
    live.commands.answer_company(false);
}

/// The same for one that they are told of, where silence is a yes.
void told_buttons(Ui& ui, LivePage& live) {
  const auto go_on = say("button.company_go_on"), stop = say("button.company_stop");
  command_button(ui, live, wire::Verb::confirm_company,
                 {.name = go_on, .kind = ButtonKind::primary, .key = "company_yes"});
  command_button(ui, live, wire::Verb::cancel, {.name = stop, .key = "company_no"});
}

/// The mappings wait to be looked at: the way there.
void mappings_link(Ui& ui) {
  ui.link({.name = say("check.title"),
           .href = address_of({View::configuration}),
           .look = LinkLook::primary,
           .icon = Icon::list_checks,
           .key = "check"});
}

/// The one thing to do about it, where it is not on the tile.
void action(Ui& ui, LivePage& live, BannerStory::Action which) {
  using Action = BannerStory::Action;
  switch (which) {
    case Action::confirm:
      return confirm_buttons(ui, live);
    case Action::company:
      return company_buttons(ui, live);
    case Action::told:
      return told_buttons(ui, live);
    case Action::resume:
      return command_button(ui, live, wire::Verb::resume_import,
                            {.name = say("button.resume"),
                             .kind = ButtonKind::primary,
                             .icon = Icon::play,
                             .key = "resume"});
    case Action::apply:
      return command_button(ui, live, wire::Verb::apply,
                            {.name = say("button.apply"),
                             .kind = ButtonKind::primary,
                             .icon = Icon::refresh_cw,
                             .key = "apply"});
    case Action::check:
      return mappings_link(ui);
    case Action::none:
    case Action::dismiss:
      return;
  }
}

void import_progress(Ui& ui, const Model& model) {
  const auto* running = std::get_if<imports::Running>(&model.page.state.import.phase);
  if (!running || !connect::live_grant(model.page.state.connect)) return;
  // The bar and its words count the same: records, as far as it is known how many there are.
  const auto percent = std::floor(total_of(running->progress).share() * 100);
  ui.progress({.name = say("import.overall"),
               .value = percent,
               .max = 100,
               .text = say("import.percent", {{"n", number(static_cast<std::int64_t>(percent))}}),
               .key = "overall"});
}

/// Whether nothing that the customer can do here mends it.
bool is_dead_end(const Model& model, const BannerStory& story) {
  if (story.action == BannerStory::Action::dismiss) {
    const auto* failure = fresh_failure(model);
    const auto why = failure ? wire::enumerator_of<connect::Failed>(failure->detail) : std::nullopt;
    return why && (connect::is_ours(*why) || *why == connect::Failed::company_elsewhere);
  }
  const auto& state = model.page.state;
  const auto* linked = std::get_if<connect::Linked>(&state.connect.phase);
  // With an import or an end in sight, the banner is about that.
  if (story.action != BannerStory::Action::none || !linked || !linked->trouble || linked->risk ||
      std::holds_alternative<imports::Running>(state.import.phase))
    return false;
  return connect::mender_of(linked->trouble->reason) == connect::Mender::operator_;
}

/// What is not a state of the connection: no server, no stream, something that went wrong.
void passing_banners(Ui& ui, LivePage& live) {
  auto& model = live.model();
  if (model.offline)
    ui.banner({.tone = Tone::info,
               .title = say("offline.title"),
               .text = say("offline.text"),
               .announce = false,
               .key = "offline"},
              [&] {
                if (ui.button({.name = say("button.leave_offline"), .small = true, .key = "leave"}))
                  live.session.leave_offline();
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
      live.commands.dismiss();
  }
}

}  // namespace

void banners(Ui& ui, LivePage& live) {
  const auto& model = live.model();
  passing_banners(ui, live);
  const auto story = banner_story(model);
  // The way to the mappings is not offered where they are shown.
  const bool is_there =
      story.action == BannerStory::Action::check && model.where.view == View::configuration;
  if (story.title.empty() || is_there) return;
  const bool dismissable = story.action == BannerStory::Action::dismiss;
  if (ui.banner({.tone = story.tone,
                 .title = story.title,
                 .text = story.text,
                 .dismissable = dismissable,
                 .dismiss_name = say("button.dismiss"),
                 .key = dismissable ? "failure" : "story"},
                [&] {
                  action(ui, live, story.action);
                  import_progress(ui, model);
                  if (is_dead_end(model, story)) way_back(ui, model);
                }))
    live.commands.dismiss();
}

}  // namespace rekey::web::view
