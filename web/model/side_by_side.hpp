// A record of the host and one of the accounting system, field by field: what a person compares
// before they choose.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/mapping/match.hpp"

namespace rekey::web {

/// How two values stand to each other. `one_only`: the other side says nothing of it.
enum class Agreement { same, similar, different, one_only };
constexpr std::array<std::string_view, 4> names_of(Agreement) {
  return {"same", "similar", "different", "one_only"};
}

/// One field of both. `field` is the end of a text id: "pair.email".
struct FieldPair {
  std::string_view field;
  std::string ours, theirs;  ///< as people read them; at least one is not empty
  Agreement agreement = Agreement::different;
  bool operator==(const FieldPair&) const = default;
};

/// The fields that either has, the name first. `reasons`: what the matching found the same; it
/// knows spellings, abbreviations and typing errors that are no matter here.
std::vector<FieldPair> side_by_side(const mapping::Record& ours, const mapping::Record& theirs,
                                    const std::vector<mapping::Reason>& reasons);

}  // namespace rekey::web
