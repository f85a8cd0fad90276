// What the person changes in the configuration: choices, undo and redo, Save Configuration, sheets.
#include <algorithm>

#include "web/model/editing.hpp"
#include "web/model/paper.hpp"
#include "web/model/story.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

using mapping::Section;

/// What makes a change of a line undone.
LineChange inverse_of(const LineChange& change, const wire::ConfigurationLine& before) {
  LineChange out{change.section, change.ours, before.choice, before.target};
  out.was = change.becomes;
  out.becomes = change.was;
  out.gone = change.gone;
  return out;
}

std::string label_of(const Mapping& mapping, const MappingRow& row, const std::string& value) {
  const auto in = [&](const std::vector<Option>& options) -> const Option* {
    for (const auto& each : options)
      if (each.value == value) return &each;
    return nullptr;
  };
  const auto* option = in(row.options);
  if (!option && mapping.open) option = in(mapping.open->options);
  return option ? option->label : std::string();
}

/// Whether a step that was done waits to be sent: it can be taken back as if it never was.
bool waits(const Mapping& mapping, const Done& done) {
  const auto& unsent = mapping.unsent;
  return done.number > mapping.sending && !unsent.empty() && unsent.back().number == done.number;
}

UndoWords words_of_step(std::string_view verb, const Done& done) {
  UndoWords out{std::string(verb), {}};
  if (done.sheet) {
    out.id += ".sheet";
  } else if (std::holds_alternative<LineChange>(done.change)) {
    out.id += ".line";
    out.values = {{"name", done.name}, {"value", done.value}};
  } else if (std::holds_alternative<SettingsChange>(done.change)) {
    out.id += ".settings";
  } else if (std::holds_alternative<AcceptChange>(done.change)) {
    out.id += ".accept";
    out.values = counted(done.lines);
  } else {
    out.id += ".back";
  }
  return out;
}

}  // namespace

/// Makes a change, and notes it so that it can be undone.
void Editing::change(Change change, Done done) {
  auto& mapping = *visit_.model.mapping;
  make(mapping, change);
  done.change = std::move(change);
  done.number = mapping.made;
  note(mapping.undo, std::move(done));
  changed();
}

void Editing::changed() {
  visit_.model.save_trouble.reset();
  take(editing::Changed{visit_.model.mapping->made});
}

void Editing::choose(Section section, const std::string& ours, const std::string& value) {
  auto& mapping = *visit_.model.mapping;
  const auto* row = find_row(mapping, section, ours);
  const auto line = change_of(mapping, section, ours, value);
  if (!row || !line) return;
  Done done;
  done.inverse = inverse_of(*line, row->line);
  done.name = row->title;
  done.value = label_of(mapping, *row, value);
  dealt_with(section, ours);
  change(*line, std::move(done));
}

void Editing::keep(Section section, const std::string& ours) {
  const auto* row = find_row(*visit_.model.mapping, section, ours);
  if (!row || !can_keep(*row)) return;
  // Choosing the same again writes down what it is called now.
  choose(section, ours, std::string(row->value));
}

void Editing::set(const mapping::Settings& settings) {
  const auto& before = visit_.model.mapping->settings;
  if (settings == before) return;
  Done done;
  done.inverse = SettingsChange{before};
  change(SettingsChange{settings}, std::move(done));
}

void Editing::accept(Section section) {
  Done done;
  done.lines = visit_.model.mapping->of(section).acceptable;
  if (done.lines > 0) change(AcceptChange{section, accept_confidence}, std::move(done));
}

void Editing::go_back(std::int64_t revision) {
  change(BackChange{revision}, {});
}

// Undo and redo -----------------------------------------------------------------------------------

std::optional<UndoWords> Editing::undo_words() const {
  const auto& mapping = visit_.model.mapping;
  if (!mapping || mapping->undo.done.empty() || why_not_edit(visit_.model)) return {};
  const auto& done = mapping->undo.done.back();
  // Of what is on its way, the revision before it is known; of what waits behind others, it is not.
  if (!done.inverse && !done.before && !waits(*mapping, done)) return {};
  return words_of_step("undo", done);
}

std::optional<UndoWords> Editing::redo_words() const {
  const auto& mapping = visit_.model.mapping;
  if (!mapping || mapping->undo.undone.empty() || why_not_edit(visit_.model)) return {};
  return words_of_step("redo", mapping->undo.undone.back());
}

void Editing::undo() {
  if (!can_undo()) return;
  auto& mapping = *visit_.model.mapping;
  auto done = std::move(mapping.undo.done.back());
  mapping.undo.done.pop_back();
  if (!done.inverse && waits(mapping, done)) {
    mapping.unsent.pop_back();
    lay_over(mapping);
    ++mapping.made;  // the machine is told that there is something new to be kept in the tab
  } else {
    make(mapping, done.inverse.value_or(BackChange{done.before.value_or(0)}));
  }
  forget_problems();
  mapping.undo.undone.push_back(std::move(done));
  changed();
}

void Editing::redo() {
  if (!can_redo()) return;
  auto& mapping = *visit_.model.mapping;
  auto done = std::move(mapping.undo.undone.back());
  mapping.undo.undone.pop_back();
  make(mapping, done.change);
  done.number = mapping.made;
  done.before.reset();
  forget_problems();
  mapping.undo.done.push_back(std::move(done));
  changed();
}

// Save Configuration ------------------------------------------------------------------------------

void Editing::press_save(bool two_to_one) {
  const auto before = std::exchange(two_to_one_, two_to_one);
  if (take(editing::SavePressed{})) return forget_problems();
  two_to_one_ = before;  // of the save that is under way
}

void Editing::save() {
  press_save(false);
}

void Editing::save_anyway() {
  if (!visit_.model.save_question.empty()) press_save(true);
}

void Editing::save_not() {
  visit_.model.save_question.clear();
}

void Editing::try_again() {
  take(editing::TryAgainPressed{});
}

void Editing::forget_problems() {
  auto& model = visit_.model;
  model.save_trouble.reset();
  model.save_problems.clear();
  model.more_save_problems = false;
  model.save_question.clear();
  if (!model.mapping || model.mapping->marks.empty()) return;
  model.mapping->marks.clear();
  lay_over(*model.mapping);
}

/// What the person does at a line may have put right what kept it from being saved.
void Editing::dealt_with(Section section, const std::string& ours) {
  auto& model = visit_.model;
  std::erase_if(model.save_problems, [&](const wire::SaveObstacle& each) {
    return each.section == section && each.ours == ours;
  });
  model.mapping->marks.erase({section, ours});
}

/// Keeps what was in the way of a save: each at its place. If it is only that lines share a
/// counterpart, that may be meant: it is asked.
void Editing::obstructed(wire::SaveAnswer answer) {
  auto& model = visit_.model;
  auto& mapping = *model.mapping;
  for (const auto& each : answer.problems)
    if (each.section) mapping.marks[{*each.section, each.ours}].push_back(each.problem);
  const bool shared =
      std::all_of(answer.problems.begin(), answer.problems.end(),
                  [](const auto& each) { return each.problem == wire::SaveProblem::two_to_one; });
  model.more_save_problems = answer.more;
  (shared ? model.save_question : model.save_problems) = std::move(answer.problems);
  lay_over(mapping);
}

// Sheets ------------------------------------------------------------------------------------------

void Editing::download_sheet() {
  auto& sheet = visit_.model.sheet;
  if (sheet.downloading) return;
  sheet.downloading = true;
  sheet.trouble.reset();
  visit_.backend->sheet([this, mine = visit_.generation](Reply<std::string> reply) {
    if (mine != visit_.generation) return;
    visit_.model.sheet.downloading = false;
    if (reply.value) return platform::save_file(say("sheet.file"), "text/csv", *reply.value);
    sheet_failed(reply.trouble, "sheet_not_given.title");
  });
}

void Editing::print() {
  auto& sheet = visit_.model.sheet;
  if (sheet.printing || !visit_.model.mapping) return;
  sheet.printing = true;
  sheet.trouble.reset();
  visit_.backend->sheet([this, mine = visit_.generation](Reply<std::string> reply) {
    if (mine != visit_.generation || !visit_.model.mapping) return;
    visit_.model.sheet.printing = false;
    if (!reply.value) return sheet_failed(reply.trouble, "not_printed.title");
    const auto made = paper(*reply.value, visit_.model);
    if (made) return platform::print(*made);
    visit_.model.sheet.trouble = Message{Tone::danger, "not_printed.title", "trouble.fault"};
  });
}

void Editing::upload_sheet() {
  platform::choose_file(".csv,text/csv", [this, mine = visit_.generation](std::string text) {
    if (mine != visit_.generation || !visit_.model.mapping) return;
    visit_.model.sheet.uploading = true;
    visit_.model.sheet.answer.reset();
    visit_.model.sheet.trouble.reset();
    sheet_ = std::move(text);
    send_sheet();
  });
}

void Editing::close_sheet() {
  visit_.model.sheet.answer.reset();
  visit_.model.sheet.trouble.reset();
}

/// Sends the sheet that was chosen, once nothing else is under way: it is about what the person has
/// seen, and so are the changes before it.
void Editing::send_sheet() {
  const auto& editing = visit_.model.editing;
  const bool waits = editing::is_running(editing) ||
                     (editing::has_unsent(editing) && editing.made > editing.refused);
  if (!sheet_ || waits || !editing.shown || visit_.model.stage != Stage::ready) return;
  const auto csv = *std::exchange(sheet_, std::nullopt);
  const auto seen = editing.shown->revision;
  visit_.backend->put_sheet(csv, seen,
                            [this, seen, mine = visit_.generation](Reply<wire::SheetAnswer> reply) {
                              if (mine != visit_.generation || !visit_.model.mapping) return;
                              sheet_answered(seen, std::move(reply));
                            });
}

void Editing::sheet_answered(std::int64_t seen, Reply<wire::SheetAnswer> reply) {
  auto& model = visit_.model;
  model.sheet.uploading = false;
  if (!reply.value) return sheet_failed(reply.trouble, "sheet_failed.title");
  model.sheet.answer = std::move(*reply.value);
  const auto& answer = *model.sheet.answer;
  if (!answer.outcome) return;
  const auto revision = answer.outcome->state.save.revision;
  Done done;
  done.change = BackChange{revision};
  done.before = seen;
  done.sheet = true;
  done.lines = answer.changed;
  model.mapping->revision = revision;
  note(model.mapping->undo, std::move(done));
  visit_.take(*answer.outcome);
  visit_.stepped();  // it is newer than what is shown: everything is read anew
}

void Editing::sheet_failed(const Trouble& trouble, std::string_view title) {
  if (trouble.kind == Trouble::Kind::session_ended) return visit_.ended(trouble);
  visit_.model.sheet.trouble = message_of(trouble, title);
  visit_.refresh();
}

}  // namespace rekey::web
