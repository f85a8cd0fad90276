#include "native/app.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "native/http/client.hpp"
#include "native/log.hpp"
#include "native/server/host_api.hpp"
#include "native/server/page_api.hpp"
#include "native/server/problem.hpp"
#include "native/server/static_files.hpp"
#include "native/server/token_api.hpp"
#include "native/store/schema.hpp"
#include "native/vault/random.hpp"
#include "native/work/process_name.hpp"

namespace rekey {

namespace {

http::ServerOptions server_options(const config::Settings& settings) {
  http::ServerOptions options;
  options.address = settings.listen_address;
  options.port = settings.listen_port;
  options.tls_certificate = settings.tls_certificate;
  options.tls_key = settings.tls_key;
  // A caller whose token is being renewed waits on one of these for as long as the provider takes.
  options.workers = 32;
  // What is answered from memory needs a processor to itself more than it needs a second loop.
  options.io_threads = std::clamp(static_cast<int>(std::thread::hardware_concurrency()) / 2, 1, 4);
  return options;
}

std::shared_ptr<store::Databases> open_databases(const config::Settings& settings) {
  auto databases = std::make_shared<store::Databases>(settings.database);
  auto db = databases->borrow();
  store::prepare_schema(*db);
  return databases;
}

void add_health(server::Router& router, work::Driver& driver) {
  router.add("GET", "/healthz", [](const http::Request&, const server::Places&) {
    return server::json_answer(200, {{"status", "ok"}});
  });
  // Ready: the store answers.
  router.add("GET", "/readyz", [&driver](const http::Request&, const server::Places&) {
    auto db = driver.databases().borrow();
    (void)store::next_job_at(*db);
    return server::json_answer(200, {{"status", "ready"}});
  });
}

server::PageRules page_rules(const config::Settings& settings) {
  const auto& pages = settings.pages;
  return {pages.session_life, pages.sessions_per_tenant, pages.return_hosts, pages.host_url};
}

/// What the database cannot do now is said as such; everything else is a fault of ours, and goes on
/// to who logs it.
http::Response answer(const server::Router& router, const http::Request& request) {
  using Kind = store::DatabaseError::Kind;
  try {
    return router.handle(request);
  } catch (const store::DatabaseError& error) {
    switch (error.kind()) {
      case Kind::unfit:
        return server::problem(
            {Code::bad_input,
             "The request has a text in it that is not UTF-8, or has a zero in it.",
             {}});
      case Kind::unreachable:
      case Kind::busy:
      case Kind::overtaken: {
        log::error("database.unavailable", {{"path", request.path}, {"what", error.what()}});
        auto response = server::problem(
            {Code::internal, "The database does not answer now. Try again in a moment.", {}},
            {{"status", 503}});
        response.headers.set("Retry-After", "1");
        return response;
      }
      default:
        throw;
    }
  }
}

}  // namespace

App::App(const config::Settings& settings)
    : secure_(settings.https),
      server_(std::make_unique<http::Server>(
          server_options(settings),
          [this](const http::Request& request) { return handle(request); },
          [this](const http::Request& request) { return handle_quickly(request); })) {}

App::~App() {
  server_.reset();
  webhooks_.reset();
  workers_.reset();
}

std::optional<http::Response> App::handle_quickly(const http::Request& request) {
  if (answering_.load() == nullptr) return {};
  return server::token_from_memory(*service_, request);
}

http::Response App::handle(const http::Request& request) {
  const auto* router = answering_.load();
  auto response = router ? answer(*router, request)
                         : server::problem({Code::unreachable, "The service is starting.", {}});
  if (!response.headers.get("Content-Security-Policy"))
    server::add_safety_headers(response, secure_);
  log::debug("request",
             {{"method", request.method}, {"path", request.path}, {"status", response.status}});
  return response;
}

void App::start(const config::Settings& settings, oauth::Provider provider,
                std::shared_ptr<http::Client> client, const std::string& page_dir,
                const std::function<void(server::Router&, server::Service&)>& more) {
  databases_ = open_databases(settings);
  driver_ = std::make_unique<work::Driver>(databases_,
                                           std::make_shared<const work::Safe>(open_vault(settings)),
                                           std::make_shared<work::Hub>(), system_now);
  if (!settings.scopes.empty()) provider.scopes = settings.scopes;
  const std::string public_url = settings.public_url;
  provider.pkce = provider.pkce && settings.pages.pkce;
  memory_ = std::make_unique<server::Memory>(databases_, driver_->hub());
  sessions_ = std::make_unique<server::SessionKeeper>(*driver_, settings.pages.session_idle);
  outside_ = make_outside(settings, provider, std::move(client));
  webhook_targets_ = std::make_unique<work::WebhookTargets>(settings.webhook_allow);
  service_ = std::make_unique<server::Service>(server::Service{
      *driver_, *memory_, outside_, *webhook_targets_, std::move(provider), settings.client_id,
      public_url, settings.redirect_uri.empty() ? public_url + "/callback" : settings.redirect_uri,
      settings.host_name, page_dir, text::Catalogue::english(), settings.https,
      page_rules(settings), *sessions_});
  router_ = std::make_unique<server::Router>();
  add_health(*router_, *driver_);
  server::add_host_api(*router_, *service_);
  server::add_page_api(*router_, *service_);
  if (more) more(*router_, *service_);
  auto files = std::make_shared<const server::StaticFiles>(page_dir);
  router_->set_fallback([this, files](const http::Request& request, const server::Places&) {
    return files->serve(request, secure_);
  });

  constexpr int worker_threads = 4;
  workers_ = std::make_unique<work::Workers>(*driver_, outside_, worker_threads);
  constexpr int webhook_threads = 2;
  webhooks_ = std::make_unique<work::WebhookSender>(*driver_, webhook_targets_->make_client(),
                                                    webhook_threads);
  answering_ = router_.get();
}

std::shared_ptr<const vault::Vault> open_vault(const config::Settings& settings) {
  auto opened = vault::Vault::open(
      {settings.master_key_file, settings.master_key, settings.master_key_command});
  if (!opened) throw std::runtime_error(opened.error().hint);
  return std::make_shared<const vault::Vault>(std::move(*opened));
}

work::Outside make_outside(const config::Settings& settings, const oauth::Provider& provider,
                           std::shared_ptr<http::Client> client) {
  work::Outside outside;
  outside.tokens = std::make_shared<intuit::TokenEndpoint>(
      provider, intuit::ClientIdentity{settings.client_id, settings.client_secret}, client,
      system_now);
  outside.accounting = std::make_shared<intuit::Accounting>(provider, client);
  outside.provider = provider;
  outside.client = std::move(client);
  outside.owner = work::process_name();
  outside.import_page_size = settings.import_page_size;
  outside.forbid_shared_company = settings.pages.forbid_shared_company;
  return outside;
}

Workplace::Workplace(const config::Settings& settings)
    : databases(open_databases(settings)),
      driver(databases, std::make_shared<const work::Safe>(open_vault(settings)),
             std::make_shared<work::Hub>(), system_now) {}

std::shared_ptr<http::Client> make_outbound_client() {
  return http::make_client(http::ClientOptions{});
}

std::string default_page_dir() {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const auto& place : {program / "page", program / "../share/rekey/page"})
    if (fs::is_regular_file(place / "index.html", error)) return fs::weakly_canonical(place);
  throw std::runtime_error(
      "The page is not beside the program. Build it with script/build, or give its folder with "
      "--page-dir.");
}

std::string add_api_key(store::Databases& databases, store::ApiKey key) {
  auto secret = "rk_" + vault::random_token(32);
  key.id = "key_" + vault::random_token(9);
  auto db = databases.borrow();
  store::put_api_key(*db, vault::sha256_hex(secret), key);
  return secret;
}

Instant system_now() {
  return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

}  // namespace rekey
