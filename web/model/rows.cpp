#include "web/model/rows.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/text/fold.hpp"
#include "web/model/model.hpp"

namespace rekey::web {

namespace {

using mapping::Record;
using mapping::Section;
using wire::ConfigurationLine;

/// Texts with a dot between, those that are empty left out.
std::string dotted(std::initializer_list<std::string_view> texts) {
  std::string out;
  for (const auto each : texts) {
    if (each.empty()) continue;
    if (!out.empty()) out += " · ";
    out += beside_others(each);
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
    if (seen[read(options[i])] > 1)
      options[i].detail = dotted({options[i].detail, more(*records[i])});
}

std::vector<Option> record_options(const std::vector<const Record*>& records) {
  std::vector<Option> out;
  for (const auto* each : records) {
    const auto inactive = each->active ? std::string() : say("option.inactive");
    out.push_back(
        {each->id, each->name, dotted({path_beside(*each), each->detail, inactive}), false});
  }
  tell_apart(out, records, mark_of);
  tell_apart(out, records, [](const Record& each) { return "[" + each.id + "]"; });
  return out;
}

/// What can be chosen besides a record.
void add_decisions(std::vector<Option>& out, Section section, const ConfigurationLine& line) {
  const auto add = [&](std::string_view value, std::string_view id) {
    const auto detail = std::string(id) + "_detail";
    out.push_back({std::string(value), say(id), say(detail), false});
  };
  add(no_counterpart, "option.no_counterpart");
  if (can_create(section)) add(create_later, "option.create");
  if (line.choice) add(undecided, "option.undecided");
}

void add_once(std::vector<const Record*>& out, const Record& record) {
  const auto same = [&](const Record* each) { return each->id == record.id; };
  if (std::none_of(out.begin(), out.end(), same)) out.push_back(&record);
}

/// Whether each word that was typed is somewhere in a record.
bool fits(const Record& record, const std::string& typed) {
  std::string all = mapping::path_of(record);
  for (const auto* each : {&record.detail, &record.number, &record.company, &record.street,
                           &record.postcode, &record.city, &record.tax_number})
    all += "\n" + *each;
  for (const auto& each : record.emails) all += "\n" + each;
  all = text::fold(all);
  const auto words = text::fold(typed);
  for (std::size_t at = 0; at < words.size();) {
    const auto end = std::min(words.find(' ', at), words.size());
    if (all.find(words.substr(at, end - at)) == all.npos) return false;
    at = end + 1;
  }
  return true;
}

void show_value(MappingRow& row) {
  const auto& line = row.line;
  if (line.choice) {
    switch (mapping::decision_of(*line.choice)) {
      case mapping::Decision::chosen:
        row.value = line.choice->theirs;
        return;
      case mapping::Decision::none:
        row.value = no_counterpart;
        return;
      case mapping::Decision::create:
        row.value = create_later;
        return;
    }
  }
  if (line.candidates.empty() || !line.candidates.front().applies) return;
  row.value = line.candidates.front().record.id;
  row.preselected = true;
}

}  // namespace

MappingRow row_of(Section section, ConfigurationLine line) {
  MappingRow row;
  row.line = std::move(line);
  row.detail = dotted({path_beside(row.line.ours), row.line.ours.detail});
  show_value(row);
  std::vector<const Record*> records;
  for (const auto& each : row.line.candidates) {
    add_once(records, each.record);
    row.suggested.push_back(each.record.id);
  }
  if (row.line.target) add_once(records, *row.line.target);
  // What is gone has only the name that it had when it was chosen.
  const bool gone = row.line.choice && !row.line.choice->theirs.empty() && !row.line.target;
  const Record was{gone ? row.line.choice->theirs : "", gone ? row.line.choice->name : "", "",
                   true};
  row.options = record_options(records);
  if (gone && !was.name.empty()) row.options.push_back({was.id, was.name, "", true});
  add_decisions(row.options, section, row.line);
  return row;
}

void name_rows(std::vector<MappingRow>& rows) {
  std::unordered_map<std::string, int> names, detailed;
  const auto with_detail = [](const MappingRow& row) {
    const auto& name = row.line.ours.name;
    return row.detail.empty() ? name : name + " (" + row.detail + ")";
  };
  for (const auto& each : rows) {
    ++names[each.line.ours.name];
    ++detailed[with_detail(each)];
  }
  for (auto& row : rows) {
    row.title = row.line.ours.name;
    if (names[row.line.ours.name] < 2) continue;
    row.title = with_detail(row);
    if (detailed[row.title] > 1) row.title += " [" + row.line.ours.id + "]";
  }
}

void make_options(OpenOptions& open, const ConfigurationLine& line) {
  std::vector<const Record*> records;
  open.suggested.clear();
  for (const auto& each : line.candidates) {
    if (!fits(each.record, open.typed)) continue;
    add_once(records, each.record);
    open.suggested.push_back(each.record.id);
  }
  if (line.target && open.typed.empty()) add_once(records, *line.target);
  // Before anything was typed, what is no record comes before the long list of all records.
  const auto likely = static_cast<std::ptrdiff_t>(records.size());
  for (const auto& each : open.found) add_once(records, each);
  open.options = record_options(records);
  std::vector<Option> decisions;
  add_decisions(decisions, open.section, line);
  const auto at = open.typed.empty() ? open.options.begin() + likely : open.options.end();
  open.options.insert(at, decisions.begin(), decisions.end());
  ++open.revision;
}

}  // namespace rekey::web
