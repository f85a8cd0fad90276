// Moves the refresh machine of a grant: reads its row, steps, compares and sets, and writes what
// people are told into the history of its connection, all in one transaction.
#pragma once

#include <functional>

#include "core/refresh/step.hpp"
#include "native/store/refreshes.hpp"
#include "native/work/driver.hpp"
#include "native/work/provider_clients.hpp"

namespace rekey::work {

/// A step of the refresh machine that was stored.
struct RefreshMove {
  bool gone = false;     ///< there is no such grant
  bool refused = false;  ///< the event was not possible; nothing was changed
  refresh::State state;  ///< as it is now
  refresh::Actions actions;

  /// The action of this kind; or null.
  template <class Action>
  const Action* find() const {
    for (const auto& each : actions)
      if (const auto* one = std::get_if<Action>(&each)) return one;
    return nullptr;
  }
};

/// Safe to share between threads. Driver and clients must outlive it.
class GrantKeeper {
 public:
  GrantKeeper(Driver& driver, const ProviderClients& clients)
      : driver_(driver), clients_(clients) {}

  /// What happens to a grant, as its row is in the transaction.
  using EventOf = std::function<refresh::Event(store::Database&, const store::RefreshRow&)>;
  /// Written in the same transaction, after a step that was possible.
  using InSameTransaction = std::function<void(store::Database&, const RefreshMove&)>;

  /// Throws DatabaseError; before a refresh token is spent also when there is no room for the
  /// answer.
  RefreshMove move(const store::GrantKey& grant, const EventOf& event_of,
                   const InSameTransaction& in_same_transaction = {},
                   const wire::Actor& actor = wire::by_provider());
  RefreshMove move(const store::GrantKey& grant, const refresh::Event& event);

  /// Whether the client that is configured is the one a grant was given to, as far as is known.
  bool knows_client(const store::RefreshRow& row) const;
  /// Whether this grant may end now: not more at once than is plausible.
  bool may_end(store::Database& db, const store::GrantKey& grant) const;

 private:
  RefreshMove step_within(store::Database& db, const store::GrantKey& grant,
                          const EventOf& event_of, const InSameTransaction& in_same_transaction,
                          const wire::Actor& actor, bool& told);

  Driver& driver_;
  const ProviderClients& clients_;
};

}  // namespace rekey::work
