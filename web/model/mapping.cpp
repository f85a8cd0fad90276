#include "web/model/mapping.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace rekey::web {

namespace {

using mapping::Choice;
using mapping::Record;
using mapping::Section;
using mapping::Suggestion;

/// Small letters for the search; only of ASCII, since the search box is compared in the same way.
std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// Two of the host's accounts may well be one record there, but two customers hardly are.
bool one_to_one(Section section) {
  return section == Section::customers || section == Section::suppliers;
}

/// Texts with a dot between, those that are empty left out.
std::string dotted(std::initializer_list<std::string_view> texts) {
  std::string out;
  for (const auto each : texts) {
    if (each.empty()) continue;
    if (!out.empty()) out += " · ";
    out += each;
  }
  return out;
}

/// The path of a record that its name does not show.
std::string path_beside(const Record& record) {
  auto path = mapping::path_of(record);
  return path == record.name ? std::string() : path;
}

/// What else there is to tell a record by, the best first.
std::string_view mark_of(const Record& record) {
  for (const std::string_view each :
       {std::string_view(record.number), std::string_view(record.street),
        std::string_view(record.city), std::string_view(record.company)})
    if (!each.empty()) return each;
  return record.phones.empty() ? std::string_view() : std::string_view(record.phones.front());
}

/// Adds to the details of options that read alike, by what `more` gives of their records.
template <class More>
void tell_apart(std::vector<Option>& options, const std::vector<const Record*>& records,
                More&& more) {
  std::unordered_map<std::string, int> seen;
  const auto read = [](const Option& each) { return each.label + "\n" + each.detail; };
  for (const auto& each : options) ++seen[read(each)];
  for (std::size_t i = 0; i < options.size(); ++i)
    if (records[i] && seen[read(options[i])] > 1)
      options[i].detail = dotted({options[i].detail, more(*records[i])});
}

std::vector<Option> options_of(const std::vector<Record>& theirs, const OptionWords& words) {
  std::vector<Option> out;
  std::vector<const Record*> records;
  out.reserve(theirs.size() + 1);
  records.reserve(theirs.size() + 1);
  out.push_back(
      {std::string(no_counterpart), words.no_counterpart, words.no_counterpart_detail, false});
  records.push_back(nullptr);
  for (const bool active : {true, false})
    for (const auto& each : theirs) {
      if (each.active != active) continue;
      out.push_back(
          {each.id, each.name,
           dotted({path_beside(each), each.detail, active ? std::string_view() : words.inactive}),
           false});
      records.push_back(&each);
    }
  tell_apart(out, records, mark_of);
  tell_apart(out, records, [](const Record& each) { return "[" + each.id + "]"; });
  return out;
}

/// The details of options whose label is that of another one too, by their value.
std::unordered_map<std::string, std::string> alike_of(const std::vector<Option>& options) {
  std::unordered_map<std::string_view, int> labels;
  for (const auto& each : options) ++labels[each.label];
  std::unordered_map<std::string, std::string> out;
  for (const auto& each : options)
    if (labels[each.label] > 1) out[each.value] = each.detail;
  return out;
}

/// Names that occur twice get their path and detail, or where that does not help, their id.
void name_rows(SectionView& view, const std::vector<Record>& ours) {
  std::unordered_map<std::string, int> names, detailed;
  const auto with_detail = [](const Record& each) {
    const auto detail = dotted({path_beside(each), each.detail});
    return detail.empty() ? each.name : each.name + " (" + detail + ")";
  };
  for (const auto& each : ours) {
    ++names[each.name];
    ++detailed[with_detail(each)];
  }
  for (auto& row : view.rows) {
    const auto& record = ours[row.ours];
    row.title = record.name;
    if (names[record.name] > 1) row.title = with_detail(record);
    if (names[record.name] > 1 && detailed[with_detail(record)] > 1)
      row.title += " [" + record.id + "]";
    row.detail = dotted({path_beside(record), record.detail});
    row.lower = lower(record.name + "\n" + row.detail);
  }
}

void apply_choice(MappingRow& row, const Choice* choice) {
  if (!choice) {
    row.state = RowState::to_decide;
    row.value.clear();
  } else if (choice->theirs.empty()) {
    row.state = RowState::no_counterpart;
    row.value = std::string(no_counterpart);
  } else {
    row.state = RowState::matched;
    row.value = choice->theirs;
  }
}

bool passes(const MappingRow& row, Filter filter) {
  switch (filter) {
    case Filter::all:
      return true;
    case Filter::to_check:
      return row.change || row.state == RowState::to_decide || row.state == RowState::suggested;
    case Filter::changed:
      return row.change.has_value();
  }
  return true;
}

void count(SectionView& view) {
  view.counts = {};
  for (const auto& row : view.rows) {
    ++view.counts.all;
    if (row.change) ++view.counts.changed;
    if (passes(row, Filter::to_check)) ++view.counts.to_check;
    switch (row.state) {
      case RowState::to_decide:
        ++view.counts.to_decide;
        break;
      case RowState::suggested:
        ++view.counts.suggested;
        break;
      case RowState::matched:
        ++view.counts.matched;
        break;
      case RowState::no_counterpart:
        ++view.counts.no_counterpart;
        break;
    }
  }
}

/// Puts sure suggestions in where nothing was chosen, and lists the others to be offered first.
void suggest_rows(SectionView& view, Section section, const wire::ConfigurationPage& page) {
  std::unordered_set<std::string> taken;
  if (one_to_one(section))
    for (const auto& row : view.rows)
      if (row.state == RowState::matched) taken.insert(row.value);
  std::unordered_map<std::string, std::vector<const Suggestion*>> by_record;
  for (const auto& each : mapping::part_of(page, section)) by_record[each.ours].push_back(&each);
  const auto& ours = page.ours.of(section);
  for (auto& row : view.rows) {
    const auto found = by_record.find(ours[row.ours].id);
    if (found == by_record.end()) continue;
    for (const auto* each : found->second) row.suggested.push_back(each->theirs);
    const auto& best = *found->second.front();
    row.why = best.reasons;
    if (row.state != RowState::to_decide || !best.apply) continue;
    if (one_to_one(section) && !taken.insert(best.theirs).second) continue;
    row.state = RowState::suggested;
    row.value = best.theirs;
  }
}

void build(Mapping& mapping, Section section, const OptionWords& words) {
  const auto& page = mapping.page;
  auto& view = mapping.of(section);
  const auto& ours = page.ours.of(section);
  view.options = options_of(page.theirs.of(section), words);
  view.alike = alike_of(view.options);
  ++view.revision;
  std::unordered_map<std::string, const Choice*> choices;
  for (const auto& each : page.configuration.of(section)) choices[each.ours] = &each;
  view.rows.assign(ours.size(), {});
  std::unordered_map<std::string, MappingRow*> by_record;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    auto& row = view.rows[i];
    row.ours = i;
    const auto choice = choices.find(ours[i].id);
    apply_choice(row, choice == choices.end() ? nullptr : choice->second);
    by_record[ours[i].id] = &row;
  }
  name_rows(view, ours);
  suggest_rows(view, section, page);
  for (const auto& each : page.differences) {
    if (each.section != section || mapping.kept.count({section, each.ours})) continue;
    const auto row = by_record.find(each.ours);
    if (row != by_record.end()) row->second->change = each;
  }
  count(view);
  const int was = view.page;
  look(view, view.filter, view.search);
  view.page = std::min(was, pages_of(view) - 1);
}

}  // namespace

mapping::Sections sections_of(const wire::Page& page) {
  if (!page.lists.empty()) return page.lists;
  return {mapping::usual_sections.begin(), mapping::usual_sections.end()};
}

void take_page(Mapping& mapping, wire::ConfigurationPage page, const OptionWords& words) {
  if (page.company.realm_id != mapping.page.company.realm_id) mapping = {};
  mapping.page = std::move(page);
  // What the person did and the backend does not know yet is laid over what it sent.
  for (const auto& each : mapping.unsent)
    mapping.page.configuration.choose(each.section, each.choice);
  if (mapping.unsent_settings) mapping.page.configuration.settings = *mapping.unsent_settings;
  for (const auto section : mapping::all_sections) build(mapping, section, words);
}

void choose(Mapping& mapping, mapping::Section section, std::size_t index,
            const std::string& value) {
  auto& view = mapping.of(section);
  auto& row = view.rows[index];
  Choice choice{mapping.page.ours.of(section)[row.ours].id, "", ""};
  if (value != no_counterpart) {
    choice.theirs = value;
    for (const auto& each : view.options)
      if (each.value == value) choice.name = each.label;
  }
  mapping.page.configuration.choose(section, choice);
  apply_choice(row, &choice);
  if (row.change) {
    row.change.reset();
    mapping.kept.insert({section, choice.ours});
  }
  mapping.unsent.push_back({section, std::move(choice), ++mapping.changes});
  // The rows that are shown stay where they are, even if one no longer passes the filter: it would
  // otherwise vanish under the hand of the person who has just dealt with it.
  count(view);
}

void keep_choice(Mapping& mapping, mapping::Section section, std::size_t index) {
  const auto& view = mapping.of(section);
  const auto& row = view.rows[index];
  const auto known = std::any_of(view.options.begin(), view.options.end(),
                                 [&](const Option& each) { return each.value == row.value; });
  // Choosing the same again writes down what it is called now.
  if (known) choose(mapping, section, index, row.value);
}

void set_settings(Mapping& mapping, const mapping::Settings& settings) {
  mapping.page.configuration.settings = settings;
  mapping.unsent_settings = settings;
  mapping.settings_change = ++mapping.changes;
}

void confirm(Mapping& mapping, std::int64_t upto) {
  std::erase_if(mapping.unsent, [&](const Edit& each) { return each.number <= upto; });
  if (mapping.settings_change <= upto) mapping.unsent_settings.reset();
}

void look(SectionView& view, Filter filter, std::string search) {
  view.filter = filter;
  view.search = std::move(search);
  view.page = 0;
  view.shown.clear();
  const auto wanted = lower(view.search);
  for (std::size_t i = 0; i < view.rows.size(); ++i)
    if (passes(view.rows[i], filter) && view.rows[i].lower.find(wanted) != std::string::npos)
      view.shown.push_back(i);
}

mapping::Configuration with_suggestions(const Mapping& mapping) {
  auto out = mapping.page.configuration;
  for (const auto section : mapping::all_sections) {
    const auto& view = mapping.of(section);
    std::unordered_map<std::string_view, std::string_view> names;
    for (const auto& each : view.options) names[each.value] = each.label;
    for (const auto& row : view.rows)
      if (row.state == RowState::suggested)
        out.of(section).push_back(
            {mapping.page.ours.of(section)[row.ours].id, row.value, std::string(names[row.value])});
  }
  return out;
}

}  // namespace rekey::web
