// The configuration of the pretended company: the same questions and answers as the backend's, on
// lists that are short enough to be gone through each time.
#pragma once

#include "web/model/backend.hpp"

namespace rekey::web::offline {

/// Everything that was chosen at one revision.
struct Version {
  std::int64_t revision = 0;
  Instant at{};
  bool saved = false;
  mapping::Configuration configuration;
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("revision", &Version::revision), field("at", &Version::at),
                      field("saved", &Version::saved),
                      field("configuration", &Version::configuration)};
  }
};

/// What was chosen for one company.
struct Book {
  std::string realm_id;
  std::vector<Version> versions = {};  ///< the newest last
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("realm_id", &Book::realm_id), field("versions", &Book::versions)};
  }
  /// What is chosen now.
  const mapping::Configuration& now() const;
  const Version* find(std::int64_t revision) const;
  /// What was chosen at a revision: before the first one nothing. None: it is not known any more.
  std::optional<mapping::Configuration> at(std::int64_t revision) const;
  /// Adds a revision; the oldest go.
  void add(Version version);
};

// Reading; `revision` is the newest of the connection --------------------------------------------

wire::ConfigurationSummary summary(const Book& book, const connect::Company& company,
                                   std::int64_t revision);
wire::LinesPage lines(const Book& book, const LinesQuery& query, std::int64_t revision);
wire::RecordsPage records(const RecordsQuery& query);
wire::ConfigurationVersions versions(const Book& book);
/// What differs; none: there is no such revision.
std::optional<wire::ChangedChoices> compare(const Book& book, std::int64_t from, std::int64_t to);
/// How many lines are chosen otherwise.
std::int64_t count_different(const mapping::Configuration& one,
                             const mapping::Configuration& other);
std::string sheet(const Book& book);

// Changing: each gives everything as it is afterwards -----------------------------------------

mapping::Configuration patched(const Book& book, const wire::ConfigurationPatch& patch);
/// Accepts what is suggested, as far as it is this sure; of `applies_only`, what one click would
/// apply. `changed`: how many lines.
mapping::Configuration accepted(const mapping::Configuration& configuration,
                                mapping::Section section, double confidence, bool applies_only,
                                std::int64_t& changed);
/// What keeps a configuration from being saved.
std::vector<wire::SaveObstacle> obstacles(const mapping::Configuration& configuration,
                                          bool two_to_one);
/// How all sections stand, and the lines that a patch named.
wire::EditAnswer answer_of(const Book& book, const std::vector<wire::ChoicePatch>& named);

}  // namespace rekey::web::offline
