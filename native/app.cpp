#include "native/app.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "native/config_secret_files.hpp"
#include "native/http/client.hpp"
#include "native/http/later.hpp"
#include "native/integrations.hpp"
#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/server/body_limits.hpp"
#include "native/server/host_api.hpp"
#include "native/server/metrics_api.hpp"
#include "native/server/page_api.hpp"
#include "native/server/page_problem.hpp"
#include "native/server/provider_webhooks.hpp"
#include "native/server/static_files.hpp"
#include "native/server/token_api.hpp"
#include "native/store/schema.hpp"
#include "native/vault/master_key.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"
#include "native/work/budgets.hpp"
#include "native/work/follow_changes.hpp"
#include "native/work/key_check.hpp"
#include "native/work/process_name.hpp"

namespace rekey {

namespace {

http::Proxies proxies(const config::Settings& settings) {
  http::Proxies out;
  out.forwarded = settings.proxy_header == "forwarded";
  for (const auto& each : settings.trusted_proxies) {
    const auto network = http::Network::parse(each);
    if (!network)
      throw std::runtime_error(text::fill(
          "The setting trusted-proxies must be addresses or networks such as 10.0.0.0/8, "
          "with spaces between, and not \"{given}\".",
          {{"given", each}}));
    out.trusted.push_back(*network);
  }
  return out;
}

http::ServerOptions server_options(const config::Settings& settings) {
  http::ServerOptions options;
  options.address = settings.listen_address;
  options.port = settings.listen_port;
  options.tls_certificate = settings.tls_certificate;
  options.tls_key = settings.tls_key;
  options.workers = 16;  // they wait for the database, and for nothing outside
  // What is answered from memory needs a processor to itself more than it needs a second loop.
  options.io_threads = std::clamp(static_cast<int>(std::thread::hardware_concurrency()) / 2, 1, 4);
  options.bounds.peer_connections = settings.peer_connections;
  options.bounds.body = [](std::string_view, std::string_view path) {
    for (const auto& each : integrations())
      if (each.change_hooks && each.change_hooks->path == path) return accounting::largest_delivery;
    return server::largest_body(path);
  };
  options.bounds.lines = server::largest_of_lines;
  options.max_body = server::largest_lines;  // each route says how much of it, above
  options.problem = server::problem_at;
  options.bounds.always_answered = {"/healthz", "/readyz", "/metrics"};
  options.proxies = proxies(settings);
  return options;
}

std::shared_ptr<store::Databases> open_databases(const config::Settings& settings) {
  auto databases = std::make_shared<store::Databases>(settings.database);
  auto db = databases->borrow();
  store::prepare_schema(*db);
  return databases;
}

/// What the database cannot do now, for who asks us: without its name, which is in the log.
std::string_view sentence_of(store::DatabaseError::Kind kind) {
  using Kind = store::DatabaseError::Kind;
  switch (kind) {
    case Kind::full:
      return "database.full";
    case Kind::read_only:
      return "database.read_only";
    case Kind::disk:
      return "database.disk";
    case Kind::pooled:
      return "database.pooled";
    case Kind::sealed:
      return "database.sealed";
    default:
      return "database.silent";
  }
}

http::Response soon(std::string_view path, Code code, const std::string& sentence) {
  auto response = server::problem_at(path, {code, sentence, {}});
  response.headers.set("Retry-After", "1");
  return response;
}

http::Response not_ready(const std::string& sentence) {
  return soon("/readyz", Code::database_unavailable, sentence);
}

bool is_host_api(std::string_view path) {
  return path == "/v1" || path.starts_with("/v1/") || path == "/metrics";
}

bool is_health(std::string_view path) {
  return path == "/healthz" || path == "/readyz";
}

/// What is served, but at the other of two places (the setting api-listen).
http::Response elsewhere(std::string_view path) {
  auto response = server::problem_at(path, server::no_such_address());
  server::add_safety_headers(response, false);
  return response;
}

void add_health(server::Router& router, work::Driver& driver) {
  router.add("GET", "/healthz", [](const http::Request&, const server::Places&) {
    return server::json_answer(200, {{"status", "ok"}});
  });
  // Ready: the store answers and takes writes, and the master keys open what is in it.
  router.add("GET", "/readyz", [&driver](const http::Request&, const server::Places&) {
    {
      auto db = driver.databases().borrow();
      (void)store::next_job_at(*db);
    }
    if (const auto fault = driver.secrets().key_fault(); !fault.empty()) return not_ready(fault);
    if (const auto trouble = driver.databases().write_trouble())
      return not_ready(words::say(sentence_of(trouble->kind())));
    return server::json_answer(200, {{"status", "ready"}});
  });
}

/// A method as a label: a caller may send any word, and each would be a series of its own.
std::string_view label_of(const std::string& method) {
  for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
    if (method == known) return known;
  return "other";
}

server::PageRules page_rules(const config::Settings& settings) {
  const auto& pages = settings.pages;
  return {pages.session_life, pages.sessions_per_tenant, pages.return_hosts, pages.host_url,
          pages.lists,        pages.required_lists};
}

/// What the database cannot do now is said as such; everything else is a fault of ours, and goes on
/// to who logs it.
http::Response answer(const http::Later::Get& get, const std::string& path) {
  using Kind = store::DatabaseError::Kind;
  try {
    return get();
  } catch (const store::DatabaseError& error) {
    switch (error.kind()) {
      case Kind::unfit:
        return server::problem_at(path, {Code::bad_input, words::say("bad_input.body"), {}});
      case Kind::unreachable:
      case Kind::busy:
      case Kind::overtaken:
      case Kind::full:
      case Kind::read_only:
      case Kind::disk:
      case Kind::pooled:
      case Kind::sealed:
        log::error("database.unavailable", {{"path", path}, {"what", error.what()}});
        return soon(path, Code::database_unavailable, words::say(sentence_of(error.kind())));
      default:
        throw;
    }
  }
}

}  // namespace

App::App(const config::Settings& settings) : secure_(settings.https) {
  const bool apart = !settings.api_address.empty();
  auto options = server_options(settings);
  server_ = std::make_unique<http::Server>(
      options,
      [this, apart](const http::Request& request) {
        return apart && is_host_api(request.path) ? elsewhere(request.path) : handle(request);
      },
      [this, apart](const http::Request& request) {
        return apart ? std::nullopt : handle_quickly(request);
      });
  if (!apart) return;
  options.address = settings.api_address;
  options.port = settings.api_port;
  api_server_ = std::make_unique<http::Server>(
      options,
      [this](const http::Request& request) {
        const bool here = is_host_api(request.path) || is_health(request.path);
        return here ? handle(request) : elsewhere(request.path);
      },
      [this](const http::Request& request) { return handle_quickly(request); });
}

App::~App() {
  if (clients_.budgets) clients_.budgets->close();
  api_server_.reset();
  server_.reset();
  revoker_.reset();
  eraser_.reset();
  retention_.reset();
  webhooks_.reset();
  matcher_.reset();
  workers_.reset();
  // It waits for everything in the pool, so for imports too: these have been told to end.
  change_reader_.reset();
  // A renewal whose callers are gone is stored all the same.
  if (clients_.pool) clients_.pool->wait_for_tasks();
}

std::optional<http::Response> App::handle_quickly(const http::Request& request) {
  if (answering_.load() == nullptr) return {};
  auto response = server::token_from_memory(*service_, request);
  if (response && response->status == 200) metrics::token_from_memory();
  return response;
}

http::Response App::handle(const http::Request& request) {
  const Asked asked{request.method, request.path, std::chrono::steady_clock::now()};
  const auto* router = answering_.load();
  if (!router) return finished(soon(request.path, Code::starting, words::say("starting")), asked);
  return http::finish_with([&] { return router->handle(request); },
                           [this, asked](const http::Later::Get& get) {
                             return finished(answer(get, asked.path), asked);
                           });
}

http::Response App::finished(http::Response response, const Asked& asked) const {
  if (!response.headers.get("Content-Security-Policy"))
    server::add_safety_headers(response, secure_);
  metrics::answered(response.route.empty() ? "(other)" : response.route, label_of(asked.method),
                    response.status, std::chrono::steady_clock::now() - asked.began);
  log::debug("request",
             {{"method", asked.method}, {"path", asked.path}, {"status", response.status}});
  return response;
}

void App::start(const config::Settings& settings, oauth::Provider provider, Outbound outbound,
                const std::string& page_dir,
                const std::function<void(server::Router&, server::Service&)>& more) {
  databases_ = open_databases(settings);
  driver_ = std::make_unique<work::Driver>(
      databases_, std::make_shared<const work::SecretStore>(open_vault(settings)),
      std::make_shared<work::Hub>(), system_now);
  if (!settings.scopes.empty()) provider.scopes = settings.scopes;
  check_master_keys(*driver_);
  const std::string public_url = settings.public_url;
  provider.pkce = provider.pkce && settings.pages.pkce;
  memory_ = std::make_unique<server::Memory>(databases_, driver_->hub());
  sessions_ = std::make_unique<server::SessionKeeper>(*driver_, settings.pages.session_idle);
  clients_ = make_provider_clients(settings, provider, std::move(outbound), databases_);
  webhook_targets_ = std::make_unique<work::WebhookTargets>(settings.webhook_allow);
  service_ = std::make_unique<server::Service>(server::Service{
      *driver_, *memory_, clients_, *webhook_targets_, std::move(provider), settings.client_id,
      public_url, settings.redirect_uri.empty() ? public_url + "/callback" : settings.redirect_uri,
      settings.host_name, page_dir, settings.https, page_rules(settings), *sessions_});
  // At least half of the connections stay for requests.
  server::StreamBounds streams;
  streams.in_all = std::max(1, server_->most_connections() / 2);
  service_->stream_limits = std::make_shared<server::StreamLimits>(streams);
  router_ = std::make_unique<server::Router>(server::make_router());
  add_health(*router_, *driver_);
  server::add_host_api(*router_, *service_);
  server::add_page_api(*router_, *service_);
  server::add_metrics(*router_, *service_, settings.metrics_open);
  add_change_hooks(settings);
  if (more) more(*router_, *service_);
  auto files = std::make_shared<const server::StaticFiles>(
      page_dir, server::way_back_html(settings.host_name, settings.pages.host_url));
  router_->set_fallback([this, files](const http::Request& request, const server::Places&) {
    return files->serve(request, secure_);
  });

  workers_ = std::make_unique<work::Workers>(*driver_, clients_);
  matcher_ = std::make_unique<work::Matcher>(*driver_, clients_);
  constexpr int webhook_threads = 2;
  webhooks_ = std::make_unique<work::WebhookSender>(*driver_, webhook_targets_->make_client(),
                                                    webhook_threads);
  eraser_ = std::make_unique<work::Eraser>(*driver_);
  revoker_ = std::make_unique<work::Revoker>(*driver_, clients_);
  retention_ = std::make_unique<work::Retention>(*driver_);
  answering_ = router_.get();
}

void App::add_change_hooks(const config::Settings& settings) {
  const auto integration =
      accounting::find_integration(integrations(), service_->provider.integration);
  if (!integration || !(*integration)->change_hooks) return;
  server::add_provider_webhooks(*router_, *service_, *(*integration)->change_hooks,
                                verifier_tokens(settings));
  change_reader_ = std::make_unique<work::ChangeReader>(
      *driver_, clients_.pool, [this](store::ChangesToRead changes) {
        return work::follow_changes(*driver_, clients_, std::move(changes));
      });
}

std::vector<Secret> verifier_tokens(const config::Settings& settings) {
  auto all = settings;
  if (settings.webhook_verifier_token_command.empty()) return all.webhook_verifier_tokens;
  const auto printed = vault::read_key_command(settings.webhook_verifier_token_command,
                                               "The command of webhook-verifier-token-command");
  if (!printed) throw std::runtime_error(printed.error().hint);
  config::add_verifier_tokens(all, printed->reveal());
  return all.webhook_verifier_tokens;
}

void check_master_keys(work::Driver& driver) {
  const auto& secrets = driver.secrets();
  const auto ids = secrets.vault().master_key_ids();
  const auto fault =
      work::check_keys(*driver.databases().borrow(), secrets.vault(), ids, driver.now());
  if (!fault) return;
  work::note_refused_keys(driver.databases(), *fault, ids, wire::by_operator(), driver.now());
  if (!fault->may_seal) throw std::runtime_error(fault->sentence);
  secrets.set_key_fault(fault->sentence);
}

std::shared_ptr<const vault::Vault> open_vault(const config::Settings& settings) {
  auto opened = vault::Vault::open(
      {settings.master_key_file, settings.master_key, settings.master_key_command});
  if (!opened) throw std::runtime_error(opened.error().hint);
  return std::make_shared<const vault::Vault>(std::move(*opened));
}

work::ProviderClients make_provider_clients(const config::Settings& settings,
                                            const oauth::Provider& provider, Outbound outbound,
                                            std::shared_ptr<store::Databases> databases) {
  work::ProviderClients clients;
  clients.pool = std::move(outbound.pool);
  clients.client = std::move(outbound.client);
  clients.tokens = std::make_shared<oauth::TokenEndpoint>(
      provider, oauth::ClientIdentity{settings.client_id, settings.client_secret}, clients.client,
      system_now);
  const auto integration = accounting::find_integration(integrations(), provider.integration);
  if (!integration) throw std::runtime_error(integration.error().hint);
  clients.budgets = std::make_shared<work::Budgets>(
      std::move(databases), *clients.pool, (*integration)->id,
      budget::Limits{settings.requests_per_second, settings.requests_per_minute}, system_now);
  clients.accounting = std::make_shared<const work::BudgetedSystem>(
      (*integration)->make(provider, clients.client, system_now), clients.budgets);
  clients.provider = provider;
  clients.owner = work::process_name();
  clients.import_page_size = settings.import_page_size;
  clients.keep_ended = settings.grants.keep_ended;
  clients.ends_at_most = settings.grants.ends_at_most;
  clients.ends_percent = settings.grants.ends_percent;
  clients.ask_about_shared_company = settings.pages.ask_about_shared_company;
  clients.forbid_shared_company = settings.pages.forbid_shared_company;
  clients.lists = settings.pages.lists;
  return clients;
}

Workplace::Workplace(const config::Settings& settings)
    : databases(open_databases(settings)),
      driver(databases, std::make_shared<const work::SecretStore>(open_vault(settings)),
             std::make_shared<work::Hub>(), system_now) {
  check_master_keys(driver);
}

Outbound make_outbound() {
  Outbound out;
  out.pool = std::make_shared<async::Pool>();
  out.client = http::make_client(http::ClientOptions{}, out.pool);
  return out;
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

std::string add_api_key(store::Databases& databases, store::ApiKey& key) {
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
