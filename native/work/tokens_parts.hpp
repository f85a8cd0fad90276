// What the files that define Tokens have in common.
#pragma once

#include "native/store/access.hpp"
#include "native/work/tokens.hpp"
#include "native/work/turn.hpp"

namespace rekey::work {

struct Tokens::Read {
  store::Grant grant;
  Secret access, refresh, previous;
};

struct Tokens::Spending {
  const Owner& owner;
  std::int64_t version = 0;
  const Read& current;
  bool unsettled = false;
  bool rejected = false;  ///< the access token is known to be refused
};

}  // namespace rekey::work
