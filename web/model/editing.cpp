#include "web/model/editing.hpp"

#include "core/overloaded.hpp"
#include "web/model/later.hpp"
#include "web/model/story.hpp"
#include "web/model/unsent.hpp"

namespace rekey::web {

namespace {

using editing::News;
using editing::NotTaken;

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

/// The changes that are to be sent now: those that the machine has begun to keep.
std::vector<Edit> edits_of(const Model& model) {
  auto out = model.mapping->unsent;
  if (const auto* keeping = std::get_if<editing::Keeping>(&model.editing.phase))
    std::erase_if(out, [&](const Edit& each) { return each.number > keeping->upto; });
  return out;
}

}  // namespace

// What the page tells it --------------------------------------------------------------------------

void Editing::stepped() {
  if (visit_.model.stage != Stage::ready) return;
  take(editing::Stepped{});
  looking_.resume();
}

void Editing::left() {
  visit_.model.mapping_trouble.reset();
  if (visit_.model.mapping) visit_.model.mapping->sending = 0;
  // What was meant for this configuration is not sent to whatever is shown next.
  sheet_.reset();
  auto& sheet = visit_.model.sheet;
  sheet.uploading = sheet.downloading = sheet.printing = false;
  two_to_one_ = false;
  looking_.start_over();
  take(editing::Left{});
}

void Editing::reconnected() {
  if (std::exchange(visit_.model.mapping_trouble, std::nullopt)) try_again();
  if (!visit_.model.mapping) return;
  for (const auto section : visit_.model.mapping->shown())
    if (visit_.model.mapping->of(section).trouble) looking_.try_again(section);
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
  send_sheet();
  return true;
}

// The actions, and their answers ------------------------------------------------------------------

bool Editing::awaits(std::int64_t asked) const {
  return editing::awaits(visit_.model.editing, asked);
}

void Editing::not_done(const Trouble& trouble, const editing::Event& event) {
  if (visit_.model.mapping) visit_.model.mapping->sending = 0;
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
  looking_.read([this, asked = action.asked](const Trouble* trouble) {
    if (!awaits(asked)) return;
    if (trouble) return not_done(*trouble, editing::FetchFailed{asked});
    fetched(asked);
  });
}

void Editing::fetched(std::int64_t asked) {
  auto& mapping = visit_.model.mapping;
  if (!mapping) {
    mapping = looking_.read_mapping();
    restore_unsent(visit_);
  }
  const bool other = looking_.read_mapping().company.realm_id != mapping->company.realm_id;
  take(editing::Fetched{asked, looking_.read_revision(), mapping->made, other});
}

void Editing::on(const editing::Show&) {
  const auto company = visit_.model.mapping->company.realm_id;
  looking_.show_read();
  if (visit_.model.mapping->company.realm_id != company) forget_problems();
}

void Editing::on(const editing::Keep& action) {
  const auto asked = action.asked;
  const auto seen = visit_.model.editing.shown->revision;
  const auto edits = edits_of(visit_.model);
  // What was to be sent was undone before it went.
  if (edits.empty())
    return later(0, [this, asked, seen] {
      if (awaits(asked)) take(editing::Kept{asked, seen});
    });
  const auto next = next_edit(edits, seen);
  visit_.model.mapping->sending = next.upto;
  sent(visit_.model.mapping->undo, next.upto, seen);
  auto& backend = *visit_.backend;
  std::visit(Overloaded{[&](const wire::ConfigurationPatch& patch) {
                          backend.change(patch, kept(asked, next.upto, patch.choices));
                        },
                        [&](const wire::AcceptSuggestions& what) {
                          backend.accept(what, kept(asked, next.upto, {}));
                        },
                        [&](const wire::GoBack& where) {
                          backend.go_back(where, kept(asked, next.upto, {}));
                        }},
             next.request);
}

Then<wire::EditAnswer> Editing::kept(std::int64_t asked, std::int64_t upto,
                                     std::vector<wire::ChoicePatch> sent) {
  return [this, asked, upto, sent = std::move(sent)](Reply<wire::EditAnswer> reply) {
    if (!awaits(asked)) return;
    if (!reply.value)
      return not_done(reply.trouble, editing::KeepFailed{asked, why_of(reply.trouble)});
    answered(asked, upto, *reply.value, sent);
  };
}

void Editing::answered(std::int64_t asked, std::int64_t upto, const wire::EditAnswer& answer,
                       const std::vector<wire::ChoicePatch>& sent) {
  auto& mapping = *visit_.model.mapping;
  const auto seen = visit_.model.editing.shown->revision;
  if (answer.outcome) visit_.take(*answer.outcome);
  mapping.sending = 0;
  take_answer(mapping, answer, sent);
  counted(mapping.undo, upto, answer.changed);
  const bool whole = answer.lines.size() < sent.size() || sent.empty();
  take(editing::Kept{asked, answer.outcome ? answer.outcome->state.save.revision : seen, upto});
  // What more was changed than the answer says is read; otherwise only a number is.
  if (whole) looking_.read_again();
  mapping::Sections counts;
  for (const auto& each : sent)
    if (!whole && !mapping::is_among(each.section, counts)) counts.push_back(each.section);
  for (const auto each : counts) looking_.count_acceptable(each);
  visit_.stepped();
}

void Editing::on(const editing::Save& action) {
  const wire::SaveChoices choices{visit_.model.editing.shown->revision,
                                  two_to_one_ ? std::optional(true) : std::nullopt, true};
  visit_.backend->save(choices, [this, asked = action.asked](Reply<wire::SaveAnswer> reply) {
    if (!awaits(asked)) return;
    two_to_one_ = false;
    if (!reply.value)
      return not_done(reply.trouble, editing::SaveFailed{asked, why_of(reply.trouble)});
    saved(asked, std::move(*reply.value));
  });
}

void Editing::saved(std::int64_t asked, wire::SaveAnswer answer) {
  if (!answer.outcome) {
    obstructed(std::move(answer));
    trouble_ = {Trouble::Kind::refused};
    take(editing::SaveFailed{asked, NotTaken::refused});
    return;
  }
  visit_.take(*answer.outcome);
  const auto revision = answer.outcome->state.save.revision;
  visit_.model.mapping->revision = revision;
  visit_.model.mapping->counts_are_old = true;
  take(editing::Saved{asked, revision});
  visit_.stepped();
}

void Editing::on(const editing::ShowSaved&) {
  // Suggestions have become choices.
  looking_.read_again();
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
      two_to_one_ = false;
      return not_saved();
    case News::not_editable:
      model.message = not_editable(model);
      return;
  }
}

void Editing::not_saved() {
  auto& model = visit_.model;
  if (!model.save_question.empty()) return;  // the person is asked
  if (model.save_problems.empty())
    return visit_.failed(trouble_, "save_failed.title", &Model::save_trouble);
  model.save_trouble = Message{Tone::warning, "save_problems.title", "save_problems.text"};
}

void Editing::on(const editing::SignOut&) {
  left_or_stayed(true);
}

void Editing::on(const editing::Stay&) {
  left_or_stayed(false);
}

}  // namespace rekey::web
