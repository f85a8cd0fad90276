#include "native/sandbox/control/fault.hpp"

#include <algorithm>

#include "native/sandbox/accounting/answers.hpp"
#include "native/sandbox/accounting/path.hpp"
#include "native/sandbox/control/fault_rows.hpp"
#include "native/sandbox/made/seed.hpp"
#include "native/sandbox/schema/entity.hpp"
#include "native/sandbox/schema/query_tokens.hpp"
#include "native/sandbox/text/letters.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

/// The entity a query names, as it is written; the query need not be a good one.
std::string queried_entity(const http::Request& request) {
  const auto tokens =
      tokenize(request.method == "POST" ? request.body : request.query_value("query").value_or(""));
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
    if (same_ignoring_case(tokens[i].text, "from"))
      if (const auto entity = entity_named(tokens[i + 1].text))
        return std::string(entity_name(*entity));
  return "?";
}

std::vector<std::string> accounting_routes(const http::Request& request, std::string_view below) {
  // {realm}/{what}/…
  std::string_view rest = below;
  rest.remove_prefix(std::min(rest.size(), rest.find('/')));
  rest.remove_prefix(rest.empty() ? 0 : 1);
  const std::string what(rest.substr(0, rest.find('/')));
  if (what == "query") return {"api", "query", "query." + queried_entity(request)};
  if (what == "cdc" || what == "batch") return {"api", what};
  if (request.method == "POST") return {"api", "write"};
  if (what == "companyinfo" || what == "preferences") return {"api", what};
  return {"api", "read"};
}

bool is_token_endpoint(const http::Request& request) {
  return request.path == "/oauth2/v1/tokens/bearer";
}

http::Response plain_status(const FaultRule& rule, const http::Request& request, Instant now) {
  const auto routes = routes_of(request);
  const bool api = !routes.empty() && routes.front() == "api";
  if (api && rule.status == 429) return gateway_fault(request, throttled(), now);
  if (api && rule.status == 401)
    return gateway_fault(request, not_authenticated("Token revoked"), now);
  if (api && rule.status == 403)
    return gateway_fault(request, not_authorized("Asked for by a fault"), now);
  if (api) {
    return service_fault(request,
                         {rule.status, "SystemFault", "10000",
                          "An application error has occurred while processing your request",
                          "System Failure Error: asked for by a fault", ""},
                         now);
  }
  std::string error = rule.error;
  if (error.empty() && rule.status == 400) error = "invalid_grant";
  if (error.empty() && rule.status == 401) error = "invalid_client";
  http::Response response;
  response.status = rule.status;
  response.headers.set("Content-Type", "application/json;charset=UTF-8");
  response.body = is_token_endpoint(request) && !error.empty() ? json{{"error", error}}.dump()
                                                               : std::string("{}");
  return response;
}

/// The next number of a rule, at least 0 and below 1.
double throw_dice(FaultRule& rule) {
  return static_cast<double>(mix(rule.seed, rule.tries++) >> 11) * 0x1.0p-53;
}

}  // namespace

std::vector<std::string> routes_of(const http::Request& request) {
  const std::string& path = request.path;
  if (path.starts_with("/.well-known/")) return {"discovery"};
  if (path.starts_with("/connect/oauth2")) return {"authorize"};
  if (is_token_endpoint(request)) {
    const auto form = http::parse_form(request.body);
    return {"token", "token." + http::find(form, "grant_type").value_or("?")};
  }
  if (path == "/v2/oauth2/tokens/revoke") return {"revoke"};
  if (path == "/v2/oauth2/tokens/migrate") return {"migrate"};
  if (path == "/v1/openid_connect/userinfo") return {"userinfo"};
  if (path == "/op/v1/jwks") return {"jwks"};
  if (const auto api = accounting_path(path)) return accounting_routes(request, api->below);
  for (const char* which : {"disconnect", "reconnect"})
    if (path.size() > 18 && same_ignoring_case(path, "/api/v1/connection/" + std::string(which)))
      return {"legacy", which};
  // Browsers ask for an icon by themselves: nothing that a test wants to hear of.
  if (path.starts_with("/sandbox/") || path == "/" || path == "/favicon.ico") return {"control"};
  return {"unknown"};
}

std::string realm_of(const http::Request& request) {
  const auto api = accounting_path(request.path);
  return api ? std::string(api->realm()) : std::string();
}

std::uint64_t Faults::add(FaultRule rule) {
  const std::lock_guard lock(mutex_);
  rule.id = next_id_++;
  rules_.push_back(std::move(rule));
  return rules_.back().id;
}

bool Faults::remove(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(rules_, [&](const FaultRule& rule) { return rule.id == id; }) > 0;
}

void Faults::clear() {
  const std::lock_guard lock(mutex_);
  rules_.clear();
}

std::vector<FaultRule> Faults::all() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

std::optional<FaultRule> Faults::meet(const std::vector<std::string>& routes,
                                      const std::string& realm) {
  const std::lock_guard lock(mutex_);
  for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
    const bool meets =
        rule->route == "*" || std::find(routes.begin(), routes.end(), rule->route) != routes.end();
    if (!meets || rule->count == 0) continue;
    if (!rule->realm.empty() && rule->realm != realm) continue;
    if (rule->probability < 1 && throw_dice(*rule) >= rule->probability) continue;
    ++rule->met;
    const FaultRule met = *rule;
    if (rule->count > 0 && --rule->count == 0) rules_.erase(rule);
    return met;
  }
  return std::nullopt;
}

http::Response spoil(const FaultRule& rule, const http::Request& request, http::Response answer,
                     Instant now) {
  if (rule.kind == "slow" || is_of_rows(rule.kind)) return spoil_rows(rule, std::move(answer));
  if (rule.kind == "cut" || rule.kind == "cut_body") {
    // Half of nothing would look like all of it.
    const bool half = rule.kind == "cut_body" && !answer.body.empty();
    answer.cut = half ? http::Cut::in_body : http::Cut::before_head;
    return answer;
  }
  if (rule.kind == "content_type") {
    answer.headers.set("Content-Type", rule.type);
    return answer;
  }
  if (rule.kind == "truncated") {
    answer.body.resize(answer.body.size() / 2);
    return answer;
  }
  if (rule.kind == "html")
    return {rule.status,
            {{"Content-Type", "text/html;charset=UTF-8"}},
            "<!doctype html><title>Maintenance</title><p>We will be back soon.</p>",
            {}};
  if (rule.kind == "admin_lost")
    return gateway_fault(request,
                         {401, "AUTHENTICATION", "120", "Authorization Failure",
                          "The person who connected this company is no longer its admin", ""},
                         now);
  if (rule.kind == "expired")
    return gateway_fault(request, not_authenticated("Token expired"), now);
  if (rule.kind == "wrong_company")
    return gateway_fault(request, not_authorized("Asked for by a fault"), now);
  return plain_status(rule, request, now);
}

}  // namespace rekey::sandbox
