// The invariants of a connection (docs/state-machine.md), each as a check of one step, so that the
// exhaustive exploration and the random histories hold the core to the very same rules.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/explore.hpp"

namespace rekey::test {

/// One rule; `broken` gives what is wrong with a step, or nothing. A refused step changes nothing
/// (the first rule), so most rules need not be asked about it.
struct Rule {
  std::string_view name;
  std::string (*broken)(const explore::Taken&);
  bool of_refused = false;
};

/// Every rule there is.
const std::vector<Rule>& rules();

/// The grants whose tokens must be in the vault in this state: the live one, and one being proved,
/// confirmed or ended.
std::vector<std::int64_t> kept_grants(const connect::State& state);

/// The versions that are to be ended at the provider and are not yet; 0: the OAuth 1.0a connection.
std::vector<std::int64_t> pending(const connect::State& state);

/// Whether somebody waits in this state for something outside: a customer, a provider, a store.
bool running(const State& state);

/// Gives TimeReached whenever it is due, and nothing else; false when that does not end every wait.
bool settles(State state);

}  // namespace rekey::test
