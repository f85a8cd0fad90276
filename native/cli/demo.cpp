// `rekey demo`: backend and sandbox in one process, with one made-up customer to walk the whole
// way.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "native/app.hpp"
#include "native/cli/command.hpp"
#include "native/cli/parse.hpp"
#include "native/cli/until_signal.hpp"
#include "native/intuit/quickbooks_online.hpp"
#include "native/sandbox/books/demo_directory.hpp"
#include "native/sandbox/sandbox.hpp"
#include "native/store/records.hpp"
#include "native/vault/random.hpp"

namespace rekey::cli {

namespace {

constexpr const char* demo_tenant = "demo";
constexpr const char* demo_user = "Wren Castellane";
constexpr const char* demo_host = "Demo application";

struct DemoFlags {
  unsigned short port = 8080;
  unsigned short sandbox_port = 0;
  bool json = false;
  std::int64_t latency_ms = 120;  // so that an import can be watched
  int page_size = 100;
};

/// A folder for as long as the demo runs.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "rekey-demo-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("No folder could be made in the system's temporary folder.");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

oauth::Provider provider_at(const std::string& base) {
  auto provider = intuit::sandbox();
  provider.authorization_endpoint = base + "/connect/oauth2";
  provider.token_endpoint = base + "/oauth2/v1/tokens/bearer";
  provider.revocation_endpoint = base + "/v2/oauth2/tokens/revoke";
  provider.userinfo_endpoint = base + "/v1/openid_connect/userinfo";
  provider.accounting_base = base;
  provider.legacy_disconnect = base + "/api/v1/connection/disconnect";
  return provider;
}

std::vector<mapping::Record> records_of(const std::vector<sandbox::DirectoryEntry>& entries) {
  std::vector<mapping::Record> out;
  for (const auto& each : entries) {
    mapping::Record made{each.id, each.name, each.email.empty() ? each.number : each.email, true};
    if (!each.email.empty()) made.emails.push_back(each.email);
    made.number = each.number;
    out.push_back(std::move(made));
  }
  return out;
}

/// The customer: a firm whose OAuth 1.0a connection is half a year old, with its own records.
void make_tenant(server::Service& service, sandbox::Sandbox& intuit,
                 const sandbox::CompanySpec& spec) {
  auto& driver = service.driver;
  const auto now = driver.now();
  const auto directory = sandbox::demo_directory(sandbox::Company(spec));
  std::string connection;
  {
    auto db = driver.databases().borrow();
    store::in_transaction(*db, [&] {
      store::put_tenant(*db, demo_tenant, spec.name, now);
      store::put_directory(*db, demo_tenant,
                           {records_of(directory.accounts), records_of(directory.tax_codes),
                            records_of(directory.customers), records_of(directory.suppliers)});
      connection = store::ensure_connection(*db, demo_tenant, service.provider.integration, now).id;
    });
  }
  constexpr Millis age = std::chrono::hours{24 * 140};
  const auto legacy = intuit.add_legacy(spec.id, age);
  const Secret credential(wire::dump({{"consumer_key", legacy.app.consumer_key},
                                      {"consumer_secret", legacy.app.consumer_secret},
                                      {"token", legacy.token},
                                      {"token_secret", legacy.token_secret}}));
  (void)driver.take(
      connection, wire::by_operator(),
      connect::LegacyLoaded{{spec.id, spec.name}, now - age, now - age + sandbox::legacy_life},
      [&](store::Database& db, const store::StoredConnection&, const Step&) {
        driver.secrets().put(db, {demo_tenant, connection}, work::sealed_field::legacy, 0,
                             credential);
      });
}

/// The link in the host application that a customer follows: each time with a new one-time token.
void add_host_link(server::Router& router, server::Service& service) {
  router.add("GET", "/demo", [&service](const http::Request&, const server::Places&) {
    auto db = service.driver.databases().borrow();
    const auto connection = store::ensure_connection(*db, demo_tenant, service.provider.integration,
                                                     service.driver.now());
    const auto link = server::mint_page_link(
        service, *db, {demo_tenant, connection.id, {"demo", demo_user}, {}, {}});
    http::Response response;
    response.status = 303;
    response.headers = {{"Location", link.url}, {"Cache-Control", "no-store"}};
    return response;
  });
}

void announce(const DemoFlags& flags, const std::string& base, const std::string& sandbox,
              const std::string& key) {
  if (flags.json) {
    std::printf("%s\n", wire::dump({{"page", base + "/demo"},
                                    {"api", base},
                                    {"sandbox", sandbox},
                                    {"api_key", key},
                                    {"tenant", demo_tenant}})
                            .c_str());
  } else {
    std::printf("\nThe demo is ready. Open this address in a browser:\n\n    %s/demo\n\n",
                base.c_str());
    std::printf(
        "You are the bookkeeper of a made-up firm. Its sign-in at the made-up provider is "
        "filled in\nfor you: demo, password demo.\n\n");
    std::printf(
        "  host API  %s/v1/openapi.json\n  API key   %s\n  sandbox   %s\n\nCtrl-C ends it; "
        "nothing is kept.\n",
        base.c_str(), key.c_str(), sandbox.c_str());
  }
  std::fflush(stdout);
}

void run(const DemoFlags& flags) {
  const UntilSignal stopping;
  log::set_level(log::Level::warning);
  const TemporaryFolder folder;

  config::Settings settings;
  settings.listen_address = "127.0.0.1";
  settings.listen_port = flags.port;
  settings.database = folder.file("rekey.db");
  settings.host_name = demo_host;
  settings.client_id = "demo-client";
  settings.client_secret = Secret(vault::random_token(32));
  settings.master_key = Secret(vault::base64_encode(vault::random_bytes(32)));
  settings.import_page_size = flags.page_size;
  settings.webhook_allow = {"127.0.0.1", "localhost"};
  App app(settings);
  settings.public_url = "http://127.0.0.1:" + std::to_string(app.port());
  settings.pages.host_url = settings.public_url + "/demo";

  auto options = sandbox::default_options();
  options.clients = {{settings.client_id,
                      settings.client_secret.reveal(),
                      demo_host,
                      {settings.public_url + "/callback"}}};
  options.fill_in_sign_in = true;
  options.latency_ms = flags.latency_ms;
  const auto company = options.companies.front();
  options.companies.push_back({"9130347798765432", "Pellworm & Araya Trading", 240});
  sandbox::Sandbox intuit(options, system_now);
  http::ServerOptions where;
  where.port = flags.sandbox_port;
  const http::Server sandbox_server(
      where, [&](const http::Request& request) { return intuit.handle(request); });
  const auto sandbox_base = "http://127.0.0.1:" + std::to_string(sandbox_server.port());
  intuit.set_base_url(sandbox_base);

  app.start(settings, provider_at(sandbox_base), make_outbound(), default_page_dir(),
            add_host_link);
  make_tenant(app.service(), intuit, company);
  store::ApiKey described{{}, "demo", server::default_scopes(), {}, {}, system_now()};
  const auto key = add_api_key(app.service().driver.databases(), described);
  announce(flags, settings.public_url, sandbox_base, key);
  stopping.wait();
}

}  // namespace

int run_demo(int argc, char** argv) {
  CLI::App command(
      "Starts backend and sandbox together, with one made-up customer. Nothing is kept, and no "
      "account anywhere is needed.",
      "rekey demo");
  DemoFlags flags;
  command.add_option("--port", flags.port, "Port of the page on 127.0.0.1; 0 takes a free one")
      ->capture_default_str();
  command
      .add_option("--sandbox-port", flags.sandbox_port, "Port of the sandbox; 0 takes a free one")
      ->capture_default_str();
  command.add_flag("--json", flags.json, "Print one line of JSON when ready, for programs");
  command
      .add_option("--latency-ms", flags.latency_ms,
                  "Milliseconds that each answer of the sandbox waits, so that an import can be "
                  "watched")
      ->check(CLI::Range(0, 60'000))
      ->capture_default_str();
  command.add_option("--import-page-size", flags.page_size, "Rows read at once")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  if (const auto ended = parse(command, argc, argv)) return *ended;
  try {
    run(flags);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey demo: %s\n", error.what());
    return 1;
  }
}

}  // namespace rekey::cli
