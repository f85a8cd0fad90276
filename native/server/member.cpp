#include "native/server/member.hpp"

#include <algorithm>

#include "native/http/later.hpp"
#include "native/metrics/limit.hpp"
#include "native/server/problem.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"

namespace rekey::server {

namespace {

/// Whole seconds until the bucket holds a request again, at least one.
std::int64_t seconds_until_one(const Allowance& allowance) {
  return std::max<std::int64_t>(1, allowance.rate > 0 ? 1 / allowance.rate : 1);
}

http::Response not_known(Service& service, const http::Request& request, bool sent_one) {
  audit::note(service.driver.databases(),
              {audit::Event::key_refused,
               {wire::Actor::Kind::key},
               {},
               {},
               request.peer,
               {{"sent_one", sent_one}}},
              service.driver.now());
  const auto code = sent_one ? Code::key_unknown : Code::key_missing;
  return problem({code, words::say(code_name(code)), {}});
}

http::Response lacks(Service& service, const http::Request& request, const wire::Actor& actor,
                     Scope scope) {
  const std::string name(wire::name_of(scope));
  audit::note(service.driver.databases(),
              {audit::Event::scope_missing, actor, {}, {}, request.peer, {{"scope", name}}},
              service.driver.now());
  return problem({Code::scope_missing, words::say("scope_missing", {{"scope", name}}), {}},
                 {{"scope", name}});
}

}  // namespace

void say_allowance(http::Response& response, const Allowance& allowance) {
  const auto burst = std::to_string(allowance.burst), rate = std::to_string(allowance.rate);
  // A full bucket's worth in the time it takes to fill one.
  const auto window =
      std::max<std::int64_t>(1, allowance.burst / std::max<std::int64_t>(1, allowance.rate));
  response.headers.add("RateLimit-Policy", "\"key\";q=" + burst + ";w=" + std::to_string(window));
  response.headers.add("RateLimit", "\"key\";r=" + std::to_string(allowance.left) +
                                        ";t=" + std::to_string(seconds_until_one(allowance)));
}

http::Response too_often(const Allowance& allowance, const std::string& key, Instant now) {
  metrics::limit_met("key_requests", "key.too_often", {{"key", key}, {"rate", allowance.rate}});
  const auto wait = seconds_until_one(allowance);
  const auto sentence = words::say("exhausted.key", {{"rate", std::to_string(allowance.rate)},
                                                     {"seconds", std::to_string(wait)}});
  auto response = problem({Code::exhausted, sentence, {}}, members_of_wait(wait, now));
  response.headers.add("Retry-After", std::to_string(wait));
  say_allowance(response, allowance);
  return response;
}

Route with_key(Service& service, Scope scope, Member route) {
  return [&service, scope, route](const http::Request& request, const Places& places) {
    const auto header = request.headers.get("Authorization").value_or("");
    const auto key = bearer(header);
    const auto caller = key ? service.memory.keys.find(*key) : nullptr;
    if (!caller) return not_known(service, request, key.has_value());
    const wire::Actor actor{wire::Actor::Kind::key, caller->key().id, caller->key().name};
    if (!caller->may(scope)) return lacks(service, request, actor, scope);
    const auto allowance = caller->spend(std::chrono::steady_clock::now());
    if (allowance && allowance->spent) return too_often(*allowance, actor.id, service.driver.now());
    return http::finish_with(
        [&] {
          return once(service, actor.id, request,
                      [&] { return route(service, request, places, actor); });
        },
        [allowance](const http::Later::Get& get) {
          auto response = get();
          if (allowance) say_allowance(response, *allowance);
          return response;
        });
  };
}

}  // namespace rekey::server
