// The backend put together: the one place that knows every part.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "native/async/pool.hpp"
#include "native/config.hpp"
#include "native/http/server.hpp"
#include "native/server/router.hpp"
#include "native/server/service.hpp"
#include "native/vault/vault.hpp"
#include "native/work/change_reader.hpp"
#include "native/work/erase.hpp"
#include "native/work/matcher.hpp"
#include "native/work/retention.hpp"
#include "native/work/revocations.hpp"
#include "native/work/webhooks.hpp"
#include "native/work/workers.hpp"

namespace rekey {

/// The client every outbound request goes through, and the threads its answers are worked on in.
struct Outbound {
  std::shared_ptr<async::Pool> pool;
  std::shared_ptr<http::Client> client;
};

/// The backend. It listens from its construction on, answers 503 until `start`, and ends in order
/// when it goes: no new request, running ones finished, jobs given back.
class App {
 public:
  /// Listens. Throws std::runtime_error with a sentence a person can act on.
  explicit App(const config::Settings& settings);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Opens the store and goes to work for this provider. `more` may add routes of its own. Throws
  /// like the constructor.
  void start(const config::Settings& settings, oauth::Provider provider, Outbound outbound,
             const std::string& page_dir,
             const std::function<void(server::Router&, server::Service&)>& more = {});

  unsigned short port() const { return server_->port(); }
  /// Where the host API listens apart from the page; none: it does not.
  std::optional<unsigned short> api_port() const {
    return api_server_ ? std::optional(api_server_->port()) : std::nullopt;
  }
  server::Service& service() { return *service_; }

 private:
  http::Response handle(const http::Request& request);
  /// What is said of a request when it has been answered.
  struct Asked {
    std::string method;
    std::string path;
    std::chrono::steady_clock::time_point began;
  };
  http::Response finished(http::Response response, const Asked& asked) const;
  std::optional<http::Response> handle_quickly(const http::Request& request);
  /// Where the provider tells of changed records, if it does, and who reads them.
  void add_change_hooks(const config::Settings& settings);

  std::shared_ptr<store::Databases> databases_;
  std::unique_ptr<work::Driver> driver_;
  std::unique_ptr<server::Memory> memory_;
  std::unique_ptr<server::SessionKeeper> sessions_;
  work::ProviderClients clients_;
  std::unique_ptr<work::WebhookTargets> webhook_targets_;
  std::unique_ptr<server::Service> service_;
  std::unique_ptr<server::Router> router_;
  std::unique_ptr<work::Workers> workers_;
  std::unique_ptr<work::Matcher> matcher_;
  std::unique_ptr<work::WebhookSender> webhooks_;
  std::unique_ptr<work::ChangeReader> change_reader_;
  std::unique_ptr<work::Eraser> eraser_;
  std::unique_ptr<work::Revoker> revoker_;
  std::unique_ptr<work::Retention> retention_;
  std::atomic<const server::Router*> answering_{nullptr};
  bool secure_ = false;
  std::unique_ptr<http::Server> server_, api_server_;  // last: they stop first
};

/// The vault with the master keys that are set. Throws std::runtime_error with a sentence.
std::shared_ptr<const vault::Vault> open_vault(const config::Settings& settings);

/// What the provider may have signed deliveries with: those that are set, and those that the
/// command prints. Throws std::runtime_error with a sentence.
std::vector<Secret> verifier_tokens(const config::Settings& settings);

/// Holds the master keys against the database. Throws std::runtime_error with a sentence when
/// nothing that is there opens; what opens in part only is told (`SecretStore::key_fault`), and the
/// service is not ready.
void check_master_keys(work::Driver& driver);

/// The provider, as the workers use it: calls of its accounting API keep to the budgets in the
/// database.
work::ProviderClients make_provider_clients(const config::Settings& settings,
                                            const oauth::Provider& provider, Outbound outbound,
                                            std::shared_ptr<store::Databases> databases);

/// Store and vault for commands that work beside a running service, or without one.
struct Workplace {
  explicit Workplace(const config::Settings& settings);
  std::shared_ptr<store::Databases> databases;
  work::Driver driver;
};

Outbound make_outbound();

/// Where the built page is unless told otherwise: beside the program, or where it is installed.
std::string default_page_dir();

/// Adds an API key, under an id of its own that is put into `key`, and gives the key itself; only
/// its hash is kept.
std::string add_api_key(store::Databases& databases, store::ApiKey& key);

/// The system's clock.
Instant system_now();

}  // namespace rekey
