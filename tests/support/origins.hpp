// The states that a sign-in can begin from.
#pragma once

#include "tests/support/walk.hpp"

namespace rekey::test {

/// Where a sign-in can begin.
enum class Origins { unlinked, legacy, linked, broken };
inline constexpr Origins all_origins[] = {Origins::unlinked, Origins::legacy, Origins::linked,
                                          Origins::broken};

inline Walk walk_from(Origins origin) {
  Walk walk;
  if (origin == Origins::legacy)
    walk.go(connect::LegacyLoaded{alder, walk.now, walk.now + std::chrono::hours{4000}});
  if (origin == Origins::linked || origin == Origins::broken) {
    walk.link(alder);
    walk.import_all();
  }
  if (origin == Origins::broken) walk.go(connect::GrantEnded{1, connect::Ended::refused});
  return walk;
}

/// `test(walk, origin, phase)` once from each of them.
template <class F>
void from_everywhere(F&& test) {
  for (const auto origin : all_origins) {
    Walk walk = walk_from(origin);
    INFO("from " << line(walk.state.connect.phase));
    test(walk, origin, walk.state.connect.phase);
  }
}

}  // namespace rekey::test
