#include "native/sandbox/fault.hpp"

#include <algorithm>

#include "native/sandbox/answers.hpp"
#include "native/sandbox/entity.hpp"
#include "native/sandbox/query_tokens.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr std::string_view kinds[] = {"status",     "slow",    "html",         "truncated",
                                      "admin_lost", "expired", "wrong_company"};

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

std::vector<std::string> accounting_routes(const http::Request& request) {
  // /v3/company/{realm}/{what}/…
  std::string_view rest = std::string_view(request.path).substr(12);
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
  if (path.starts_with("/v3/company/")) return accounting_routes(request);
  for (const char* which : {"disconnect", "reconnect"})
    if (path.size() > 18 && same_ignoring_case(path, "/api/v1/connection/" + std::string(which)))
      return {"legacy", which};
  // Browsers ask for an icon by themselves: nothing that a test wants to hear of.
  if (path.starts_with("/sandbox/") || path == "/" || path == "/favicon.ico") return {"control"};
  return {"unknown"};
}

Result<FaultRule> parse_fault(const json& text) {
  if (!text.is_object())
    return fail(Code::bad_input,
                "A fault is a JSON object, for example {\"route\":\"token\","
                "\"status\":500,\"count\":1}.");
  FaultRule rule;
  for (const auto& [key, value] : text.items()) {
    const bool is_text = key == "route" || key == "kind" || key == "error" || key == "when";
    const bool is_number = key == "status" || key == "delay_ms" || key == "count";
    if (!is_text && !is_number)
      return fail(Code::bad_input, "A fault has no \"" + key +
                                       "\". It may have route, kind, "
                                       "status, error, when, delay_ms and count.");
    if (is_text ? !value.is_string() : !value.is_number_integer())
      return fail(Code::bad_input, "The \"" + key + "\" of a fault must be " +
                                       (is_text ? "a text." : "a whole number."));
  }
  rule.route = text.value("route", rule.route);
  rule.kind = text.value("kind", rule.kind);
  rule.error = text.value("error", rule.error);
  rule.status = text.value("status", rule.kind == "html" ? 200 : rule.status);
  rule.delay_ms = text.value("delay_ms", rule.delay_ms);
  rule.count = text.value("count", rule.count);
  rule.after = text.value("when", "before") == "after" || rule.kind == "truncated";
  if (std::find(std::begin(kinds), std::end(kinds), rule.kind) == std::end(kinds))
    return fail(Code::bad_input, "There is no fault of the kind \"" + rule.kind +
                                     "\". Use status, slow, html, truncated, admin_lost, expired "
                                     "or wrong_company.");
  const std::string when = text.value("when", "before");
  if ((when != "before" && when != "after") || rule.count == 0)
    return fail(Code::bad_input, "The when of a fault is before or after, and its count is not 0.");
  if (rule.status < 200 || rule.status > 599 || rule.delay_ms < 0 || rule.delay_ms > 600'000)
    return fail(Code::bad_input,
                "The status of a fault is from 200 to 599, and its delay_ms at "
                "most ten minutes.");
  return rule;
}

json describe(const FaultRule& rule) {
  return {{"route", rule.route},      {"kind", rule.kind},
          {"status", rule.status},    {"error", rule.error},
          {"count", rule.count},      {"when", rule.after ? "after" : "before"},
          {"delay_ms", rule.delay_ms}};
}

void Faults::add(FaultRule rule) {
  const std::lock_guard lock(mutex_);
  rules_.push_back(std::move(rule));
}

void Faults::clear() {
  const std::lock_guard lock(mutex_);
  rules_.clear();
}

std::vector<FaultRule> Faults::all() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

std::optional<FaultRule> Faults::meet(const std::vector<std::string>& routes) {
  const std::lock_guard lock(mutex_);
  for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
    const bool meets =
        rule->route == "*" || std::find(routes.begin(), routes.end(), rule->route) != routes.end();
    if (!meets || rule->count == 0) continue;
    const FaultRule met = *rule;
    if (rule->count > 0 && --rule->count == 0) rules_.erase(rule);
    return met;
  }
  return std::nullopt;
}

http::Response spoil(const FaultRule& rule, const http::Request& request, http::Response answer,
                     Instant now) {
  if (rule.kind == "slow") return answer;
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
