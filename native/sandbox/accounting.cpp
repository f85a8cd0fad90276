// The accounting API: who may, and then CompanyInfo, Preferences, queries and single reads.
#include "native/sandbox/answers.hpp"
#include "native/sandbox/query_run.hpp"
#include "native/sandbox/world.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr const char* accounting_scope = "com.intuit.quickbooks.accounting";

/// A path as /v3/company/{realm}/{what}/{id}; what is missing is empty.
struct Target {
  std::string realm, what, id;
};

Target target_of(const std::string& path) {
  std::vector<std::string> parts;
  std::string_view rest = std::string_view(path).substr(std::string_view("/v3/company/").size());
  while (parts.size() < 3) {
    const auto end = rest.find('/');
    parts.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return {parts[0], parts[1], parts[2]};
}

/// Nothing if the bearer token is good for the realm.
std::optional<ApiFault> refuse_bearer(const World& world, const std::string& token,
                                      const std::string& realm) {
  // A token of this API is never shorter than a few dozen characters.
  if (token.size() < 40 || token.size() > 4096)
    return not_authenticated("Malformed bearer token: too short or too long");
  const Access access = world.grants.look_up(token, world.now());
  if (access.state == AccessState::expired) return not_authenticated("Token expired");
  if (access.state != AccessState::live) return not_authenticated("Token revoked");
  if (access.consent.realm != realm)
    return not_authorized("The token is for another company than the one asked for");
  if (!access.consent.has_scope(accounting_scope))
    return not_authorized("The token does not cover accounting");
  return std::nullopt;
}

/// Nothing if the request may see the company.
std::optional<ApiFault> refuse(const World& world, const http::Request& request,
                               const std::string& realm) {
  const std::string header = request.headers.get("authorization").value_or("");
  const auto scheme = header.substr(0, header.find(' '));
  if (same_ignoring_case(scheme, "OAuth")) {
    const auto verdict =
        world.legacy.verify(request, world.base(request) + request.path, world.now());
    if (verdict.code != LegacyCode::ok) return not_authenticated("OAuth 1.0a token rejected");
    if (verdict.connection->realm != realm)
      return not_authorized("The connection is to another company than the one asked for");
    return std::nullopt;
  }
  if (!same_ignoring_case(scheme, "Bearer")) return not_authenticated("AuthorizationMissing");
  return refuse_bearer(world, header.substr(std::min(header.size(), scheme.size() + 1)), realm);
}

ApiFault not_found(const std::string& what) {
  return {400,
          "ValidationFault",
          "610",
          "Object Not Found",
          "Object Not Found : Something you're trying to use has been made inactive or is not "
          "there: " +
              what,
          ""};
}

http::Response query(const World& world, const Company& company, const http::Request& request) {
  const Instant now = world.now();
  const bool posted = request.method == "POST";
  const std::string text = posted ? request.body : request.query_value("query").value_or("");
  if (text.empty())
    return service_fault(request,
                         {400, "ValidationFault", "2020", "Required param missing",
                          "Required parameter query is missing in the request", "query"},
                         now);
  const auto answer_fault = [&](const QueryFault& fault) {
    const bool unread = fault.code == "4000";
    return service_fault(request,
                         {400, "ValidationFault", fault.code,
                          unread ? "Error parsing query" : "Invalid query", fault.detail, ""},
                         now);
  };
  const auto parsed = parse_query(text);
  if (!parsed) return answer_fault(parsed.error());
  auto answer = run_query(company, *parsed);
  if (!answer) return answer_fault(answer.error());
  return records_response(request, {{"QueryResponse", std::move(*answer)}}, now);
}

http::Response read_one(const World& world, const Company& company, const http::Request& request,
                        const Target& target) {
  const Instant now = world.now();
  const auto entity = entity_named(target.what);
  if (!entity || request.method != "GET")
    return service_fault(request,
                         {400, "ValidationFault", "500", "Unsupported Operation",
                          "Operation " + target.what + " is not supported by this sandbox", ""},
                         now);
  std::optional<std::uint64_t> row;
  if (*entity == Entity::preferences) row = 0;
  // CompanyInfo is asked for by the company's own id, though its record says "1".
  else if (*entity == Entity::company_info) {
    if (target.id == target.realm || target.id == "1") row = 0;
  } else {
    row = company.row_of(*entity, target.id);
  }
  if (!row) return service_fault(request, not_found(target.what), now);
  return records_response(request,
                          {{std::string(entity_name(*entity)), company.read(*entity, *row)}}, now);
}

}  // namespace

http::Response accounting_api(World& world, const http::Request& request) {
  const Target target = target_of(request.path);
  const Instant now = world.now();
  if (const auto fault = refuse(world, request, target.realm))
    return gateway_fault(request, *fault, now);
  const Company* company = world.company(target.realm);
  if (!company) return gateway_fault(request, not_authorized("There is no such company"), now);
  if (target.what == "query" && (request.method == "GET" || request.method == "POST"))
    return query(world, *company, request);
  return read_one(world, *company, request, target);
}

}  // namespace rekey::sandbox
