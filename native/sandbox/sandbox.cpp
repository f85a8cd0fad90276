#include "native/sandbox/sandbox.hpp"

#include <cstdio>
#include <thread>

#include "native/sandbox/accounting_path.hpp"
#include "native/sandbox/world.hpp"
#include "native/vault/random.hpp"

namespace rekey::sandbox {

namespace {

/// "1-<seconds in hex>-<24 random digits>": the id that Intuit's support asks for.
std::string make_tid(Instant now) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  char head[32];
  std::snprintf(head, sizeof head, "1-%08llx-", static_cast<unsigned long long>(seconds));
  return head + vault::hex_encode(vault::random_bytes(12));
}

bool is_discovery(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path == "/.well-known/openid_configuration" ||
         path == "/.well-known/openid_sandbox_configuration";
}

http::Response answer(World& world, const http::Request& request) {
  const std::string& path = request.path;
  if (is_discovery(path)) return discovery(world, request);
  if (path == "/connect/oauth2" || path.starts_with("/connect/oauth2/"))
    return authorize_pages(world, request);
  if (path == "/oauth2/v1/tokens/bearer") return token_endpoint(world, request);
  if (path == "/v2/oauth2/tokens/revoke") return revoke_endpoint(world, request);
  if (path == "/v2/oauth2/tokens/migrate") return migrate_endpoint(world, request);
  if (path == "/v1/openid_connect/userinfo") return userinfo_endpoint(world, request);
  if (path == "/op/v1/jwks") return keys_endpoint(world);
  if (accounting_path(path)) return accounting_api(world, request);
  if (same_ignoring_case(path, "/api/v1/connection/disconnect"))
    return legacy_endpoint(world, request, false);
  if (same_ignoring_case(path, "/api/v1/connection/reconnect"))
    return legacy_endpoint(world, request, true);
  if (path.starts_with("/sandbox/")) return control_api(world, request);
  if (path == "/") return front_page(world, request);
  if (path == "/favicon.ico") return {204, {}, "", {}};
  return json_response(404, {{"error", "not_found"}});
}

/// The answer, unless something was asked to go wrong.
http::Response answer_or_fault(World& world, const http::Request& request) {
  const auto routes = routes_of(request);
  if (routes.front() == "control") return answer(world, request);
  if (world.options.latency_ms > 0) world.options.wait(Millis{world.options.latency_ms});
  const auto rule = world.faults.meet(routes, realm_of(request));
  if (!rule) return answer(world, request);
  if (rule->delay_ms > 0) world.options.wait(Millis{rule->delay_ms});
  return spoil(*rule, request, rule->after ? answer(world, request) : http::Response{},
               world.now());
}

SandboxOptions completed(SandboxOptions options) {
  if (!options.wait) options.wait = [](Millis time) { std::this_thread::sleep_for(time); };
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  return options;
}

}  // namespace

SandboxOptions default_options() {
  SandboxOptions options;
  options.clients = {
      {"sandbox-client", "sandbox-secret", "Test application", {"http://localhost:8080/callback"}}};
  options.users = {{"demo", "demo"}};
  options.companies = {{"9130347712345678", "Marlowe Lantern Supply"}};
  options.legacy_apps = {{"sandbox-consumer", "sandbox-consumer-secret"}};
  return options;
}

Sandbox::Sandbox(SandboxOptions options, std::function<Instant()> clock)
    : world_(std::make_unique<World>(completed(std::move(options)), std::move(clock))) {
  world_->base_url = world_->options.base_url;
}

Sandbox::~Sandbox() = default;

http::Response Sandbox::handle(const http::Request& request) {
  http::Response response = answer_or_fault(*world_, request);
  const Instant now = world_->now();
  // On everything, errors too: clients in use break without it.
  response.headers.set("intuit_tid", make_tid(now));
  if (routes_of(request).front() != "control") world_->ledger.add(request, response, now);
  return response;
}

void Sandbox::set_base_url(std::string base_url) {
  while (base_url.ends_with('/')) base_url.pop_back();
  const std::lock_guard lock(world_->base_mutex);
  world_->base_url = std::move(base_url);
}

LegacyConnection Sandbox::add_legacy(const std::string& realm, Millis age) {
  return world_->legacy.add(realm, world_->now() - age);
}

void Sandbox::advance(Millis time) {
  world_->advance(time);
}

Instant Sandbox::now() const {
  return world_->now();
}

}  // namespace rekey::sandbox
