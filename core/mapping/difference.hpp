// What is not as it was when the customer saved last.
#pragma once

#include "core/mapping/configuration.hpp"

namespace rekey::mapping {

/// What happened to a record or its counterpart.
enum class Change {
  appeared,         ///< the host has a record that had no choice when the configuration was saved
  target_gone,      ///< the chosen record is not there any more
  target_inactive,  ///< the chosen record was made inactive
  target_renamed,   ///< the chosen record is called otherwise now
};
constexpr std::array<std::string_view, 4> names_of(Change) {
  return {"appeared", "target_gone", "target_inactive", "target_renamed"};
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

/// Compares what was saved with what is there now. It only marks: no choice is ever removed here,
/// because nothing but the customer removes a mapping.
std::vector<Difference> differences(const Configuration& saved, const Records& ours,
                                    const Records& theirs);

}  // namespace rekey::mapping
