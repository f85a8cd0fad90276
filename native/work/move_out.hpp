// Moves grants out: those that work, each sealed for another party's public key.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "native/vault/jwe.hpp"
#include "native/work/driver.hpp"

namespace rekey::work {

/// A part of the grants, in the order of their connections' ids.
struct MovedOut {
  std::vector<std::string> sealed;  ///< JWEs, each of the JSON that MoveIn takes
  std::string next;                 ///< go on after this id; empty: that was all
};
/// The live grants of at most `most` connections after the id `after`. Nothing here is changed:
/// the party that takes a grant over has to be its only user from then on.
MovedOut move_out(Driver& driver, const vault::Recipient& recipient, const std::string& after,
                  int most);

}  // namespace rekey::work
