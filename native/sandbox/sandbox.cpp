#include "native/sandbox/sandbox.hpp"

#include <cstdio>
#include <thread>

#include "native/http/later.hpp"
#include "native/sandbox/control/fault_rows.hpp"
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

/// What is asked to go wrong with a request, and how long its answer waits.
struct Trouble {
  std::optional<FaultRule> rule;
  Millis latency{0}, delay{0};
};

Trouble trouble_with(World& world, const http::Request& request,
                     const std::vector<std::string>& routes) {
  if (routes.front() == "control") return {};
  Trouble out{world.faults.meet(routes, realm_of(request)), Millis{world.options.latency_ms}};
  if (out.rule) out.delay = Millis{out.rule->delay_ms};
  return out;
}

/// The answer, unless something was asked to go wrong.
http::Response answer_or_fault(World& world, const http::Request& request,
                               const std::optional<FaultRule>& rule) {
  if (!rule) return world.router.handle(request);
  http::Response answer;
  if (rule->after) answer = world.router.handle(as_understood(*rule, request));
  if (rule->kind == "rows_move") move_rows(*rule, request, world.companies, world.clock.now());
  return spoil(*rule, request, std::move(answer), world.clock.now());
}

/// The same with what every answer has, noted in the list of requests.
http::Response finished(World& world, const http::Request& request,
                        const std::optional<FaultRule>& rule) {
  http::Response response = answer_or_fault(world, request, rule);
  const Instant now = world.clock.now();
  // On everything, errors too: clients in use break without it.
  response.headers.set("intuit_tid", make_tid(now));
  if (routes_of(request).front() != "control") world.ledger.add(request, response, now);
  return response;
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
  Trouble trouble = trouble_with(*world_, request, routes_of(request));
  const Millis wait = trouble.latency + trouble.delay;
  if (wait > Millis{0} && world_->options.owe_late_answers) {
    auto later = std::make_shared<http::Later>();
    world_->pool.at(async::Steady::now() + wait,
                    [world = world_.get(), request, rule = std::move(trouble.rule), later] {
                      try {
                        later->complete(finished(*world, request, rule));
                      } catch (...) {
                        later->fail(std::current_exception());
                      }
                    });
    http::Response owed;
    owed.later = std::move(later);
    return owed;
  }
  for (const Millis each : {trouble.latency, trouble.delay})
    if (each > Millis{0}) world_->options.wait(each);
  return finished(*world_, request, trouble.rule);
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
