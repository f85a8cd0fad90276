// Configurations: which choices held at which revision, and the list of revisions.
//
// A choice is a row, of the revisions from `since` until before `until`; one that still holds has
// no `until`. So a draft is what holds now, a saved version what held at its revision, and what two
// of them differ in, what changed since one, and the way back to one are questions to the table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/mapping/configuration.hpp"
#include "core/time.hpp"
#include "core/wire/actor.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// Whose choices they are: what was chosen for another company of the same connection is kept aside
/// under that company's realm id.
struct CompanyKey {
  std::string connection, realm_id;
};

/// A revision of the list: who made it, when, and the settings as they were then.
struct Revision {
  std::int64_t revision = 0;
  Instant at{};  ///< when it was chosen; of a saved one, when Save was pressed
  bool saved = false;
  std::optional<wire::Actor> actor{};  ///< who chose; none: a version that did not say stored it
  mapping::Settings settings{};
};

/// A configuration with what is known of it.
struct StoredConfiguration {
  std::int64_t revision = 0;
  Instant at{};
  bool saved = false;
  mapping::Configuration configuration;
  std::optional<wire::Actor> actor{};
};

/// How many saved configurations of a company are kept, how many drafts (for undo), and how many
/// snapshots: the newest.
constexpr int saved_kept = 100, drafts_to_undo = 100, snapshots_kept = 20;

/// What one of the host's records is from now on; without a choice it is undecided again.
struct ChoiceChange {
  mapping::Section section = mapping::Section::accounts;
  std::string ours;
  std::optional<mapping::Choice> choice;
};

/// Which revision a change makes, when, and whose it is.
struct Edit {
  std::int64_t revision = 0;
  Instant at{};
  std::optional<wire::Actor> actor{};
  /// What is chosen for a record that the directory does not have, that is not listed (lines.hpp)
  /// and has no choice is passed over: no page shows it, so that nobody could ever take it back.
  bool listed_only = false;
};

/// Adds a draft to the list of revisions, with the newest settings where it brings none of its own;
/// of the drafts, those beyond the newest `drafts_to_undo` leave the list. Then the changes: gives
/// how many of them changed something.
std::int64_t put_changes(Database& db, const CompanyKey& key, const Edit& edit,
                         const std::vector<ChoiceChange>& changes,
                         const std::optional<mapping::Settings>& settings = {});

/// Keeps all choices of a revision, and whose they are, as a draft: what differs from those before
/// is written, and what is not among them is undecided from now on.
void put_draft(Database& db, const std::string& connection, const std::string& realm_id,
               std::int64_t revision, const mapping::Configuration& configuration, Instant now,
               const std::optional<wire::Actor>& actor = {});

/// Makes the draft of a revision the saved configuration; repeating it changes nothing. Of the
/// saved ones, those beyond the newest `saved_kept` leave the list: gives how many. None: there is
/// no such draft.
std::optional<std::int64_t> mark_saved(Database& db, const std::string& connection,
                                       std::int64_t revision);
/// Who chose what stands in a revision; none: it does not say, or is not there.
std::optional<wire::Actor> configuration_actor(Database& db, const std::string& connection,
                                               std::int64_t revision);

/// The newest revision of a company, saved or (if `saved_only` is false) draft.
std::optional<Revision> newest_revision(Database& db, const CompanyKey& key, bool saved_only);
std::optional<Revision> find_revision(Database& db, const CompanyKey& key, std::int64_t revision);
/// The revisions before `before` (0: from the newest on), newest first.
std::vector<Revision> revisions(Database& db, const CompanyKey& key, bool saved_only,
                                std::int64_t before, int most);

/// The newest configuration of a company, saved or (if `saved_only` is false) draft.
std::optional<StoredConfiguration> newest_configuration(Database& db, const std::string& connection,
                                                        const std::string& realm_id,
                                                        bool saved_only);
/// The configuration as it was at a revision of the list.
mapping::Configuration configuration_at(Database& db, const CompanyKey& key,
                                        const Revision& revision);
/// The choices of a section that hold now, in the order of the host's ids.
std::vector<mapping::Choice> current_choices(Database& db, const CompanyKey& key,
                                             mapping::Section section);

/// One of the host's records whose choice differs between two revisions.
struct Compared {
  mapping::Section section = mapping::Section::accounts;
  std::string ours;
  std::optional<mapping::Choice> before, after;  ///< none: undecided
  std::optional<wire::Actor> actor{};            ///< who chose `after`
  std::string name{};  ///< of the host's record; empty: there is none any more, or it has none
};
/// Where a comparison goes on: after this record. Empty: from the beginning.
struct ComparedAfter {
  std::string section, ours;
};
/// What differs between two revisions of the list, by section and the host's ids.
std::vector<Compared> compare(Database& db, const CompanyKey& key, std::int64_t from,
                              std::int64_t to, const ComparedAfter& after, int most);

/// Makes everything as it was at a revision of the list, as a new draft: nothing is forgotten. At
/// one before the first of the company, as long as the list has all of them, nothing was chosen.
/// Gives how many choices changed; none: there is no such revision any more.
std::optional<std::int64_t> go_back(Database& db, const CompanyKey& key, const Edit& edit,
                                    std::int64_t to);

/// How many choices hold for a company, and how many may that a host brings: as many as the
/// directory has records, and some more, because mappings may come before their records.
std::int64_t count_choices(Database& db, const CompanyKey& key);
std::int64_t most_choices_of(Database& db, const std::string& connection);
constexpr std::int64_t choices_beyond_directory = 10'000;

/// Forgets all choices and revisions of a company.
void forget_choices(Database& db, const CompanyKey& key);

/// Notes the newest configuration of a company as one to be kept.
void take_snapshot(Database& db, const std::string& connection, const std::string& realm_id,
                   Instant now);

/// Deletes up to `most` rows of choices that no revision of the list and no snapshot can see; gives
/// how many. Fewer than `most`: there are no more.
std::int64_t prune_choices(Database& db, const std::string& connection, int most);

/// Removes a connection's drafts that were kept last before a time, in one transaction of its own;
/// gives how many. What was chosen in them is undone, back to the newest revision that stays; but a
/// newest draft that a snapshot was taken of stays.
std::int64_t remove_old_drafts(Database& db, const std::string& connection, Instant before);

/// Schema 7: moves configurations that were stored as one body of JSON each into rows. Called once,
/// after the tables were made; a body that cannot be read is left out.
void move_bodies_to_rows(Database& db);

}  // namespace rekey::store
