// A local Intuit: sign-in and consent, OAuth 2.0 and legacy endpoints, and made-up companies behind
// the accounting API. The paths of all of Intuit's hosts are served under one address.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "native/http/http.hpp"
#include "native/sandbox/accounting/limits.hpp"
#include "native/sandbox/books/companies.hpp"
#include "native/sandbox/control/fault.hpp"
#include "native/sandbox/grants/grants.hpp"
#include "native/sandbox/grants/registered.hpp"
#include "native/sandbox/hooks/webhooks.hpp"
#include "native/sandbox/legacy/connections.hpp"

namespace rekey::sandbox {

struct SandboxOptions {
  std::vector<SandboxClient> clients;
  std::vector<SandboxUser> users;
  std::vector<CompanySpec> companies;
  /// Applications of the old platform, and connections to them that exist from the start; more by
  /// `Sandbox::add_legacy`.
  std::vector<LegacyApp> legacy_apps;
  std::vector<LegacyConnection> legacy_connections;
  /// Answers an authorization at once, as the first user and with the first company.
  bool auto_consent = false;
  /// Fills the first user's name and password into the sign-in page. For demonstrations.
  bool fill_in_sign_in = false;
  /// Every answer waits this long first.
  std::int64_t latency_ms = 0;
  /// The address that the sandbox is reached at, without a final slash. Empty: as each request's
  /// Host says.
  std::string base_url;
  GrantRules grants;
  LimitRules limits;
  /// Trouble from the start; more over /sandbox/faults.
  std::vector<FaultRule> faults;
  /// Where data-change webhooks go; more over /sandbox/webhooks. `webhook_client`: what sends them,
  /// and waits for `hook_answered_within_ms`; none: they are not sent.
  HookRules webhooks;
  std::shared_ptr<http::Client> webhook_client;
  /// A file to keep grants, legacy connections, writes, the clock and the signing key in; empty:
  /// all of it is gone with the process.
  std::string store;
  /// How to wait; a test that wants no waiting gives its own.
  std::function<void(Millis)> wait;
  /// Answers that are to wait are owed (`http::Response::later`) instead of waited for, so that a
  /// server can have thousands of them waiting without a thread.
  bool owe_late_answers = false;
};

/// Options that make `rekey sandbox` usable without a single flag.
SandboxOptions default_options();

/// Thread-safe. Time comes from `clock`, plus what was asked for over /sandbox/clock.
class Sandbox {
 public:
  /// Throws std::runtime_error with a sentence a person can act on when the store cannot be used.
  Sandbox(SandboxOptions options, std::function<Instant()> clock);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  http::Response handle(const http::Request& request);

  /// Sets the address once the port is known.
  void set_base_url(std::string base_url);
  /// A legacy connection of the first legacy application to a company, as old as asked for.
  LegacyConnection add_legacy(const std::string& realm, Millis age = Millis{0});
  /// Lets time pass.
  void advance(Millis time);
  Instant now() const;

 private:
  std::unique_ptr<struct World> world_;
};

}  // namespace rekey::sandbox
