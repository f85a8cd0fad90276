#include "core/text/catalogue.hpp"
#include "native/cli/command.hpp"
#include "native/cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "native/cli/until_signal.hpp"
#include "native/http/client.hpp"
#include "native/http/server.hpp"
#include "native/sandbox/grants/rules.hpp"
#include "native/sandbox/sandbox.hpp"

namespace rekey::cli {

namespace {

using sandbox::SandboxOptions;

constexpr std::int64_t a_century = 100LL * 365 * 86400;

struct SandboxFlags {
  unsigned short port = 8090;
  bool json = false;
  bool auto_consent = false;
  std::int64_t latency_ms = 0;
  std::uint64_t items = 0;
  sandbox::LimitRules limits;
  std::string client_id, client_secret, store;
  std::int64_t clock_ahead_s = 0;
  std::vector<std::string> redirect_uris, users, companies, production_companies, faults;
  sandbox::GrantRules rules;
  std::string webhook_url, webhook_verifier_token, webhook_form = "cloudevents";
};

/// The name of a rule as a flag: "code_life_s" is --code-life-s.
std::string flag_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

void describe_rules(CLI::App& app, sandbox::GrantRules& rules) {
  for (const auto& rule : sandbox::time_rules()) {
    Millis& value = rules.*rule.member;
    app.add_option_function<std::int64_t>(
           "--" + flag_of(rule.name),
           [&value](const std::int64_t& seconds) { value = std::chrono::seconds{seconds}; },
           text::fill("{meaning}, in seconds", {{"meaning", std::string(rule.meaning)}}))
        ->default_str(std::to_string(value.count() / 1000))
        ->type_name("SECONDS")
        ->check(CLI::Range(std::int64_t{0}, a_century))
        ->group("Rules");
  }
  for (const auto& rule : sandbox::switch_rules()) {
    bool& value = rules.*rule.member;
    const std::string name = flag_of(rule.name);
    app.add_flag("--" + name + ",!--no-" + name, value,
                 std::string(rule.meaning) + (value ? " [on]" : " [off]"))
        ->group("Rules");
  }
}

void describe_webhooks(CLI::App& app, SandboxFlags& flags) {
  app.add_option("--webhook-url", flags.webhook_url,
                 "Where data-change webhooks are sent when a record changes [none are sent]");
  app.add_option("--webhook-verifier-token", flags.webhook_verifier_token,
                 "What they are signed with [sandbox-verifier-token]");
  app.add_option("--webhook-form", flags.webhook_form,
                 "Their form: cloudevents, or notifications as before 2026")
      ->check(CLI::IsMember({"cloudevents", "notifications"}))
      ->capture_default_str();
}

void describe_flags(CLI::App& app, SandboxFlags& flags) {
  app.add_option("--port", flags.port, "Port on 127.0.0.1 to listen on; 0 takes a free one")
      ->capture_default_str();
  app.add_flag("--json", flags.json, "Print one line of JSON when ready, for programs");
  app.add_option("--client-id", flags.client_id,
                 "Client id of the registered application [sandbox-client]");
  app.add_option("--client-secret", flags.client_secret, "Its secret [sandbox-secret]");
  app.add_option("--redirect-uri", flags.redirect_uris,
                 "A redirect URI it may use, compared exactly; repeatable "
                 "[http://localhost:8080/callback]")
      ->allow_extra_args(false);
  app.add_option("--user", flags.users,
                 "NAME:PASSWORD of a person who can sign in; repeatable [demo:demo]")
      ->allow_extra_args(false);
  app.add_option("--company", flags.companies,
                 "ID:NAME or ID:NAME:SIZE of a company, SIZE in customers; repeatable "
                 "[9130347712345678:Marlowe Lantern Supply:1200]")
      ->allow_extra_args(false);
  app.add_option("--production-company", flags.production_companies,
                 "The same of a company in Intuit's production environment; repeatable")
      ->allow_extra_args(false);
  app.add_option("--items", flags.items,
                 "Items of each company, if that is more than the usual few")
      ->check(CLI::Range(0, 1'000'000));
  app.add_flag("--auto-consent", flags.auto_consent,
               "Allow every authorization at once, as the first user and for the first company");
  app.add_option("--latency-ms", flags.latency_ms, "Milliseconds that every answer waits first")
      ->check(CLI::Range(0, 600'000));
  app.add_option("--store", flags.store,
                 "File to keep grants, writes, the clock and the signing key in over a restart; "
                 "made when there is none [kept in memory only]");
  app.add_option("--requests-per-minute", flags.limits.per_minute,
                 "Accounting requests for a company before 429; 0: as many as one likes")
      ->capture_default_str();
  app.add_option("--requests-per-second", flags.limits.per_second,
                 "Accounting requests of one application for a company before 429; 0: as many as "
                 "one likes")
      ->capture_default_str();
  app.add_option("--batches-per-minute", flags.limits.batches_per_minute,
                 "Batches of one application for a company before 429; 0: as many as one likes")
      ->capture_default_str();
  app.add_option("--clock-ahead-s", flags.clock_ahead_s,
                 "Seconds that the clock is ahead from the start; more over /sandbox/clock")
      ->check(CLI::Range(std::int64_t{0}, a_century));
  app.add_option("--fault", flags.faults,
                 "Trouble from the start, as JSON that /sandbox/faults takes; repeatable")
      ->type_name("JSON")
      ->allow_extra_args(false);
  describe_webhooks(app, flags);
  describe_rules(app, flags.rules);
}

sandbox::FaultRule parse_fault(const std::string& text) {
  auto rule = sandbox::parse_fault(nlohmann::json::parse(text, nullptr, false));
  if (!rule) throw std::runtime_error("--fault " + text + ": " + rule.error().hint);
  return *rule;
}

sandbox::SandboxUser parse_user(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string::npos)
    throw std::runtime_error("--user must be NAME:PASSWORD, for example --user demo:demo.");
  return {text.substr(0, colon), text.substr(colon + 1)};
}

sandbox::CompanySpec parse_company(const std::string& flag, const std::string& given,
                                   bool production) {
  auto spec = sandbox::parse_company(given);
  if (!spec)
    throw std::runtime_error(
        text::fill("{flag} must be ID:NAME or ID:NAME:SIZE with a SIZE of at most 10000000, but is "
                   "\"{given}\".",
                   {{"flag", flag}, {"given", given}}));
  spec->production = production;
  return *spec;
}

sandbox::HookRules webhooks_from(const SandboxFlags& flags) {
  auto rules =
      sandbox::change(sandbox::HookRules{}, {{"url", flags.webhook_url},
                                             {"verifier_token", flags.webhook_verifier_token},
                                             {"form", flags.webhook_form}});
  if (!rules) throw std::runtime_error("--webhook-url: " + rules.error().hint);
  if (rules->verifier_token.empty()) rules->verifier_token = "sandbox-verifier-token";
  return std::move(*rules);
}

std::shared_ptr<http::Client> webhook_client() {
  http::ClientOptions options;
  options.total_timeout_ms = sandbox::hook_answered_within_ms;
  options.user_agent = "intuit_notification_server/1.0";
  return http::make_client(options);
}

SandboxOptions options_from(const SandboxFlags& flags) {
  SandboxOptions options = sandbox::default_options();
  auto& client = options.clients.front();
  if (!flags.client_id.empty()) client.id = flags.client_id;
  if (!flags.client_secret.empty()) client.secret = flags.client_secret;
  if (!flags.redirect_uris.empty()) client.redirect_uris = flags.redirect_uris;
  // The built-in account is no secret; one that was chosen is not shown to who asks.
  options.fill_in_sign_in = flags.users.empty();
  if (!flags.users.empty()) options.users.clear();
  for (const std::string& user : flags.users) options.users.push_back(parse_user(user));
  if (!flags.companies.empty() || !flags.production_companies.empty()) options.companies.clear();
  for (const auto& text : flags.companies)
    options.companies.push_back(parse_company("--company", text, false));
  for (const auto& text : flags.production_companies)
    options.companies.push_back(parse_company("--production-company", text, true));
  for (auto& company : options.companies) company.items = flags.items;
  options.auto_consent = flags.auto_consent;
  options.latency_ms = flags.latency_ms;
  options.limits = flags.limits;
  options.grants = flags.rules;
  for (const std::string& fault : flags.faults) options.faults.push_back(parse_fault(fault));
  options.store = flags.store;
  options.owe_late_answers = true;
  options.webhooks = webhooks_from(flags);
  options.webhook_client = webhook_client();
  return options;
}

void announce(const SandboxFlags& flags, const SandboxOptions& options, const std::string& base) {
  if (flags.json) {
    nlohmann::json line = {{"sandbox", base},
                           {"client_id", options.clients.front().id},
                           {"companies", nlohmann::json::array()}};
    for (const auto& company : options.companies) line["companies"].push_back(company.id);
    std::printf("%s\n",
                line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    std::printf("The sandbox is ready at %s\n", base.c_str());
    std::printf("  discovery  %s/.well-known/openid_sandbox_configuration\n", base.c_str());
    std::printf("  client id  %s\n", options.clients.front().id.c_str());
    for (const auto& uri : options.clients.front().redirect_uris)
      std::printf("  redirect   %s\n", uri.c_str());
    for (const auto& company : options.companies)
      std::printf("  company    %s %s\n", company.id.c_str(), company.name.c_str());
    std::printf("Ctrl-C ends it.\n");
  }
  std::fflush(stdout);
}

void serve(const SandboxFlags& flags) {
  const SandboxOptions options = options_from(flags);
  const auto clock = [] {
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  };
  sandbox::Sandbox intuit(options, clock);
  // With a store the clock may be ahead already; it is not moved again by every start.
  const auto missing = clock() + std::chrono::seconds{flags.clock_ahead_s} - intuit.now();
  if (flags.clock_ahead_s > 0 && missing > Millis{0}) intuit.advance(missing);
  const UntilSignal stopping;
  http::ServerOptions where;
  where.port = flags.port;
  const http::Server server(where,
                            [&](const http::Request& request) { return intuit.handle(request); });
  const std::string base = "http://127.0.0.1:" + std::to_string(server.port());
  announce(flags, options, base);
  stopping.wait();
}

}  // namespace

int run_sandbox(int argc, char** argv) {
  CLI::App app(
      "A local Intuit: sign-in, consent, OAuth 2.0 and 1.0a, and made-up companies of any "
      "size behind the accounting API.",
      "rekey sandbox");
  SandboxFlags flags;
  describe_flags(app, flags);
  if (const auto ended = parse(app, argc, argv)) return *ended;
  try {
    serve(flags);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rekey sandbox: %s\n", error.what());
    return 1;
  }
}

}  // namespace rekey::cli
