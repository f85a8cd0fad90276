// What the parts of the sandbox share. Each member is thread-safe by itself, or constant.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "native/sandbox/answered.hpp"
#include "native/sandbox/fault.hpp"
#include "native/sandbox/identity.hpp"
#include "native/sandbox/kept.hpp"
#include "native/sandbox/ledger.hpp"
#include "native/sandbox/sandbox.hpp"
#include "native/sandbox/visit.hpp"

namespace rekey::sandbox {

/// How the next authorization ends, whether a person at the pages answers it or `auto_consent`.
struct NextConsent {
  std::string error;  ///< as it goes into the redirect; empty: allowed
  std::string realm;  ///< the company that is chosen, whatever the form says; empty: as it says
};

struct World {
  World(SandboxOptions with, std::function<Instant()> told)
      : options(std::move(with)),
        clock(std::move(told)),
        grants(options.grants),
        legacy(options.legacy_apps),
        limits(options.limits) {
    for (const CompanySpec& spec : options.companies) companies.emplace_back(spec);
    for (const LegacyConnection& one : options.legacy_connections) legacy.add(one);
    for (const FaultRule& one : options.faults) faults.add(one);
    set_rules(options.grants);
    if (!options.store.empty()) remember();
  }
  /// Takes up what an earlier process left in the file of `options.store`, and keeps what comes.
  void remember();
  void advance(Millis time);

  Instant now() const { return clock() + Millis{ahead_ms.load()}; }
  void set_rules(const GrantRules& rules) {
    grants.set_rules(rules);
    legacy.check_nonces(rules.legacy_nonces);
  }
  const Company* company(const std::string& realm) const {
    for (const Company& one : companies)
      if (one.spec().id == realm) return &one;
    return nullptr;
  }
  Company* company(const std::string& realm) {
    return const_cast<Company*>(std::as_const(*this).company(realm));
  }
  const SandboxClient* client(const std::string& id) const {
    for (const SandboxClient& one : options.clients)
      if (one.id == id) return &one;
    return nullptr;
  }
  /// The address as the client wrote it: as configured, or else as its Host header says.
  std::string base(const http::Request& request) const {
    const std::lock_guard lock(base_mutex);
    if (!base_url.empty()) return base_url;
    return (request.tls ? "https://" : "http://") +
           request.headers.get("host").value_or("127.0.0.1");
  }

  const SandboxOptions options;
  std::unique_ptr<Kept> kept;  ///< nothing without a file
  const std::function<Instant()> clock;
  std::atomic<std::int64_t> ahead_ms{0};
  std::vector<Company> companies;
  Grants grants;
  LegacyConnections legacy;
  Limits limits;
  Answered answered;
  Visits visits;
  Faults faults;
  Ledger ledger;
  SigningKey key;

  mutable std::mutex base_mutex;
  std::string base_url;
  mutable std::mutex next_mutex;
  std::optional<NextConsent> next_consent;
};

// The parts; each is in the file of its name.

/// oauth_endpoints.cpp
http::Response discovery(const World& world, const http::Request& request);
http::Response token_endpoint(World& world, const http::Request& request);
http::Response revoke_endpoint(World& world, const http::Request& request);
http::Response userinfo_endpoint(World& world, const http::Request& request);
http::Response keys_endpoint(World& world);
/// legacy_endpoints.cpp
http::Response legacy_endpoint(World& world, const http::Request& request, bool reconnect);
http::Response migrate_endpoint(World& world, const http::Request& request);
/// authorize.cpp
http::Response authorize_pages(World& world, const http::Request& request);
/// accounting.cpp
http::Response accounting_api(World& world, const http::Request& request);
/// control.cpp
http::Response control_api(World& world, const http::Request& request);
/// What there is, as GET /sandbox/state tells it.
nlohmann::json describe_state(const World& world);
/// front_page.cpp. `problem` is why the last form was refused.
http::Response front_page(const World& world, const http::Request& request,
                          const std::string& problem = {});

/// A JSON answer that is not to be kept by anybody.
http::Response json_response(int status, const nlohmann::json& body);
/// The token answer of Intuit for tokens, with what only some requests ask for.
nlohmann::json token_body(World& world, const http::Request& request, const Tokens& tokens);

}  // namespace rekey::sandbox
