// The lines of a configuration, as they are listed and counted: one for each of the host's records.
#pragma once

#include "core/mapping/difference.hpp"

namespace rekey::mapping {

/// How a line stands: what is chosen for it or, while nothing is, whether something is suggested.
enum class LineState { undecided, suggested, chosen, none, create };
constexpr std::array<std::string_view, 5> names_of(LineState) {
  return {"undecided", "suggested", "chosen", "none", "create"};
}

/// Which lines are wanted: those in a state, with something that changed, with a conflict, or gone.
enum class LineFilter { undecided, suggested, chosen, none, create, changed, conflicts, gone };
constexpr std::array<std::string_view, 8> names_of(LineFilter) {
  return {"undecided", "suggested", "chosen", "none", "create", "changed", "conflicts", "gone"};
}

/// How many lines of a section are in which state.
struct SectionCounts {
  Section section = Section::accounts;
  std::int64_t total = 0;  ///< of the host's records
  std::int64_t undecided = 0, suggested = 0, chosen = 0, none = 0, create = 0;
  std::int64_t changed = 0;    ///< the record appeared, or what was chosen is not as it was
  std::int64_t conflicts = 0;  ///< another line has the same counterpart
  std::int64_t gone = 0;       ///< not in `total`: the host has them no more, a choice is kept
  bool operator==(const SectionCounts&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("section", &SectionCounts::section),
                      field("total", &SectionCounts::total),
                      field("undecided", &SectionCounts::undecided),
                      field("suggested", &SectionCounts::suggested),
                      field("chosen", &SectionCounts::chosen),
                      field("none", &SectionCounts::none),
                      field("create", &SectionCounts::create),
                      field("changed", &SectionCounts::changed),
                      field("conflicts", &SectionCounts::conflicts),
                      field("gone", &SectionCounts::gone)};
  }
};

/// How many lines of a section have changed in one way since the last save, or how many records
/// have come to be chosen from.
struct ChangeCount {
  Section section = Section::accounts;
  Change change = Change::appeared;
  std::int64_t count = 0;
  bool operator==(const ChangeCount&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("section", &ChangeCount::section),
                      field("change", &ChangeCount::change), field("count", &ChangeCount::count)};
  }
};

}  // namespace rekey::mapping
