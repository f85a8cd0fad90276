// Renews grants that no caller asks for just now, looks again at those that the accounting API has
// refused, and warns customers in good time of an end that no refresh puts off.
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
  Refresher(Driver& driver, const ProviderClients& clients)
      : driver_(driver), clients_(clients), keeper_(driver, clients), tokens_(driver, clients) {}

  /// Does what is due, up to some number. True: there may be more at once. For one thread of its
  /// own, which waits until all of it is done.
  bool pass(const std::function<bool()>& stop);

 private:
  void note_use();
  void warn();
  void warn_of(const store::GrantKey& grant);
  struct Round;
  using Work = std::function<async::Task<bool>(store::GrantKey)>;
  /// How many went well.
  int do_all(std::vector<store::GrantKey> grants, const std::function<bool()>& stop, Work work);
  async::Task<void> do_some(std::shared_ptr<Round> round);
  void look_again(const std::function<bool()>& stop);
  /// Whether the provider could be used.
  async::Task<bool> renew(store::GrantKey grant);
  async::Task<bool> look(store::GrantKey grant);

  Driver& driver_;
  const ProviderClients& clients_;
  GrantKeeper keeper_;
  Tokens tokens_;
  std::int64_t bad_passes_ = 0;
  Instant quiet_until_{};
};

}  // namespace rekey::work
