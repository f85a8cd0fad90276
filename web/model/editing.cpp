#include "web/model/editing.hpp"

#include "web/model/later.hpp"
#include "web/model/place.hpp"
#include "web/model/story.hpp"
#include "web/model/unsent.hpp"

namespace rekey::web {

namespace {

using editing::News;
using editing::NotTaken;

OptionWords option_words() {
  return {say("option.no_counterpart"), say("option.no_counterpart_detail"),
          say("option.inactive")};
}

NotTaken why_of(const Trouble& trouble) {
  if (trouble.problem.refusal == "changed_elsewhere") return NotTaken::changed_elsewhere;
  return trouble.kind == Trouble::Kind::refused ? NotTaken::refused : NotTaken::unknown;
}

Message not_read(const Trouble& trouble) {
  const bool silent = trouble.kind == Trouble::Kind::unreachable;
  return {Tone::danger, "configuration_failed.title",
          silent ? "trouble.unreachable" : "trouble.fault", words_of(trouble.problem)};
}

Message changed_elsewhere(const Mapping& mapping) {
  return {Tone::warning, "changed_elsewhere.title",
          mapping.unsent_changes() ? "changed_elsewhere.merged" : "changed_elsewhere.text"};
}

Message not_editable(const Model& model) {
  const auto why = why_not_edit(model).value_or(Refusal::import_first);
  return {Tone::warning, "draft_failed.title", "refused." + std::string(wire::name_of(why))};
}

}  // namespace

// What the person does ----------------------------------------------------------------------------

void Editing::choose(mapping::Section section, std::size_t row, const std::string& value) {
  web::choose(*visit_.model.mapping, section, row, value);
  changed();
}

void Editing::keep(mapping::Section section, std::size_t row) {
  keep_choice(*visit_.model.mapping, section, row);
  changed();
}

void Editing::set(const mapping::Settings& settings) {
  set_settings(*visit_.model.mapping, settings);
  changed();
}

void Editing::changed() {
  visit_.model.save_trouble.reset();
  take(editing::Changed{visit_.model.mapping->changes});
}

void Editing::look(mapping::Section section, Filter filter, std::string search) {
  web::look(visit_.model.mapping->of(section), filter, std::move(search));
}

void Editing::save() {
  if (take(editing::SavePressed{})) visit_.model.save_trouble.reset();
}

void Editing::try_again() {
  take(editing::TryAgainPressed{});
}

// What the page tells it --------------------------------------------------------------------------

void Editing::stepped() {
  if (visit_.model.stage == Stage::ready) take(editing::Stepped{});
}

void Editing::left() {
  visit_.model.mapping_trouble.reset();
  take(editing::Left{});
}

void Editing::reconnected() {
  if (std::exchange(visit_.model.mapping_trouble, std::nullopt)) try_again();
}

void Editing::leave(std::function<void(bool)> then) {
  leaving_ = std::move(then);
  if (!take(editing::SignOutPressed{})) left_or_stayed(false);
}

void Editing::left_or_stayed(bool leaves) {
  if (const auto then = std::exchange(leaving_, {})) then(leaves);
}

editing::Facts Editing::facts() const {
  const auto& state = visit_.model.page.state;
  return {configurable(state), !why_not_edit(visit_.model), state.import.run, state.save.revision};
}

/// Takes a step and performs what follows from it; false: it was refused.
bool Editing::take(const editing::Event& event) {
  auto step = editing::step(visit_.model.editing, event, facts());
  if (step.refused) return false;
  visit_.model.editing = std::move(step.next);
  for (const auto& action : step.actions)
    std::visit([this](const auto& each) { on(each); }, action);
  return true;
}

// The actions, and their answers
// --------------------------------------------------------------------

bool Editing::awaits(std::int64_t asked) const {
  return editing::awaits(visit_.model.editing, asked);
}

void Editing::not_done(const Trouble& trouble, const editing::Event& event) {
  if (trouble.kind == Trouble::Kind::session_ended) return visit_.ended(trouble);
  trouble_ = trouble;
  take(event);
}

void Editing::on(const editing::Wait& action) {
  later(static_cast<int>(action.ms),
        [this, asked = action.asked] { take(editing::Waited{asked}); });
}

void Editing::on(const editing::Fetch& action) {
  visit_.model.mapping_trouble.reset();
  visit_.backend->configuration([this, asked = action.asked](Reply<wire::ConfigurationPage> reply) {
    if (!awaits(asked)) return;
    if (!reply.value) return not_done(reply.trouble, editing::FetchFailed{asked});
    fetched(asked, std::move(*reply.value));
  });
}

void Editing::fetched(std::int64_t asked, wire::ConfigurationPage page) {
  auto& mapping = visit_.model.mapping;
  if (!mapping) {
    mapping.emplace();
    mapping->page.company = page.company;
    restore_unsent(visit_);
  }
  const bool other = page.company.realm_id != mapping->page.company.realm_id;
  const auto revision = page.revision;
  fetched_ = std::move(page);
  take(editing::Fetched{asked, revision, mapping->changes, other});
}

void Editing::on(const editing::Show&) {
  take_page(*visit_.model.mapping, std::exchange(fetched_, {}), option_words());
  restore_looks(visit_);
}

void Editing::on(const editing::Keep& action) {
  const auto& configuration = visit_.model.mapping->page.configuration;
  visit_.backend->keep(
      {visit_.model.editing.shown->revision, configuration},
      [this, asked = action.asked](Reply<wire::Outcome> reply) {
        if (!awaits(asked)) return;
        if (!reply.value)
          return not_done(reply.trouble, editing::KeepFailed{asked, why_of(reply.trouble)});
        visit_.take(*reply.value);
        take(editing::Kept{asked, reply.value->state.save.revision});
        visit_.stepped();
      });
}

void Editing::on(const editing::Save& action) {
  sent_ = with_suggestions(*visit_.model.mapping);
  visit_.backend->save(
      {visit_.model.editing.shown->revision, sent_},
      [this, asked = action.asked](Reply<wire::Outcome> reply) {
        if (!awaits(asked)) return;
        if (!reply.value)
          return not_done(reply.trouble, editing::SaveFailed{asked, why_of(reply.trouble)});
        visit_.take(*reply.value);
        take(editing::Saved{asked, reply.value->state.save.revision});
        visit_.stepped();
      });
}

void Editing::on(const editing::ShowSaved&) {
  auto page = visit_.model.mapping->page;
  page.configuration = std::exchange(sent_, {});
  take_page(*visit_.model.mapping, std::move(page), option_words());
}

void Editing::on(const editing::Remember&) {
  keep_unsent(visit_);
}

void Editing::on(const editing::Confirm& action) {
  confirm(*visit_.model.mapping, action.upto);
  keep_unsent(visit_);
}

void Editing::on(const editing::Tell& action) {
  auto& model = visit_.model;
  switch (action.news) {
    case News::changed_elsewhere:
      model.message = changed_elsewhere(*model.mapping);
      return;
    case News::changed_while_saving:
      model.save_trouble = changed_elsewhere(*model.mapping);
      return;
    case News::not_read:
      model.mapping_trouble = not_read(trouble_);
      return;
    case News::not_kept:
      return visit_.failed(trouble_, "draft_failed.title");
    case News::not_saved:
      return visit_.failed(trouble_, "save_failed.title", &Model::save_trouble);
    case News::not_editable:
      model.message = not_editable(model);
      return;
  }
}

void Editing::on(const editing::SignOut&) {
  left_or_stayed(true);
}

void Editing::on(const editing::Stay&) {
  left_or_stayed(false);
}

}  // namespace rekey::web
