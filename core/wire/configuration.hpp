// What the page and the backend say to each other of a configuration: parts of it, and changes.
#pragma once

#include "core/import/entity.hpp"
#include "core/import/row.hpp"
#include "core/mapping/facts.hpp"
#include "core/mapping/line.hpp"
#include "core/wire/page.hpp"

namespace rekey::wire {

/// How many records of a list of the company could not be kept.
struct SetAside {
  imports::Entity entity = imports::Entity::customer;
  std::int64_t count = 0;
  bool operator==(const SetAside&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("entity", &SetAside::entity), field("count", &SetAside::count)};
  }
};

/// GET /api/configuration/summary: how the configuration stands, without what is in it.
struct ConfigurationSummary {
  std::int64_t revision = 0;          ///< to be named as `seen` by the next edit or save
  std::optional<std::int64_t> saved;  ///< the newest saved revision
  connect::Company company;
  mapping::Settings settings;
  std::vector<mapping::Record> terms;
  std::vector<mapping::SectionCounts> sections;
  bool matching = false;  ///< lines are being made anew: counts and suggestions will change
  mapping::CompanyFacts facts = {};
  std::vector<SetAside> set_aside = {};  ///< of the lists that some were set aside of
  mapping::Sections required = {};       ///< of which each line has to be decided before a save
  std::vector<mapping::ChangeCount> changes = {};  ///< those that there are
  static constexpr auto fields() {
    return std::tuple{field("revision", &ConfigurationSummary::revision),
                      field("saved", &ConfigurationSummary::saved),
                      field("company", &ConfigurationSummary::company),
                      field("settings", &ConfigurationSummary::settings),
                      field("terms", &ConfigurationSummary::terms),
                      field("sections", &ConfigurationSummary::sections),
                      field("matching", &ConfigurationSummary::matching),
                      rare_field("facts", &ConfigurationSummary::facts),
                      rare_field("set_aside", &ConfigurationSummary::set_aside),
                      rare_field("required", &ConfigurationSummary::required),
                      rare_field("changes", &ConfigurationSummary::changes)};
  }
};

/// A record that is suggested for a line.
struct Candidate {
  mapping::Record record;
  double confidence = 0;
  std::vector<mapping::Reason> reasons;
  bool applies = false;  ///< one click may apply it
  static constexpr auto fields() {
    return std::tuple{field("record", &Candidate::record),
                      field("confidence", &Candidate::confidence),
                      field("reasons", &Candidate::reasons), field("applies", &Candidate::applies)};
  }
};

/// One of the host's records with what is chosen for it.
struct ConfigurationLine {
  mapping::Record ours;
  mapping::LineState state = mapping::LineState::undecided;
  std::optional<mapping::Choice> choice;
  std::optional<mapping::Record> target;  ///< what was chosen, as it is now
  std::optional<mapping::Change> change;
  bool conflict = false;
  bool gone = false;
  std::vector<Candidate> candidates;  ///< the best first
  static constexpr auto fields() {
    return std::tuple{field("ours", &ConfigurationLine::ours),
                      field("state", &ConfigurationLine::state),
                      field("choice", &ConfigurationLine::choice),
                      field("target", &ConfigurationLine::target),
                      field("change", &ConfigurationLine::change),
                      field("conflict", &ConfigurationLine::conflict),
                      field("gone", &ConfigurationLine::gone),
                      field("candidates", &ConfigurationLine::candidates)};
  }
};

/// GET /api/configuration/{section}: lines by name. `next`: the cursor to go on with.
struct LinesPage {
  std::int64_t revision = 0;
  std::vector<ConfigurationLine> lines;
  std::optional<std::string> next;
  static constexpr auto fields() {
    return std::tuple{field("revision", &LinesPage::revision), field("lines", &LinesPage::lines),
                      field("next", &LinesPage::next)};
  }
};

/// GET /api/records/{section}: what can be chosen, by name.
struct RecordsPage {
  std::vector<mapping::Record> records;
  std::optional<std::string> next;
  static constexpr auto fields() {
    return std::tuple{field("records", &RecordsPage::records), field("next", &RecordsPage::next)};
  }
};

/// A record of the company that could not be kept as it came. `id` and `name` are empty where it
/// has none that can be read; characters that are none are mended in the name.
struct SetAsideRecord {
  imports::Entity entity = imports::Entity::customer;
  std::string id, name;
  imports::Unfit why = imports::Unfit::no_object;
  static constexpr auto fields() {
    return std::tuple{field("entity", &SetAsideRecord::entity), field("id", &SetAsideRecord::id),
                      field("name", &SetAsideRecord::name), field("why", &SetAsideRecord::why)};
  }
};

/// GET /api/configuration/set-aside: by list, in the order of the provider, of the import that is
/// in use.
struct SetAsidePage {
  std::vector<SetAsideRecord> records;
  std::optional<std::string> next;
  static constexpr auto fields() {
    return std::tuple{field("records", &SetAsidePage::records), field("next", &SetAsidePage::next)};
  }
};

/// A change to one line: a counterpart (`theirs`), none (`theirs` empty), one to be made later
/// (`create`), or undecided again.
struct ChoicePatch {
  mapping::Section section = mapping::Section::accounts;
  std::string ours;
  std::optional<std::string> theirs = {};
  std::optional<bool> create = {};
  std::optional<bool> undecided = {};
  static constexpr auto fields() {
    return std::tuple{field("section", &ChoicePatch::section), field("ours", &ChoicePatch::ours),
                      field("theirs", &ChoicePatch::theirs), field("create", &ChoicePatch::create),
                      field("undecided", &ChoicePatch::undecided)};
  }
};

/// PATCH /api/configuration: what changed, and nothing else.
struct ConfigurationPatch {
  std::int64_t seen = 0;
  std::vector<ChoicePatch> choices;
  std::optional<mapping::Settings> settings = {};
  static constexpr auto fields() {
    return std::tuple{field("seen", &ConfigurationPatch::seen),
                      field("choices", &ConfigurationPatch::choices),
                      field("settings", &ConfigurationPatch::settings)};
  }
};

/// POST /api/configuration/accept: takes what is suggested in a section, as far as it is at least
/// this sure (0 to 1) and asks for no decision. `count_only`: changes nothing.
struct AcceptSuggestions {
  std::int64_t seen = 0;
  mapping::Section section = mapping::Section::accounts;
  double confidence = 1;
  std::optional<bool> count_only = {};
  static constexpr auto fields() {
    return std::tuple{field("seen", &AcceptSuggestions::seen),
                      field("section", &AcceptSuggestions::section),
                      field("confidence", &AcceptSuggestions::confidence),
                      field("count_only", &AcceptSuggestions::count_only)};
  }
};

/// POST /api/configuration/back: everything as it was at a revision, as a new one. Undo and redo.
struct GoBack {
  std::int64_t seen = 0;
  std::int64_t revision = 0;
  static constexpr auto fields() {
    return std::tuple{field("seen", &GoBack::seen), field("revision", &GoBack::revision)};
  }
};

/// The answer to an edit. `outcome`: none, where nothing was to be changed.
struct EditAnswer {
  std::optional<Outcome> outcome;
  std::int64_t changed = 0;  ///< how many lines; of `count_only`, how many would
  std::vector<mapping::SectionCounts> sections;
  std::vector<ConfigurationLine> lines;  ///< those that were named, as they are now
  static constexpr auto fields() {
    return std::tuple{field("outcome", &EditAnswer::outcome),
                      field("changed", &EditAnswer::changed),
                      field("sections", &EditAnswer::sections), field("lines", &EditAnswer::lines)};
  }
};

/// A row of a table that cannot be read, counting from 1 after the header, and the column that is
/// wrong.
struct SheetFault {
  std::int64_t row = 0;
  std::string column;
  static constexpr auto fields() {
    return std::tuple{field("row", &SheetFault::row), field("column", &SheetFault::column)};
  }
};

/// The answer to PUT /api/configuration/sheet: with faults, nothing was changed.
struct SheetAnswer {
  std::optional<Outcome> outcome;
  std::int64_t changed = 0;
  std::vector<SheetFault> faults;
  static constexpr auto fields() {
    return std::tuple{field("outcome", &SheetAnswer::outcome),
                      field("changed", &SheetAnswer::changed),
                      field("faults", &SheetAnswer::faults)};
  }
};

/// POST /api/configuration/save. `two_to_one`: that records share a counterpart was asked about,
/// and is meant. `suggestions`: what one click would apply (a line that is `suggested`, by a
/// candidate that `applies`) is chosen and saved with the rest, in one revision.
struct SaveChoices {
  std::int64_t seen = 0;
  std::optional<bool> two_to_one = {};
  std::optional<bool> suggestions = {};
  static constexpr auto fields() {
    return std::tuple{field("seen", &SaveChoices::seen),
                      field("two_to_one", &SaveChoices::two_to_one),
                      field("suggestions", &SaveChoices::suggestions)};
  }
};

/// Why a configuration cannot be saved as it is, or has to be asked about.
enum class SaveProblem {
  target_gone,
  target_inactive,
  two_to_one,
  no_such_terms,
  undecided,   ///< of a section that is required
  wrong_kind,  ///< the host's record is of a kind that what was chosen is not of
};
constexpr std::array<std::string_view, 6> names_of(SaveProblem) {
  return {"target_gone",   "target_inactive", "two_to_one",
          "no_such_terms", "undecided",       "wrong_kind"};
}

/// A problem at its place: a line, or (without a section) the settings.
struct SaveObstacle {
  SaveProblem problem = SaveProblem::target_gone;
  std::optional<mapping::Section> section = {};
  std::string ours = {};
  std::string name = {};  ///< of the host's record
  static constexpr auto fields() {
    return std::tuple{field("problem", &SaveObstacle::problem),
                      field("section", &SaveObstacle::section), field("ours", &SaveObstacle::ours),
                      field("name", &SaveObstacle::name)};
  }
};

/// The answer to a save: with problems, nothing was saved. `more`: there are others besides.
struct SaveAnswer {
  std::optional<Outcome> outcome;
  std::vector<SaveObstacle> problems;
  bool more = false;
  static constexpr auto fields() {
    return std::tuple{field("outcome", &SaveAnswer::outcome),
                      field("problems", &SaveAnswer::problems), field("more", &SaveAnswer::more)};
  }
};

/// A line whose choice differs between two revisions; none: undecided.
struct ChangedChoice {
  mapping::Section section = mapping::Section::accounts;
  std::string ours;
  std::string name;  ///< of the host's record; empty: there is none any more, or it has none
  std::optional<mapping::Choice> before, after;
  std::optional<Actor> actor;  ///< who chose `after`
  static constexpr auto fields() {
    return std::tuple{
        field("section", &ChangedChoice::section), field("ours", &ChangedChoice::ours),
        field("name", &ChangedChoice::name),       field("before", &ChangedChoice::before),
        field("after", &ChangedChoice::after),     field("actor", &ChangedChoice::actor)};
  }
};

/// GET /api/configuration/changes: what differs between two revisions.
struct ChangedChoices {
  std::int64_t from = 0, to = 0;
  std::vector<ChangedChoice> choices;
  std::optional<mapping::Settings> settings;  ///< those of `to`, where they differ
  std::optional<std::string> next;
  static constexpr auto fields() {
    return std::tuple{field("from", &ChangedChoices::from), field("to", &ChangedChoices::to),
                      field("choices", &ChangedChoices::choices),
                      field("settings", &ChangedChoices::settings),
                      field("next", &ChangedChoices::next)};
  }
};

/// One revision of the list.
struct ConfigurationVersion {
  std::int64_t revision = 0;
  Instant at{};
  bool saved = false;
  std::optional<Actor> actor;
  static constexpr auto fields() {
    return std::tuple{
        field("revision", &ConfigurationVersion::revision), field("at", &ConfigurationVersion::at),
        field("saved", &ConfigurationVersion::saved), field("actor", &ConfigurationVersion::actor)};
  }
};

/// GET /api/configuration/versions: newest first.
struct ConfigurationVersions {
  std::vector<ConfigurationVersion> versions;
  std::optional<std::string> next;
  static constexpr auto fields() {
    return std::tuple{field("versions", &ConfigurationVersions::versions),
                      field("next", &ConfigurationVersions::next)};
  }
};

}  // namespace rekey::wire
