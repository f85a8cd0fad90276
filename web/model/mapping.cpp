#include "web/model/mapping.hpp"

#include <algorithm>

#include "core/overloaded.hpp"
#include "web/model/rows.hpp"

namespace rekey::web {

namespace {

using mapping::LineFilter;
using mapping::LineState;
using mapping::Section;
using mapping::SectionCounts;
using wire::ConfigurationLine;

std::int64_t& count_in(SectionCounts& counts, LineState state) {
  switch (state) {
    case LineState::undecided:
      return counts.undecided;
    case LineState::suggested:
      return counts.suggested;
    case LineState::chosen:
      return counts.chosen;
    case LineState::none:
      return counts.none;
    case LineState::create:
      break;
  }
  return counts.create;
}

void move_count(SectionCounts& counts, LineState from, LineState to, std::int64_t by) {
  // What the backend said may be of before or after: a count is never shown below nothing.
  const auto moved = std::min(by, count_in(counts, from));
  count_in(counts, from) -= moved;
  count_in(counts, to) += moved;
}

void lay_counts(SectionView& view, Section section, const Change& change) {
  std::visit(Overloaded{[&](const LineChange& line) {
                          if (line.section != section) return;
                          auto& counts = view.counts;
                          if (line.gone) return;
                          move_count(counts, line.was, line.becomes, 1);
                          if (line.was_changed && counts.changed > 0) --counts.changed;
                        },
                        [&](const AcceptChange& accept) {
                          if (accept.section != section) return;
                          move_count(view.counts, LineState::suggested, LineState::chosen,
                                     view.acceptable);
                          view.acceptable = 0;
                        },
                        [](const SettingsChange&) {}, [](const BackChange&) {}},
             change);
}

void choose_in(ConfigurationLine& line, std::optional<mapping::Choice> choice,
               std::optional<mapping::Record> target) {
  line.choice = std::move(choice);
  line.target = std::move(target);
  line.state = state_of(line.choice, !line.candidates.empty());
  line.change.reset();
  line.conflict = false;
}

/// Whether accepting all suggestions would take the best one of a line, as far as that can be seen
/// from the line alone.
bool would_accept(const ConfigurationLine& line, double confidence) {
  if (line.state != LineState::suggested || line.gone) return false;
  const auto& best = line.candidates;
  return best.front().confidence >= confidence && best.front().record.active &&
         (best.size() < 2 || best[1].confidence < best.front().confidence);
}

/// Lays a change over a line; whether it is one of this line.
bool lay_line(ConfigurationLine& line, Section section, const Change& change) {
  if (const auto* one = std::get_if<LineChange>(&change)) {
    if (one->section != section || one->ours != line.ours.id) return false;
    choose_in(line, one->choice, one->target);
    return true;
  }
  const auto* accept = std::get_if<AcceptChange>(&change);
  if (!accept || accept->section != section || !would_accept(line, accept->confidence))
    return false;
  const auto record = line.candidates.front().record;
  choose_in(line, mapping::Choice{line.ours.id, record.id, record.name}, record);
  return true;
}

const mapping::Record* find_record(const Mapping& mapping, Section section,
                                   const ConfigurationLine& line, const std::string& id) {
  for (const auto& each : line.candidates)
    if (each.record.id == id) return &each.record;
  if (line.target && line.target->id == id) return &*line.target;
  const auto& open = mapping.open;
  if (open && open->section == section && open->ours == line.ours.id)
    for (const auto& each : open->found)
      if (each.id == id) return &each;
  return nullptr;
}

void begin_with(Mapping& mapping, const wire::ConfigurationSummary& summary) {
  const auto& before = mapping.company.realm_id;
  if (!before.empty() && summary.company.realm_id != before) mapping = {};
  if (summary.revision != mapping.revision) changed_elsewhere(mapping.undo);
}

/// The section to begin with: the first that has something to check, or at least a line.
void select_first(Mapping& mapping) {
  const bool there = mapping::is_among(mapping.selected, mapping.order);
  if (mapping.order.empty() || (there && mapping.was_selected)) return;
  const auto first = [&](const auto& wanted) {
    return std::find_if(mapping.order.begin(), mapping.order.end(),
                        [&](Section each) { return wanted(mapping.of(each).told) > 0; });
  };
  auto found = first(to_check);
  if (found == mapping.order.end())
    found = first([](const SectionCounts& counts) { return counts.total + counts.gone; });
  mapping.selected = found == mapping.order.end() ? mapping.order.front() : *found;
  mapping.was_selected = !mapping.matching;
}

}  // namespace

mapping::LineState state_of(const std::optional<mapping::Choice>& choice, bool candidates) {
  if (!choice) return candidates ? mapping::LineState::suggested : mapping::LineState::undecided;
  switch (mapping::decision_of(*choice)) {
    case mapping::Decision::chosen:
      return mapping::LineState::chosen;
    case mapping::Decision::none:
      return mapping::LineState::none;
    case mapping::Decision::create:
      break;
  }
  return mapping::LineState::create;
}

// What is asked of it -----------------------------------------------------------------------------

bool SectionView::has_after() const {
  return first + rows_per_page < lines.size() || next.has_value();
}

bool Mapping::all_below_each_other() const {
  std::int64_t all = 0;
  for (const auto each : order) all += of(each).told.total + of(each).told.gone;
  return all <= most_below_each_other;
}

mapping::Sections Mapping::shown() const {
  if (order.empty() || all_below_each_other()) return order;
  return {selected};
}

mapping::Sections sections_of(const wire::Page& page) {
  if (!page.lists.empty()) return page.lists;
  return {mapping::usual_sections.begin(), mapping::usual_sections.end()};
}

SectionCounts sum(const Mapping& mapping) {
  SectionCounts out;
  for (const auto section : mapping.order) {
    const auto& each = mapping.of(section).counts;
    out.total += each.total;
    out.undecided += each.undecided;
    out.suggested += each.suggested;
    out.chosen += each.chosen;
    out.none += each.none;
    out.create += each.create;
    out.changed += each.changed;
    out.conflicts += each.conflicts;
    out.gone += each.gone;
  }
  return out;
}

std::int64_t count_of(const SectionCounts& counts, std::optional<LineFilter> filter) {
  if (!filter) return counts.total + counts.gone;
  switch (*filter) {
    case LineFilter::undecided:
      return counts.undecided;
    case LineFilter::suggested:
      return counts.suggested;
    case LineFilter::chosen:
      return counts.chosen;
    case LineFilter::none:
      return counts.none;
    case LineFilter::create:
      return counts.create;
    case LineFilter::changed:
      return counts.changed;
    case LineFilter::conflicts:
      return counts.conflicts;
    case LineFilter::gone:
      break;
  }
  return counts.gone;
}

std::int64_t to_check(const SectionCounts& counts) {
  return counts.undecided + counts.suggested + counts.changed + counts.conflicts;
}

bool can_create(Section section) {
  return section == Section::customers || section == Section::suppliers ||
         section == Section::items;
}

bool can_keep(const MappingRow& row) {
  const auto& line = row.line;
  if (!line.change || !line.choice) return false;
  return line.choice->theirs.empty() || line.target.has_value();
}

// What the backend said ---------------------------------------------------------------------------

void take_summary(Mapping& mapping, wire::ConfigurationSummary summary) {
  begin_with(mapping, summary);
  mapping.company = std::move(summary.company);
  mapping.revision = summary.revision;
  mapping.saved = summary.saved;
  mapping.told_settings = std::move(summary.settings);
  mapping.terms = std::move(summary.terms);
  mapping.facts = std::move(summary.facts);
  mapping.set_aside = std::move(summary.set_aside);
  mapping.required = std::move(summary.required);
  mapping.changes = std::move(summary.changes);
  mapping.matching = summary.matching;
  mapping.order.clear();
  for (const auto& each : summary.sections) {
    mapping.order.push_back(each.section);
    mapping.of(each.section).told = each;
  }
  select_first(mapping);
}

void take_lines(SectionView& view, wire::LinesPage page) {
  view.lines = std::move(page.lines);
  view.next = std::move(page.next);
  view.read = true;
  view.reading = false;
  view.trouble.reset();
}

void take_answer(Mapping& mapping, const wire::EditAnswer& answer,
                 const std::vector<wire::ChoicePatch>& sent) {
  if (answer.outcome) mapping.revision = answer.outcome->state.save.revision;
  for (const auto& each : answer.sections) mapping.of(each.section).told = each;
  // Lines come in the order in which they were named, and do not say their section.
  auto line = answer.lines.begin();
  for (const auto& each : sent) {
    if (line == answer.lines.end()) return;
    if (line->ours.id != each.ours) continue;  // there is no such line any more
    for (auto& held : mapping.of(each.section).lines)
      if (held.ours.id == each.ours) held = *line;
    ++line;
  }
}

void confirm(Mapping& mapping, std::int64_t upto) {
  // What was confirmed is what the backend has: settings do not come with its answer.
  for (const auto& each : mapping.unsent)
    if (const auto* settings = std::get_if<SettingsChange>(&each.what))
      if (each.number <= upto) mapping.told_settings = settings->settings;
  std::erase_if(mapping.unsent, [&](const Edit& each) { return each.number <= upto; });
  lay_over(mapping);
}

void lay_over(Mapping& mapping, Section section) {
  auto& view = mapping.of(section);
  view.counts = view.told;
  view.acceptable = view.told_acceptable;
  for (const auto& each : mapping.unsent) lay_counts(view, section, each.what);
  const auto first = std::min(view.first, view.lines.size());
  const auto count = std::min(rows_per_page, view.lines.size() - first);
  view.rows.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto line = view.lines[first + i];
    bool unsent = false;
    for (const auto& each : mapping.unsent) unsent |= lay_line(line, section, each.what);
    auto& row = view.rows[i] = row_of(section, std::move(line));
    row.unsent = unsent;
    row.revision = ++view.revision;
    if (const auto marks = mapping.marks.find({section, row.line.ours.id});
        marks != mapping.marks.end())
      row.problems = marks->second;
  }
  name_rows(view.rows);
}

void lay_over(Mapping& mapping) {
  mapping.settings = mapping.told_settings;
  for (const auto& each : mapping.unsent)
    if (const auto* change = std::get_if<SettingsChange>(&each.what))
      mapping.settings = change->settings;
  for (const auto section : mapping.order) lay_over(mapping, section);
}

// What the person changes -------------------------------------------------------------------------

MappingRow* find_row(Mapping& mapping, Section section, const std::string& ours) {
  for (auto& each : mapping.of(section).rows)
    if (each.line.ours.id == ours) return &each;
  return nullptr;
}

std::optional<LineChange> change_of(const Mapping& mapping, Section section,
                                    const std::string& ours, const std::string& value) {
  const auto& rows = mapping.of(section).rows;
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const MappingRow& each) { return each.line.ours.id == ours; });
  if (row == rows.end() || value.empty()) return {};
  const auto& line = row->line;
  LineChange out{section, ours};
  if (value == no_counterpart || value == create_later) {
    out.choice = mapping::Choice{ours, "", "", value == create_later};
  } else if (value != undecided) {
    const auto* record = find_record(mapping, section, line, value);
    if (!record) return {};
    out.choice = mapping::Choice{ours, record->id, record->name};
    out.target = *record;
  }
  // Choosing the same again writes down what it is called now, where that has changed.
  const bool same = out.choice.has_value() == line.choice.has_value() &&
                    (!out.choice || (out.choice->theirs == line.choice->theirs &&
                                     out.choice->create == line.choice->create));
  if (same && !line.change) return {};
  out.was = line.state;
  out.becomes = state_of(out.choice, !line.candidates.empty());
  out.was_changed = line.change.has_value();
  out.gone = line.gone;
  return out;
}

void make(Mapping& mapping, Change change) {
  const auto* line = std::get_if<LineChange>(&change);
  const auto* accept = std::get_if<AcceptChange>(&change);
  const auto section = line     ? std::optional(line->section)
                       : accept ? std::optional(accept->section)
                                : std::nullopt;
  if (const auto* settings = std::get_if<SettingsChange>(&change))
    mapping.settings = settings->settings;
  mapping.unsent.push_back({std::move(change), ++mapping.made});
  if (section) lay_over(mapping, *section);
}

}  // namespace rekey::web
