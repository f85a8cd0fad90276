// The differences between the records now and those at the last save.
#pragma once

#include <functional>

#include "core/mapping/configuration.hpp"

namespace rekey::mapping {

/// What happened to a record or its counterpart.
enum class Change {
  appeared,         ///< the host has a record that had no choice when the configuration was saved
  target_gone,      ///< the chosen record is not there any more
  target_inactive,  ///< the chosen record was made inactive
  target_renamed,   ///< the chosen record is called otherwise now
  target_appeared,  ///< the accounting system has a record that it had not then; of no line
};
constexpr std::array<std::string_view, 5> names_of(Change) {
  return {"appeared", "target_gone", "target_inactive", "target_renamed", "target_appeared"};
}

/// One change, on the host's record `ours`. `was`: the name at the time of the choice.
struct Difference {
  Section section = Section::accounts;
  std::string ours;
  Change change = Change::appeared;
  std::string was;
  bool operator==(const Difference&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("section", &Difference::section), field("ours", &Difference::ours),
                      field("change", &Difference::change), field("was", &Difference::was)};
  }
};

/// Whether one of the host's records was there already when the configuration was saved: left
/// undecided then, it has not appeared since. `differences` asks only about records without a
/// choice.
using WasThere = std::function<bool(Section section, const std::string& ours)>;

/// Compares what was saved with what is there now. It only marks: no choice is ever removed here,
/// because nothing but the customer removes a mapping. Without `was_there`, every record without a
/// choice counts as one that came after the save.
std::vector<Difference> differences(const Configuration& saved, const Records& ours,
                                    const Records& theirs, const WasThere& was_there = {});

}  // namespace rekey::mapping
