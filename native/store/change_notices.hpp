// Records that the provider said have changed, until they have been read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/import/entity.hpp"
#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// One record of a connection's company.
struct ChangedRecord {
  imports::Entity entity = imports::Entity::customer;
  std::string id;  ///< empty: any of the list
  Instant at{};    ///< when we heard of it
  bool operator==(const ChangedRecord&) const = default;
};

/// The grants for a company, whatever became of them: which connection, and which version of it.
struct GrantOfCompany {
  std::string connection;
  std::int64_t version = 0;
};
std::vector<GrantOfCompany> grants_of_company(Database& db, const std::string& integration,
                                              const std::string& realm_id);

/// Notes records in the caller's transaction; one that is noted already is noted as of now. They
/// are due at `due`, unless the connection's are due already.
void note_changes(Database& db, const std::string& connection,
                  const std::vector<ChangedRecord>& records, Instant due);

/// What is noted of a connection, and its place in the queue.
struct ChangesToRead {
  std::string connection;
  std::int64_t attempts = 0;  ///< how often it was tried before
  std::vector<ChangedRecord> records;
};
/// Takes the connection whose changes have been due longest, until `until`: then another caller may
/// take it. None: nothing is due.
std::optional<ChangesToRead> claim_changes(Database& db, Instant now, Instant until);
/// When the next is due.
std::optional<Instant> next_changes_at(Database& db);
/// What was read is noted no more; what was noted again meanwhile stays, and is due at `due`.
void changes_are_read(Database& db, const ChangesToRead& read, Instant due);
/// They are tried again then.
void postpone_changes(Database& db, const ChangesToRead& read, Instant due);
/// They are of no use: the connection has no grant any more.
void forget_changes(Database& db, const std::string& connection);
/// How many records are noted.
std::int64_t noted_changes(Database& db);

/// Why deliveries were not taken: there is nothing to verify them with.
constexpr const char* delivery_not_set_up = "not_set_up";

/// Deliveries that were not taken.
struct RefusedDeliveries {
  std::int64_t count = 0;
  Instant at{};  ///< the last one
};
/// Notes some, for `rekey doctor`: why is a word.
void note_refused_deliveries(Database& db, const std::string& reason, std::int64_t count,
                             Instant now);
RefusedDeliveries refused_deliveries(Database& db, const std::string& reason);

}  // namespace rekey::store
