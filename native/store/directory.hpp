// The host's directory, record by record.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/mapping/configuration.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// Changes a tenant's directory record by record, within one transaction of the caller.
class DirectoryEditor {
 public:
  enum class Outcome { added, changed, unchanged, removed, missing };

  DirectoryEditor(Database& db, std::string tenant) : db_(db), tenant_(std::move(tenant)) {}

  /// Adds a record at the end of its section, or makes the one of this id what this one is: a
  /// field that is empty here is emptied there.
  Outcome put(mapping::Section section, const mapping::Record& record);
  Outcome remove(mapping::Section section, const std::string& id);

 private:
  Database& db_;
  std::string tenant_;
  std::array<std::optional<std::int64_t>, mapping::all_sections.size()> last_position_;
};
constexpr std::array<std::string_view, 5> names_of(DirectoryEditor::Outcome) {
  return {"added", "changed", "unchanged", "removed", "missing"};
}

/// Puts a tenant's directory as a whole, record by record, within one transaction of the caller:
/// what was not put goes with `finish`.
class DirectoryReplacement {
 public:
  DirectoryReplacement(Database& db, std::string tenant);

  /// False: a record of this id was put before.
  bool put(mapping::Section section, const mapping::Record& record);
  /// How many records a section had, how many of them were not put, and how many were put.
  std::int64_t there(mapping::Section section) const { return part(section).there; }
  std::int64_t removed(mapping::Section section) const;
  std::int64_t put_so_far(mapping::Section section) const { return part(section).put; }
  void finish();

 private:
  /// What was there has positions up to `last`; what is put comes behind.
  struct Part {
    std::int64_t there = 0, last = 0, put = 0;
  };
  const Part& part(mapping::Section section) const {
    return parts_[static_cast<std::size_t>(section)];
  }

  Database& db_;
  std::string tenant_;
  std::array<Part, mapping::all_sections.size()> parts_;
};

/// The records of a section after an id, in the order of their ids.
std::vector<mapping::Record> directory_page(Database& db, const std::string& tenant,
                                            mapping::Section section, const std::string& after,
                                            int most);
/// How many records a section has.
std::int64_t directory_count(Database& db, const std::string& tenant, mapping::Section section);
/// How many records a section has that are not among these.
std::int64_t directory_count_beside(Database& db, const std::string& tenant,
                                    mapping::Section section,
                                    const std::unordered_set<std::string_view>& ids);

}  // namespace rekey::store
