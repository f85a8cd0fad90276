// The mappings as the person sees them: one row for each of the host's records, with what was
// chosen, what we suggest, and what changed since the last time.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/wire/page.hpp"
#include "web/widget/types.hpp"

namespace rekey::web {

/// How far a row is. `suggested`: preselected by us, not yet looked at by a person.
enum class RowState { to_decide, suggested, matched, no_counterpart };

struct MappingRow {
  std::size_t ours = 0;  ///< place in the host's records
  std::string title;     ///< the record's name, made unique within its section
  std::string detail;    ///< what is shown below the name: where it stands, its own detail
  std::string lower;     ///< name and detail in small letters, for the search
  RowState state = RowState::to_decide;
  std::string value;                          ///< the option that is chosen; empty: none yet
  std::vector<std::string> suggested;         ///< the options to offer first
  std::vector<mapping::Reason> why;           ///< of the best suggestion
  std::optional<mapping::Difference> change;  ///< not yet dealt with
};

/// The value of the option "No counterpart". No record of a provider has it as its id.
inline constexpr std::string_view no_counterpart = "-";

enum class Filter { all, to_check, changed };

struct Counts {
  int all = 0, matched = 0, suggested = 0, to_decide = 0, no_counterpart = 0, changed = 0,
      to_check = 0;
};

/// One section, and how the person looks at it.
struct SectionView {
  std::vector<MappingRow> rows;
  std::vector<Option> options;  ///< their records, after "No counterpart"
  int revision = 0;             ///< of `options`
  /// What tells those options apart that have the name of another one, by their value.
  std::unordered_map<std::string, std::string> alike;
  Counts counts;
  Filter filter = Filter::all;
  std::string search;
  int page = 0;
  std::vector<std::size_t> shown;  ///< rows that pass filter and search, in order
};

constexpr int rows_per_page = 25;
inline int pages_of(const SectionView& view) {
  const int shown = static_cast<int>(view.shown.size());
  return shown == 0 ? 1 : (shown + rows_per_page - 1) / rows_per_page;
}

/// One choice made since the backend last confirmed one.
struct Edit {
  mapping::Section section = mapping::Section::accounts;
  mapping::Choice choice;
  std::int64_t number = 0;  ///< of the change
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("section", &Edit::section), field("choice", &Edit::choice)};
  }
};

/// The configuration while it is looked at and changed.
struct Mapping {
  wire::ConfigurationPage page;  ///< `page.configuration` is what is chosen now
  std::array<SectionView, mapping::all_sections.size()> sections;
  std::vector<Edit> unsent;  ///< newest last
  std::optional<mapping::Settings> unsent_settings;
  std::int64_t settings_change = 0;  ///< the number of the change that made them
  std::int64_t changes = 0;          ///< how many were made: the number of the newest
  std::set<std::pair<mapping::Section, std::string>> kept;  ///< changes dealt with here

  SectionView& of(mapping::Section section) { return sections[static_cast<std::size_t>(section)]; }
  const SectionView& of(mapping::Section section) const {
    return sections[static_cast<std::size_t>(section)];
  }
  bool unsent_changes() const { return !unsent.empty() || unsent_settings.has_value(); }
};

/// The sections that are shown, in their order.
mapping::Sections sections_of(const wire::Page& page);

/// What the options say besides the names of their records.
struct OptionWords {
  std::string no_counterpart, no_counterpart_detail, inactive;
};

/// Takes what the backend gave; looks, and choices that were not confirmed yet, are kept.
void take_page(Mapping& mapping, wire::ConfigurationPage page, const OptionWords& words);
/// The person chose an option for one of the host's records.
void choose(Mapping& mapping, mapping::Section section, std::size_t row, const std::string& value);
/// The person keeps a choice although its counterpart changed.
void keep_choice(Mapping& mapping, mapping::Section section, std::size_t row);
void set_settings(Mapping& mapping, const mapping::Settings& settings);
/// The backend has everything up to the change of this number.
void confirm(Mapping& mapping, std::int64_t upto);
/// The person looks at other rows of a section.
void look(SectionView& view, Filter filter, std::string search);

/// What Save Configuration sends: the choices, and the preselected suggestions as choices.
mapping::Configuration with_suggestions(const Mapping& mapping);

}  // namespace rekey::web
