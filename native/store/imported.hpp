// What was imported of a company's lists. Each row stands under the number of the run that read it,
// beside the rows of the run before, which stay in use until `use_staged` changes all lists at
// once.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/import/row.hpp"
#include "core/import/state.hpp"
#include "core/import/walk.hpp"
#include "core/mapping/configuration.hpp"
#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// One list of one company.
struct List {
  std::string connection;
  std::string realm_id;
  imports::Entity entity = imports::Entity::customer;
};

/// How a list stands.
struct ListState {
  imports::Entity entity = imports::Entity::customer;
  std::int64_t run = 0;                  ///< whose rows are in use; 0: none
  std::int64_t rows = 0;                 ///< of them, without those that are gone
  std::int64_t counted = 0;              ///< how many the provider said there are
  Instant read_at{};                     ///< when they came into use; 0: before that was noted
  std::optional<Instant> changed_to{};   ///< the provider's time up to which its changes are known
  std::int64_t set_aside = 0;            ///< records that could not be kept
  std::int64_t mended = 0;               ///< rows with text in them that was not UTF-8
  std::optional<std::int64_t> staged{};  ///< the run whose rows are being read
  std::optional<Instant> staged_from{};  ///< the provider's time when that was begun
  std::int64_t staged_mended = 0;
  std::optional<imports::Walk> walk{};  ///< how far it is
};
/// None: it was never begun to read.
std::optional<ListState> list_state(Database& db, const List& list);
/// All lists of a company that were ever begun.
std::vector<ListState> list_states(Database& db, const std::string& connection,
                                   const std::string& realm_id);

// Reading ---------------------------------------------------------------------------------------

/// A row in use.
struct ImportedRow {
  std::string id;
  std::string body;   ///< JSON, as it came
  Instant changed{};  ///< when it was first seen, or seen to be another, or to be gone
  bool gone = false;  ///< it is in the provider's list no more
};
/// Where to go on: after this row. By id alone, and by both where `changed_since` is given.
struct ImportedAfter {
  Instant changed{};
  std::string id;  ///< empty: from the beginning
};
/// The next rows in use, at most `most`: all that are not gone in the order of their ids
/// (bytewise); or, with `changed_since`, those that changed then or later, gone ones too, in the
/// order of `changed` and id. An import that comes to its end between two pages changes rows, but
/// their ids stay, so going on after an id loses none that was there all the time.
std::vector<ImportedRow> imported_page(Database& db, const List& list, const ImportedAfter& after,
                                       std::optional<Instant> changed_since, int most);
/// Gives each row in use that is not gone, in the order of their ids, page by page: the list is
/// never in memory as a whole. `each` gives false to end it.
void each_imported(Database& db, const List& list,
                   const std::function<bool(const ImportedRow&)>& each);
/// One row in use, or gone.
std::optional<ImportedRow> imported_row(Database& db, const List& list, const std::string& id);

/// Reads a kept row as a record: what is in it, only the accounting system knows.
using RecordOf = std::function<mapping::Record(imports::Entity entity, const wire::Json& row)>;
/// The records of a list that are not gone, in the order in which the provider gave them.
std::vector<mapping::Record> imported_list(Database& db, const List& list,
                                           const RecordOf& record_of);

/// What could not be kept of the run in use.
struct SetAside {
  std::int64_t position = 0;  ///< in its list, from 1
  std::string id;             ///< empty: it has none
  std::string reason;         ///< the name of an imports::Unfit
  std::string name = {};      ///< as people know it; empty: it has none
};
std::vector<SetAside> set_aside_page(Database& db, const List& list, std::int64_t after, int most);

// Writing ---------------------------------------------------------------------------------------

/// Begins to read a list anew, beside what is in use; what another run had begun is dropped.
/// `from`: the provider's time, if it is known.
void begin_list(Database& db, const List& list, std::int64_t run, std::optional<Instant> from);
/// Keeps rows of the run `staged`; a row it has already is replaced. `from`: their place in the
/// list less one. A row that is as it was in use keeps its time of change. Gives how many are new
/// to the run.
std::int64_t put_staged(Database& db, const List& list, std::int64_t staged, std::int64_t from,
                        std::span<const imports::Row> rows, Instant now);
/// Notes what could not be kept of the run `staged`, each once for its position.
void put_set_aside(Database& db, const List& list, std::int64_t staged,
                   std::span<const SetAside> records);
std::int64_t count_set_aside(Database& db, const List& list, std::int64_t staged);
/// Forgets that, and how many rows were mended: the list is read once more.
void forget_set_aside(Database& db, const List& list, std::int64_t staged);
/// Adds to the count of rows that were mended.
void add_mended(Database& db, const List& list, std::int64_t count);
/// Notes how far the reading is.
void put_walk(Database& db, const List& list, const imports::Walk& walk);
/// How many rows a run has, without those that are gone, and how many records it set aside.
struct Staged {
  std::int64_t rows = 0;
  std::int64_t set_aside = 0;
};
/// (It looks at all of them.)
Staged count_staged(Database& db, const List& list, std::int64_t staged);
/// Copies rows in use that the run `staged` does not have to it, as gone: those after the id
/// `after`, of at most `most` rows looked at. Gives the id to go on after; none: that was all. Rows
/// that have been gone for longer than `gone_kept` are left behind.
/// None has gone where nothing was in use.
std::optional<std::string> carry_gone(Database& db, const List& list, std::int64_t staged,
                                      const std::string& after, Instant now, int most);
/// How long it is still told of a row that it is gone.
constexpr Millis gone_kept = std::chrono::hours{24 * 400};

/// Puts the staged run of these lists into use, in the caller's transaction: of all at once.
/// `counted`: by the provider, in the same order.
struct ListRead {
  imports::Entity entity = imports::Entity::customer;
  std::int64_t counted = 0;
  std::optional<std::int64_t> rows{};  ///< how many it has, where that is known
};
void use_staged(Database& db, const std::string& connection, const std::string& realm_id,
                std::span<const ListRead> lists, Instant now);
/// Drops what is being read of all lists of a connection: what is in use stays.
void drop_staged(Database& db, const std::string& connection);
/// The same of one list.
void drop_staged(Database& db, const List& list);
/// Removes rows of runs that are neither in use nor being read, at most `most`; gives how many.
std::int64_t sweep_imported(Database& db, const std::string& connection, int most);

/// A change of a list that the provider told of, or that was read since.
struct ListChange {
  std::string id;
  std::optional<std::string> body;  ///< JSON; none: it is gone
};
/// Applies changes to the rows in use, and to those that are being read: in the caller's
/// transaction. Gives how many rows are others than before. `changed_to`: as in ListState.
/// How many rows a list will have when they are applied, without those that are gone.
std::int64_t rows_after(Database& db, const List& list, std::span<const ListChange> changes);
std::int64_t apply_changes(Database& db, const List& list, std::span<const ListChange> changes,
                           std::optional<Instant> changed_to, Instant now);

}  // namespace rekey::store
