// The backend put together: the one place that knows every part.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "native/config.hpp"
#include "native/http/server.hpp"
#include "native/server/router.hpp"
#include "native/server/service.hpp"
#include "native/vault/vault.hpp"
#include "native/work/webhooks.hpp"
#include "native/work/workers.hpp"

namespace rekey {

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
  void start(const config::Settings& settings, oauth::Provider provider,
             std::shared_ptr<http::Client> client, const std::string& page_dir,
             const std::function<void(server::Router&, server::Service&)>& more = {});

  unsigned short port() const { return server_->port(); }
  server::Service& service() { return *service_; }

 private:
  http::Response handle(const http::Request& request);
  std::optional<http::Response> handle_quickly(const http::Request& request);

  std::shared_ptr<store::Databases> databases_;
  std::unique_ptr<work::Driver> driver_;
  std::unique_ptr<server::Memory> memory_;
  std::unique_ptr<server::SessionKeeper> sessions_;
  work::Outside outside_;
  std::unique_ptr<work::WebhookTargets> webhook_targets_;
  std::unique_ptr<server::Service> service_;
  std::unique_ptr<server::Router> router_;
  std::unique_ptr<work::Workers> workers_;
  std::unique_ptr<work::WebhookSender> webhooks_;
  std::atomic<const server::Router*> answering_{nullptr};
  bool secure_ = false;
  std::unique_ptr<http::Server> server_;  // last: it stops first
};

/// The vault with the master keys that are set. Throws std::runtime_error with a sentence.
std::shared_ptr<const vault::Vault> open_vault(const config::Settings& settings);

/// The provider, as the workers use it.
work::Outside make_outside(const config::Settings& settings, const oauth::Provider& provider,
                           std::shared_ptr<http::Client> client);

/// Store and vault for commands that work beside a running service, or without one.
struct Workplace {
  explicit Workplace(const config::Settings& settings);
  std::shared_ptr<store::Databases> databases;
  work::Driver driver;
};

/// The client every outbound request goes through.
std::shared_ptr<http::Client> make_outbound_client();

/// Where the built page is when nobody says: beside the program, or where it is installed.
std::string default_page_dir();

/// Adds an API key, under an id of its own, and gives it; only its hash is kept.
std::string add_api_key(store::Databases& databases, store::ApiKey key);

/// The system's clock.
Instant system_now();

}  // namespace rekey
