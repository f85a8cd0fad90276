#include "native/sandbox/grants/rules.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr TimeRule times[] = {
    {"access_life_s", &GrantRules::access_life, "How long an access token lives"},
    {"code_life_s", &GrantRules::code_life, "How long a code lives"},
    {"rotate_after_s", &GrantRules::rotate_after,
     "How old a refresh token is when it is replaced by another one"},
    {"refresh_grace_s", &GrantRules::grace, "How long a replaced refresh token is still taken"},
    {"rolling_life_s", &GrantRules::rolling_life, "How long a refresh token lives"},
    {"hard_life_s", &GrantRules::hard_life,
     "How long a grant lives at most, however often it is refreshed"},
};

constexpr SwitchRule switches[] = {
    {"kill_on_race", &GrantRules::kill_on_race,
     "A replaced refresh token ends the grant when it is presented after its grace"},
    {"replay_ends_grant", &GrantRules::replay_ends_grant,
     "A code presented twice ends the grant that came of it"},
    {"consent_ends_older", &GrantRules::consent_ends_older,
     "A new consent for the same application and company ends the grant before it"},
    {"pkce", &GrantRules::pkce, "PKCE is honoured when it is sent; off: it is ignored"},
    {"legacy_nonces", &GrantRules::legacy_nonces,
     "OAuth 1.0a time stamps must be of the last five minutes, and nonces new"},
};

constexpr std::int64_t a_century = 100LL * 365 * 86400;

}  // namespace

std::span<const TimeRule> time_rules() {
  return times;
}

std::span<const SwitchRule> switch_rules() {
  return switches;
}

json describe(const GrantRules& rules) {
  json out = json::object();
  for (const TimeRule& rule : times) out[rule.name] = (rules.*rule.member).count() / 1000;
  for (const SwitchRule& rule : switches) out[rule.name] = rules.*rule.member;
  return out;
}

Result<GrantRules> change(GrantRules rules, const json& by) {
  for (const auto& [name, value] : by.items()) {
    bool known = false;
    for (const TimeRule& rule : times) {
      if (name != rule.name) continue;
      if (!value.is_number_integer() || value.get<std::int64_t>() < 0 ||
          value.get<std::int64_t>() > a_century)
        return fail(Code::bad_input,
                    "The rule " + name + " is in whole seconds, from 0 to a hundred years.");
      rules.*rule.member = std::chrono::seconds{value.get<std::int64_t>()};
      known = true;
    }
    for (const SwitchRule& rule : switches) {
      if (name != rule.name) continue;
      if (!value.is_boolean())
        return fail(Code::bad_input, "The rule " + name + " is true or false.");
      rules.*rule.member = value.get<bool>();
      known = true;
    }
    if (!known)
      return fail(Code::bad_input,
                  "There is no rule \"" + name + "\". GET /sandbox/rules tells which there are.");
  }
  return rules;
}

}  // namespace rekey::sandbox
