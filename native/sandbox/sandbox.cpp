#include "native/sandbox/sandbox.hpp"

#include <cstdio>
#include <thread>

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

/// The answer, unless something was asked to go wrong.
http::Response answer_or_fault(World& world, const http::Request& request) {
  const auto routes = routes_of(request);
  if (routes.front() == "control") return world.router.handle(request);
  if (world.options.latency_ms > 0) world.options.wait(Millis{world.options.latency_ms});
  const auto rule = world.faults.meet(routes, realm_of(request));
  if (!rule) return world.router.handle(request);
  if (rule->delay_ms > 0) world.options.wait(Millis{rule->delay_ms});
  return spoil(*rule, request, rule->after ? world.router.handle(request) : http::Response{},
               world.clock.now());
}

SandboxOptions completed(SandboxOptions options) {
  if (!options.wait) options.wait = [](Millis time) { std::this_thread::sleep_for(time); };
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
    : world_(std::make_unique<World>(completed(std::move(options)), std::move(clock))) {}

Sandbox::~Sandbox() = default;

http::Response Sandbox::handle(const http::Request& request) {
  http::Response response = answer_or_fault(*world_, request);
  const Instant now = world_->clock.now();
  // On everything, errors too: clients in use break without it.
  response.headers.set("intuit_tid", make_tid(now));
  if (routes_of(request).front() != "control") world_->ledger.add(request, response, now);
  return response;
}

void Sandbox::set_base_url(std::string base_url) {
  world_->address.set(std::move(base_url));
}

LegacyConnection Sandbox::add_legacy(const std::string& realm, Millis age) {
  return world_->legacy.add(realm, world_->clock.now() - age);
}

void Sandbox::advance(Millis time) {
  world_->clock.advance(time);
}

Instant Sandbox::now() const {
  return world_->clock.now();
}

}  // namespace rekey::sandbox
