// The sandbox put together: the one place that knows every room.
#pragma once

#include <functional>
#include <memory>

#include "native/async/pool.hpp"
#include "native/http/router.hpp"
#include "native/sandbox/accounting/answered.hpp"
#include "native/sandbox/control/ledger.hpp"
#include "native/sandbox/grants/identity.hpp"
#include "native/sandbox/kept/clock.hpp"
#include "native/sandbox/kept/kept.hpp"
#include "native/sandbox/oauth/next_consent.hpp"
#include "native/sandbox/oauth/visit.hpp"
#include "native/sandbox/pages/address.hpp"
#include "native/sandbox/sandbox.hpp"

namespace rekey::sandbox {

/// Each member is thread-safe by itself, or constant.
struct World {
  /// Throws store::DatabaseError when the file of `options.store` cannot be used.
  World(SandboxOptions with, std::function<Instant()> told);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const SandboxOptions options;
  std::unique_ptr<Kept> kept;  ///< nothing without a file
  Clock clock;
  Address address;
  const Registered registered;
  Webhooks webhooks;
  Companies companies;
  Grants grants;
  SigningKey key;
  Visits visits;
  NextConsents next_consent;
  LegacyConnections legacy;
  Limits limits;
  Answered answered;
  Faults faults;
  Ledger ledger;
  http::Router router;  ///< of all endpoints and pages
  async::Pool pool;     ///< where late answers wait; the first to go, since they need the rest

 private:
  /// Takes up what an earlier process left in the file of `options.store`, and keeps what comes.
  void remember();
  void restore();
  void add_routes();
};

}  // namespace rekey::sandbox
