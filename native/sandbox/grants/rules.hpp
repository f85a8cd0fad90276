// The switches of `GrantRules` by name: one table for flags, for /sandbox/rules and for the page.
#pragma once

#include <nlohmann/json.hpp>
#include <span>

#include "core/result.hpp"
#include "native/sandbox/grants/grants.hpp"

namespace rekey::sandbox {

/// A rule that is a time. Its name says that it is counted in seconds.
struct TimeRule {
  const char* name;
  Millis GrantRules::*member;
  const char* meaning;  ///< as it stands in --help and on the page
};

/// A rule that is on or off.
struct SwitchRule {
  const char* name;
  bool GrantRules::*member;
  const char* meaning;
};

std::span<const TimeRule> time_rules();
std::span<const SwitchRule> switch_rules();

/// The rules as a JSON object of all names.
nlohmann::json describe(const GrantRules& rules);
/// The rules with those changed that a JSON object names. Says what is wrong with it; then nothing
/// is changed.
Result<GrantRules> change(GrantRules rules, const nlohmann::json& by);

}  // namespace rekey::sandbox
