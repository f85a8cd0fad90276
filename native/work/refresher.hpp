// Keeps grants fresh that no caller asks for just now, and tells customers in good time of an end
// that no refresh puts off.
#pragma once

#include <functional>
#include <memory>

#include "native/work/tokens.hpp"

namespace rekey::work {

/// Renews what is due, oldest first, a few at a time, and never looks at what is not due. While
/// nothing can be renewed (the provider is down, or refuses us), it tries one at a time, further
/// and further apart, so that fifty thousand connections do not beat upon a provider in trouble.
class Refresher {
 public:
  Refresher(Driver& driver, const Outside& outside)
      : driver_(driver), outside_(outside), tokens_(driver, outside) {}

  /// Does what is due, up to some number. True: there may be more at once. For one thread of its
  /// own, which waits until all of it is done.
  bool pass(const std::function<bool()>& stop);

 private:
  void note_use();
  void warn();
  void warn_of(const store::GrantKey& grant);
  struct Round;
  async::Task<void> renew_some(std::shared_ptr<Round> round);
  /// Whether the provider could be used.
  async::Task<bool> renew(store::GrantKey grant);

  Driver& driver_;
  const Outside& outside_;
  Tokens tokens_;
  int bad_passes_ = 0;
  Instant quiet_until_{};
};

}  // namespace rekey::work
