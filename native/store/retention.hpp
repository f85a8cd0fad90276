// Deletes rows by their age, a few at a time and by an index, so that no other writer waits long.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// Rows of one table that are kept for a time after they have had their use.
struct Keeping {
  const char* what;  ///< the table
  Millis age;        ///< after the time in `of`
  const char* of;    ///< the column with the time from which it counts
  const char* key;   ///< its primary key
};
std::span<const Keeping> kept_by_age();

/// Removes at most `most` rows that are older than they are kept; gives how many.
std::int64_t remove_old(Database& db, const Keeping& keeping, Instant now, int most);

/// A connection whose history may have old renewals in it: `thinned` is the event up to which it
/// has been looked through.
struct ToThin {
  std::string connection;
  std::int64_t thinned = 0;
};
/// Connections after `after`, by id.
std::vector<ToThin> connections_to_thin(Database& db, const std::string& after, int most);

/// An event as it was stored.
struct RawEvent {
  std::int64_t seq = 0;
  Instant at{};
  std::string event, state, notices;
};
/// From the event `from` on, those before a time.
std::vector<RawEvent> raw_events(Database& db, const std::string& connection, std::int64_t from,
                                 Instant before, int most);
/// Removes the events from `first` to `last`.
std::int64_t remove_events(Database& db, const std::string& connection, std::int64_t first,
                           std::int64_t last);
void set_thinned(Database& db, const std::string& connection, std::int64_t seq);

}  // namespace rekey::store
