// Choices on their way to the backend: kept as a draft while they are made, saved when asked to.
#include <algorithm>

#include "web/model/app.hpp"
#include "web/model/story.hpp"

namespace rekey::web {

namespace {

/// Long enough that going through rows quickly is one request, short enough to be safe.
constexpr int autosave_ms = 800;

OptionWords option_words() {
  return {say("option.no_counterpart"), say("option.no_counterpart_detail"),
          say("option.inactive")};
}

}  // namespace

/// Looks whether the configuration must be fetched: for the first time, after another import, or
/// because somebody else changed it.
void App::after_step() {
  settle_company_question();
  const auto& state = model_.page.state;
  if (model_.stage != Stage::ready || !configurable(state)) return;
  if (model_.loading || keeping_ || model_.saving) return;
  if (model_.mapping_trouble) return;
  const bool newer = !model_.mapping || loaded_run_ != state.import.run ||
                     model_.mapping->page.revision < state.save.revision;
  if (!newer) {
    // A save was awaited, or an answer was lost, with choices left behind.
    if (model_.mapping->unsent_changes() && !blocked_) autosave(autosave_ms);
    return;
  }
  if (model_.mapping && model_.mapping->unsent_changes()) changed_elsewhere(false);
  load_configuration();
}

void App::load_configuration() {
  model_.loading = true;
  model_.mapping_trouble.reset();
  const auto run = model_.page.state.import.run;
  backend_->configuration([this, run, mine = loading_](Reply<wire::ConfigurationPage> reply) {
    if (mine != loading_) return;
    model_.loading = false;
    if (!reply.value) {
      if (reply.trouble.kind == Trouble::Kind::session_ended) return failed(reply.trouble, "");
      Message message{Tone::danger, "configuration_failed.title", "trouble.unreachable"};
      if (reply.trouble.kind != Trouble::Kind::unreachable) message.text = "trouble.fault";
      message.words = reply.trouble.problem.detail;
      model_.mapping_trouble = std::move(message);
      return;
    }
    loaded_run_ = run;
    const bool first = !model_.mapping;
    if (first) {
      model_.mapping.emplace();
      restore_unsent();
      model_.mapping->page.company = reply.value->company;
    }
    take_page(*model_.mapping, std::move(*reply.value), option_words());
    if (first) restore_looks();
    after_step();
  });
}

void App::choose(mapping::Section section, std::size_t row, const std::string& value) {
  web::choose(*model_.mapping, section, row, value);
  edited();
}

void App::keep(mapping::Section section, std::size_t row) {
  keep_choice(*model_.mapping, section, row);
  edited();
}

void App::set(const mapping::Settings& settings) {
  set_settings(*model_.mapping, settings);
  edited();
}

void App::edited() {
  model_.saved_here = false;
  blocked_ = false;
  model_.save_trouble.reset();
  keep_unsent();
  autosave(autosave_ms);
}

void App::look(mapping::Section section, Filter filter, std::string search) {
  web::look(model_.mapping->of(section), filter, std::move(search));
}

void App::autosave(int after_ms) {
  if (autosave_set_) return;
  autosave_set_ = true;
  later(after_ms, [this] {
    autosave_set_ = false;
    keep_draft();
  });
}

/// One draft at a time is on its way; what is changed meanwhile goes with the next.
void App::keep_draft() {
  if (!model_.mapping || keeping_ || model_.saving || model_.loading) return;
  if (!model_.mapping->unsent_changes()) return;
  if (why_not_edit(model_)) return;  // the next step of the connection looks again
  keeping_ = true;
  const auto edits = model_.mapping->unsent.size();
  const auto& page = model_.mapping->page;
  backend_->keep({page.revision, page.configuration},
                 [this, edits, settings = page.configuration.settings,
                  mine = loading_](Reply<wire::Outcome> reply) {
                   if (mine == loading_) kept(std::move(reply), edits, settings);
                 });
}

void App::kept(Reply<wire::Outcome> reply, std::size_t edits, const mapping::Settings& settings) {
  keeping_ = false;
  if (std::exchange(sign_out_wanted_, false)) return finish_sign_out();
  if (!reply.value) {
    const bool wanted = std::exchange(save_wanted_, false);
    if (wanted) model_.saving = false;
    const auto& trouble = reply.trouble;
    if (trouble.kind == Trouble::Kind::session_ended) return failed(trouble, "");
    if (trouble.problem.refusal == "changed_elsewhere") {
      changed_elsewhere(wanted);
      return load_configuration();
    }
    if (trouble.kind != Trouble::Kind::refused && !wanted) {
      // Nothing is lost: the choices stay here and go again. It is not known whether these arrived,
      // so what the backend has is read first.
      later(retry_ms, [this, mine = loading_] {
        if (mine == loading_ && !model_.loading) load_configuration();
      });
      return;
    }
    blocked_ = true;
    return failed(trouble, wanted ? "save_failed.title" : "draft_failed.title", wanted);
  }
  confirm_sent(edits, settings);
  model_.mapping->page.revision = reply.value->state.save.revision;
  took(*reply.value);
  if (std::exchange(save_wanted_, false)) post_save();
}

/// What was sent is stored now; what was changed since is still to be sent.
void App::confirm_sent(std::size_t edits, const mapping::Settings& settings) {
  auto& mapping = *model_.mapping;
  mapping.unsent.erase(
      mapping.unsent.begin(),
      mapping.unsent.begin() + static_cast<std::ptrdiff_t>(std::min(edits, mapping.unsent.size())));
  if (mapping.unsent_settings == settings) mapping.unsent_settings.reset();
  keep_unsent();
}

void App::save() {
  if (!model_.mapping || model_.saving) return;
  model_.save_trouble.reset();
  model_.saving = true;
  blocked_ = false;
  if (keeping_) {
    save_wanted_ = true;
    return;
  }
  post_save();
}

void App::post_save() {
  model_.saving = true;
  auto configuration = with_suggestions(*model_.mapping);
  const wire::Choices choices{model_.mapping->page.revision, std::move(configuration)};
  const auto edits = model_.mapping->unsent.size();
  backend_->save(choices, [this, edits, sent = choices.configuration,
                           mine = loading_](Reply<wire::Outcome> reply) {
    if (mine != loading_) return;
    saved(std::move(reply), sent, edits);
  });
}

void App::saved(Reply<wire::Outcome> reply, const mapping::Configuration& sent, std::size_t edits) {
  model_.saving = false;
  if (!reply.value) {
    if (reply.trouble.problem.refusal == "changed_elsewhere") {
      changed_elsewhere(true);
      return load_configuration();
    }
    blocked_ = true;
    return failed(reply.trouble, "save_failed.title", true);
  }
  auto& mapping = *model_.mapping;
  confirm_sent(edits, sent.settings);
  auto page = mapping.page;
  page.configuration = sent;
  page.revision = reply.value->state.save.revision;
  take_page(mapping, std::move(page), option_words());
  model_.saved_here = true;
  took(*reply.value);
}

/// Somebody else changed the configuration: the newest is fetched, and what was chosen here and not
/// kept yet is laid over it, so that neither is lost.
void App::changed_elsewhere(bool while_saving) {
  model_.saved_here = false;
  auto& where = while_saving ? model_.save_trouble : model_.message;
  where = Message{
      Tone::warning, "changed_elsewhere.title",
      model_.mapping->unsent_changes() ? "changed_elsewhere.merged" : "changed_elsewhere.text"};
}

}  // namespace rekey::web
