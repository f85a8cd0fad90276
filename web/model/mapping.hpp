// The configuration as the person sees it: how each section stands, the rows of the page that is
// shown, and what was changed here and is not confirmed yet, laid over both.
//
// Nothing here holds a whole list: what is not shown is at the backend.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/wire/configuration.hpp"
#include "web/model/change.hpp"
#include "web/model/message.hpp"
#include "web/model/undo.hpp"

namespace rekey::web {

// Values of options that are no record. No record of a provider has one of them as its id.
inline constexpr std::string_view no_counterpart = "-";  ///< decided: there is none
inline constexpr std::string_view create_later = "+";    ///< there is none yet, it is to be made
inline constexpr std::string_view undecided = "?";       ///< nothing is decided any more

/// How many rows of a section are shown at a time.
constexpr std::size_t rows_per_page = 25;
/// Up to so many lines of all sections together, all sections are shown below each other.
constexpr std::int64_t most_below_each_other = 30;
/// "Accept all suggestions that are at least 99 % sure."
constexpr double accept_confidence = 0.99;

/// One of the host's records, with what is chosen for it.
struct MappingRow {
  wire::ConfigurationLine line;  ///< with what was changed here laid over it
  std::string title;             ///< the record's name, made unique among the rows shown
  std::string detail;            ///< where it stands and its own detail, for below the name
  /// The option that is chosen, or (`preselected`) that one click would apply; empty: none.
  std::string value;
  bool preselected = false;
  bool unsent = false;          ///< changed here, and not confirmed yet
  std::vector<Option> options;  ///< of the closed box: candidates, what is chosen, then no record
  std::vector<std::string> suggested;       ///< which of them are suggested, the best first
  int revision = 0;                         ///< of `options`
  std::vector<wire::SaveProblem> problems;  ///< that the last Save Configuration met here
};

/// How the person looks at a section.
struct Looks {
  std::optional<mapping::LineFilter> filter = {};  ///< none: all lines
  std::string search = {};
  bool backwards = false;  ///< by name, from the last
  bool operator==(const Looks&) const = default;
};

struct SectionView {
  mapping::SectionCounts counts;  ///< with what was changed here laid over what the backend said
  std::int64_t acceptable = 0;    ///< suggestions that one press would accept
  Looks looks;
  std::vector<MappingRow> rows;  ///< of the page that is shown
  std::size_t page = 0;          ///< from 0
  bool read = false;             ///< lines have come; until then nothing is known of them
  bool reading = false;          ///< lines are awaited; until then the rows are those of before
  std::optional<Message> trouble = {};  ///< they could not be read

  bool has_before() const { return page > 0; }
  bool has_after() const;

  // What the rows are made of: a part of the list as the backend gave it (wire::LinesPage).
  mapping::SectionCounts told = {};
  std::int64_t told_acceptable = 0;
  std::vector<wire::ConfigurationLine> lines = {};
  std::size_t first = 0;                    ///< the first of the lines that is shown
  std::vector<std::string> cursors = {""};  ///< where the parts begin, up to the one held
  std::optional<std::string> next = {};     ///< where the part after it begins
  std::int64_t asked = 0;                   ///< number of the newest request for lines
  int revision = 0;                         ///< of the newest options of a row
};

/// The options of the box that is open: what was found for the typed words.
struct OpenOptions {
  mapping::Section section = mapping::Section::accounts;
  std::string ours;
  std::string typed;
  bool reading = false;
  bool more = false;  ///< others would fit as well: the person can type more
  std::optional<Message> trouble = {};
  /// Candidates that fit, what was found, and what is no record: at last, or, while nothing was
  /// typed, before what was found. They fit what was typed already, or (`reading`) what was
  /// typed before.
  std::vector<Option> options;
  std::vector<std::string> suggested;
  int revision = 0;  ///< of `options`

  std::vector<mapping::Record> found = {};
  std::int64_t asked = 0;  ///< number of the newest request
};

/// The configuration while it is looked at and changed.
struct Mapping {
  connect::Company company;
  std::int64_t revision = 0;               ///< of what is shown, before what is unsent
  std::optional<std::int64_t> saved = {};  ///< the newest saved one
  mapping::Settings settings;              ///< with what was changed here
  std::vector<mapping::Record> terms = {};
  mapping::CompanyFacts facts = {};
  std::vector<wire::SetAside> set_aside = {};
  mapping::Sections required = {};
  std::vector<mapping::ChangeCount> changes = {};  ///< since the last save, by section and kind
  bool matching = false;  ///< suggestions are being made: counts and rows will change by themselves
  /// It was saved, and what became of what was suggested is not read yet.
  bool counts_are_old = false;

  mapping::Sections order = {};  ///< the sections that there are, as they are shown
  std::array<SectionView, mapping::all_sections.size()> sections = {};
  mapping::Section selected = mapping::Section::accounts;
  bool was_selected = false;  ///< by the person, or before a reload
  std::optional<OpenOptions> open = {};

  std::vector<Edit> unsent = {};  ///< newest last
  std::int64_t made = 0;          ///< how many changes were made: the number of the newest
  std::int64_t sending = 0;       ///< the newest change that is on its way
  UndoStack undo = {};
  /// What the last Save Configuration met at lines, by section and the host's record.
  std::map<std::pair<mapping::Section, std::string>, std::vector<wire::SaveProblem>> marks = {};
  mapping::Settings told_settings = {};  ///< as the backend said

  SectionView& of(mapping::Section section) { return sections[static_cast<std::size_t>(section)]; }
  const SectionView& of(mapping::Section section) const {
    return sections[static_cast<std::size_t>(section)];
  }
  bool unsent_changes() const { return !unsent.empty(); }
  /// Whether all sections are shown below each other; otherwise only the selected one is.
  bool all_below_each_other() const;
  /// The sections whose rows are shown, in their order.
  mapping::Sections shown() const;
};

/// The sections that the host has mapped, in their order.
mapping::Sections sections_of(const wire::Page& page);
/// All sections together: `section` says nothing.
mapping::SectionCounts sum(const Mapping& mapping);
/// How many lines of a section a filter lets through; none: all of them.
std::int64_t count_of(const mapping::SectionCounts& counts,
                      std::optional<mapping::LineFilter> filter);
/// Whether something of a section has to be looked at by a person: undecided, in conflict, changed.
std::int64_t to_check(const mapping::SectionCounts& counts);
/// Whether records without a counterpart can be left to be made later.
bool can_create(mapping::Section section);
/// Whether a row's choice can be kept though what was chosen has changed.
bool can_keep(const MappingRow& row);

// What the backend said ---------------------------------------------------------------------------

/// Takes how the configuration stands. Of another company than before, everything begins anew;
/// looks, and changes that were not confirmed yet, are kept otherwise.
void take_summary(Mapping& mapping, wire::ConfigurationSummary summary);
/// Takes the part of a section's list that was asked for last.
void take_lines(SectionView& view, wire::LinesPage page);
/// Takes the answer to a change that was sent: counts, and those lines that are shown. `sent`: the
/// lines that it named, if any.
void take_answer(Mapping& mapping, const wire::EditAnswer& answer,
                 const std::vector<wire::ChoicePatch>& sent);
/// The backend has everything up to the change of this number.
void confirm(Mapping& mapping, std::int64_t upto);
/// How far a line is; `candidates`: something is suggested for it.
mapping::LineState state_of(const std::optional<mapping::Choice>& choice, bool candidates);
/// Makes rows, counts and settings of what the backend said and what was changed here since. Calls
/// for the rows of one section where only that one may have changed.
void lay_over(Mapping& mapping);
void lay_over(Mapping& mapping, mapping::Section section);

// What the person changes -------------------------------------------------------------------------

/// The row of one of the host's records; null: it is not shown.
MappingRow* find_row(Mapping& mapping, mapping::Section section, const std::string& ours);
/// The change that choosing this option for a row would be; none: it would be none.
std::optional<LineChange> change_of(const Mapping& mapping, mapping::Section section,
                                    const std::string& ours, const std::string& value);
/// Makes a change: it shows at once, and waits to be sent. Rows stay where they are, even if they
/// no longer pass the filter: they would vanish under the hand of the person.
void make(Mapping& mapping, Change change);

}  // namespace rekey::web
