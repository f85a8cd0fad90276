// The host's directory, and configurations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/mapping/configuration.hpp"
#include "core/time.hpp"
#include "core/wire/actor.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// Replaces the tenant's directory as a whole.
void put_directory(Database& db, const std::string& tenant, const mapping::Records& records);
mapping::Records directory(Database& db, const std::string& tenant);

/// A configuration with what is known of it.
struct StoredConfiguration {
  std::int64_t revision = 0;
  Instant at{};  ///< when it was chosen; of a saved one, when Save was pressed
  bool saved = false;
  mapping::Configuration configuration;
  std::optional<wire::Actor> actor{};  ///< who chose; none: a version that did not say stored it
};
/// How many saved configurations of a company are kept, and how many snapshots: the newest.
constexpr int saved_kept = 100, snapshots_kept = 20;

/// Keeps the choices of a revision, and whose they are, as a draft; earlier drafts go, saved ones
/// stay.
void put_draft(Database& db, const std::string& connection, const std::string& realm_id,
               std::int64_t revision, const mapping::Configuration& configuration, Instant now,
               const std::optional<wire::Actor>& actor = {});
/// Makes the draft of a revision the saved configuration; repeating it changes nothing. Of the
/// saved ones, those beyond the newest `saved_kept` go: gives how many. None: there is no such
/// draft.
std::optional<std::int64_t> mark_saved(Database& db, const std::string& connection,
                                       std::int64_t revision);
/// Who chose what stands in a revision; none: it does not say, or is not there.
std::optional<wire::Actor> configuration_actor(Database& db, const std::string& connection,
                                               std::int64_t revision);
/// The newest configuration of a company, saved or (if `saved_only` is false) draft.
std::optional<StoredConfiguration> newest_configuration(Database& db, const std::string& connection,
                                                        const std::string& realm_id,
                                                        bool saved_only);
/// Copies the newest configuration of a company into the snapshots.
void take_snapshot(Database& db, const std::string& connection, const std::string& realm_id,
                   Instant now);

}  // namespace rekey::store
