// The lines of a configuration as the page lists, searches and counts them: the host's records with
// what is chosen for each, the records they can be mapped to, and what is suggested.
//
// They are made of the directory, of what was imported and of the choices (work/matcher.hpp), and
// every edit keeps those that it touches in step, in its own transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/mapping/line.hpp"
#include "core/mapping/match.hpp"
#include "native/store/configurations.hpp"

namespace rekey::store {

using mapping::LineFilter;
using mapping::LineState;
using mapping::SectionCounts;

/// What is suggested for one of the host's records.
struct StoredSuggestion {
  std::string theirs;
  double confidence = 0;  ///< 0 to 1, to a millionth
  bool applies = false;   ///< one click may apply it
  std::vector<mapping::Reason> reasons{};
  bool operator==(const StoredSuggestion&) const = default;
};

/// A suggestion with the record that it is of.
struct Candidate {
  StoredSuggestion suggestion;
  mapping::Record record;
};

struct Line {
  mapping::Record record;  ///< the host's
  LineState state = LineState::undecided;
  std::optional<mapping::Choice> choice;
  std::optional<mapping::Record> target;  ///< what was chosen, as it is now
  std::optional<mapping::Change> change;  ///< what happened to the record or what was chosen
  bool conflict = false;                  ///< another line has the same counterpart
  bool gone = false;                      ///< the host has it no more: the choice is kept aside
  std::vector<Candidate> candidates{};    ///< the best first
  std::string folded{};                   ///< what it is sorted by
};

// Reading ---------------------------------------------------------------------------------------

/// One for each section, in their order.
std::vector<SectionCounts> section_counts(Database& db, const CompanyKey& key);

/// How many lines changed in which way, by section and change, those that there are.
std::vector<mapping::ChangeCount> change_counts(Database& db, const CompanyKey& key);

/// Where a list goes on: after (or, backwards, before) this line.
struct LineAfter {
  std::string folded, id;
};

struct LineQuery {
  mapping::Section section = mapping::Section::accounts;
  std::string search{};  ///< each of its words is somewhere in the record, in any order
  std::optional<LineFilter> filter{};
  bool backwards = false;  ///< by name, from the last
  std::optional<LineAfter> after{};
  int most = 50;
};
std::vector<Line> lines(Database& db, const CompanyKey& key, const LineQuery& query);
/// The lines of these records, those that there are.
std::vector<Line> lines_of(Database& db, const CompanyKey& key, mapping::Section section,
                           std::span<const std::string> ours);

/// A record that can be chosen.
struct Target {
  mapping::Record record;
  std::string folded;
};
/// The records of a section that can be chosen, by name: as `lines`; there are no filters for them.
std::vector<Target> targets(Database& db, const CompanyKey& key, const LineQuery& query);
std::optional<mapping::Record> find_target(Database& db, const CompanyKey& key,
                                           mapping::Section section, const std::string& id);

/// Gives choices that have no name the one that their record has now.
void add_missing_names(Database& db, const CompanyKey& key, std::vector<ChoiceChange>& changes);

/// How many suggestions may be accepted at once: the best one of each line that nothing is chosen
/// for, at least this sure and surer than the next of the line, whose record is active and, of
/// customers and suppliers, nobody's counterpart yet and the best of one line alone.
std::int64_t count_acceptable(Database& db, const CompanyKey& key, mapping::Section section,
                              double confidence);
/// Chooses them, at this revision, which is in the list already (`put_changes`); without a
/// confidence, those that one click would apply (`applies`). Gives how many.
std::int64_t choose_suggested(Database& db, const CompanyKey& key, mapping::Section section,
                              const Edit& edit, std::optional<double> confidence = {});

/// What keeps a choice from being saved, or has to be asked about.
struct Obstacle {
  mapping::Section section = mapping::Section::accounts;
  std::string ours;
  std::string name;                         ///< of the host's record
  std::optional<mapping::Change> change{};  ///< of what was chosen: gone or inactive
  bool conflict = false;
  bool wrong_kind = false;  ///< mapping::kinds_suit
  bool undecided = false;
};
/// What is looked for.
struct ObstacleQuery {
  std::span<const mapping::Section> sections{};
  std::string tenant{};                          ///< whose directory the required ones are in
  std::span<const mapping::Section> required{};  ///< where each record is to be decided
  bool conflicts = true;
  int most = 100;
};
/// The first of them, at most `most`: what is gone or inactive, then conflicts, what is of another
/// kind, and what is undecided; each by section and name.
std::vector<Obstacle> obstacles(Database& db, const CompanyKey& key, const ObstacleQuery& query);

// Writing ---------------------------------------------------------------------------------------

/// Brings a line in step with what is chosen and suggested for it.
void restate(Database& db, const CompanyKey& key, mapping::Section section,
             const std::string& ours);
/// The same after a choice of it changed from one record to another: the lines that share one of
/// them may be in conflict now, or not any more. Empty: none.
void restate_choice(Database& db, const CompanyKey& key, mapping::Section section,
                    const std::string& ours, const std::string& before, const std::string& after);
/// Lines after the id `after` that are not in step with what is chosen and suggested, at most
/// `most` of them.
std::vector<std::string> out_of_step(Database& db, const CompanyKey& key, mapping::Section section,
                                     const std::string& after, int most);
/// Notes that everything that is there now was there at a save.
void know_all(Database& db, const CompanyKey& key);

/// A line as it is stored, for comparison.
struct LineRow {
  std::int64_t position = 0;
  std::string body;  ///< JSON of the record
  bool there = true;
};
void put_line(Database& db, const CompanyKey& key, mapping::Section section,
              const mapping::Record& record, std::int64_t position, bool fresh);
/// Takes a line away whose record is gone; with a choice, it stays as one that is gone.
void drop_line(Database& db, const CompanyKey& key, mapping::Section section,
               const std::string& ours);
/// `fresh`: it was not there at the last save.
void put_target(Database& db, const CompanyKey& key, mapping::Section section,
                const mapping::Record& record, bool fresh);
void drop_target(Database& db, const CompanyKey& key, mapping::Section section,
                 const std::string& id);
/// Forgets what was made for other companies of a connection; their choices stay.
void forget_lines_of_others(Database& db, const CompanyKey& key);
/// Replaces what is suggested for one of the host's records.
void put_suggestions(Database& db, const CompanyKey& key, mapping::Section section,
                     const std::string& ours, std::span<const StoredSuggestion> suggestions);

/// What was learned when a section was matched as a whole. `changed`: how many records changed
/// since.
struct StoredModel {
  mapping::Model model;
  std::int64_t changed = 0;
};
/// None: it never was, or what is stored cannot be read.
std::optional<StoredModel> matching_model(Database& db, const CompanyKey& key,
                                          mapping::Section section);
void put_matching_model(Database& db, const CompanyKey& key, mapping::Section section,
                        const StoredModel& stored);

/// What `put_suggestions` wrote of reasons, read.
std::vector<mapping::Reason> reasons_in(std::string_view text);

/// Gives each stored line, target or line's suggestions of a section, in the order of their ids.
void each_line(Database& db, const CompanyKey& key, mapping::Section section,
               const std::function<void(const std::string& ours, LineRow)>& each);
void each_target(Database& db, const CompanyKey& key, mapping::Section section,
                 const std::function<void(const std::string& id, std::string body)>& each);
void each_suggestion(Database& db, const CompanyKey& key, mapping::Section section,
                     const std::function<void(const std::string& ours, StoredSuggestion)>& each);
/// Whether a company has any lines.
bool has_lines(Database& db, const CompanyKey& key);
/// Whether its lines have once been made as a whole: those that come later are new.
bool was_matched(Database& db, const CompanyKey& key);
void note_matched(Database& db, const CompanyKey& key);

}  // namespace rekey::store
