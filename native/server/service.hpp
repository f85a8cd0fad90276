// State that all surfaces share: the driver, the memory, the provider's clients, and the settings.
#pragma once

#include <memory>
#include <string>

#include "core/mapping/section.hpp"
#include "core/oauth/provider.hpp"
#include "native/server/memory.hpp"
#include "native/server/session_keeper.hpp"
#include "native/server/stream_limits.hpp"
#include "native/store/sessions.hpp"
#include "native/work/provider_clients.hpp"
#include "native/work/webhook_targets.hpp"

namespace rekey::server {

/// What the operator has decided about the page and its sessions.
struct PageRules {
  Millis session_life = std::chrono::hours{12};
  std::int64_t sessions_per_tenant = 200;
  std::vector<std::string> return_hosts;  ///< where a return_url may lead
  std::string host_url;                   ///< the host's home; empty: not known
  /// What of the host's directory is mapped.
  mapping::Sections lists{mapping::usual_sections.begin(), mapping::usual_sections.end()};
  /// Of these, which are among `lists`, each record is decided before a save.
  mapping::Sections required_lists{};
};

/// The service as its surfaces see it.
struct Service {
  work::Driver& driver;
  Memory& memory;
  const work::ProviderClients& clients;
  const work::WebhookTargets& webhook_targets;
  oauth::Provider provider;  ///< it names its integration
  std::string client_id;
  std::string public_url;  ///< without a '/' at the end
  std::string redirect_uri;
  std::string host_name;  ///< the business application, for people
  std::string page_dir;
  bool secure = false;  ///< public_url is https: cookies are Secure, HSTS is sent
  PageRules pages;
  SessionKeeper& sessions;
  std::shared_ptr<StreamLimits> stream_limits = std::make_shared<StreamLimits>();
};

// How long things are good for.
constexpr Millis attempt_life = std::chrono::minutes{10};
constexpr Millis page_token_life = std::chrono::minutes{5};

/// The address of a link that signs a person in to the page, once. The token is in the fragment,
/// which no browser sends and no server logs.
struct PageLink {
  std::string url;
  Instant expires{};
};
/// Mints one, in the caller's transaction if there is one.
PageLink mint_page_link(Service& service, store::Database& db, const store::PageVisit& visit);

}  // namespace rekey::server
