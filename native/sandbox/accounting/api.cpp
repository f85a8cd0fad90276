#include "native/sandbox/accounting/api.hpp"

#include "native/sandbox/accounting/answers.hpp"
#include "native/sandbox/accounting/operations.hpp"
#include "native/sandbox/accounting/path.hpp"
#include "native/sandbox/accounting/xml.hpp"
#include "native/sandbox/books/api_fault.hpp"
#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/letters.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr const char* accounting_scope = "com.intuit.quickbooks.accounting";

/// What is below /v3/company/, as {realm}/{what}/{id}; what is missing is empty.
struct Target {
  std::string realm, what, id;
};

Target target_of(std::string_view below) {
  const auto next = [&] {
    const auto end = below.find('/');
    std::string part(below.substr(0, end));
    below.remove_prefix(end == below.npos ? below.size() : end + 1);
    return part;
  };
  Target target;
  for (std::string* part : {&target.realm, &target.what, &target.id}) *part = next();
  return target;
}

/// Nothing if the bearer token is good for the realm.
std::optional<ApiFault> refuse_bearer(const Grants& grants, const std::string& token,
                                      const std::string& realm, Instant now) {
  // A token of this API is never shorter than a few dozen characters.
  if (token.size() < 40 || token.size() > 4096)
    return not_authenticated("Malformed bearer token: too short or too long");
  const Access access = grants.look_up(token, now);
  if (access.state == AccessState::expired) return not_authenticated("Token expired");
  if (access.state != AccessState::live) return not_authenticated("Token revoked");
  if (access.consent.realm != realm)
    return not_authorized("The token is for another company than the one asked for");
  if (!access.consent.has_scope(accounting_scope))
    return not_authorized("The token does not cover accounting");
  return std::nullopt;
}

/// Nothing if the request may see the company.
std::optional<ApiFault> refuse(const AccountingParts& parts, const http::Request& request,
                               const std::string& realm) {
  const std::string header = request.headers.get("authorization").value_or("");
  const auto scheme = header.substr(0, header.find(' '));
  if (same_ignoring_case(scheme, "OAuth")) {
    const auto verdict =
        parts.legacy.verify(request, parts.address.of(request) + request.path, parts.clock.now());
    if (verdict.code != LegacyCode::ok) return not_authenticated("OAuth 1.0a token rejected");
    if (verdict.connection->realm != realm)
      return not_authorized("The connection is to another company than the one asked for");
    return std::nullopt;
  }
  if (!same_ignoring_case(scheme, "Bearer")) return not_authenticated("AuthorizationMissing");
  return refuse_bearer(parts.grants, header.substr(std::min(header.size(), scheme.size() + 1)),
                       realm, parts.clock.now());
}

using Answer = tl::expected<json, ApiFault>;

Answer query(const Company& company, const http::Request& request, Instant now) {
  const bool posted = request.method == "POST";
  return run_query_text(company, posted ? request.body : request.query_value("query").value_or(""),
                        now);
}

Answer change_data(const Company& company, const http::Request& request, Instant now) {
  return changed_since(company, request.query_value("entities").value_or(""),
                       request.query_value("changedSince").value_or(""), now);
}

Answer write(Company& company, const http::Request& request, Entity entity, Instant now) {
  const auto operation = request.query_value("operation").value_or("");
  if (!operation.empty() && !same_ignoring_case(operation, "update") &&
      !same_ignoring_case(operation, "create"))
    return tl::unexpected(unsupported(operation + " of " + std::string(entity_name(entity))));
  const bool xml = is_xml(request.body);
  const json sent = xml ? record_from_xml(request.body, entity) : parse_json(request.body);
  if (sent.is_discarded())
    return tl::unexpected(validation(
        "2010", "Request has invalid or unsupported property",
        "The body of the request cannot be read as " +
            (xml ? "XML of one " + std::string(entity_name(entity)) : std::string("JSON"))));
  auto record = write_record(company, entity, sent, now);
  if (!record) return record;
  return json{{std::string(entity_name(entity)), std::move(*record)}};
}

/// The answer to what stands behind the company in the address.
Answer act(Company& company, const http::Request& request, const Target& target, Instant now) {
  const bool get = request.method == "GET", post = request.method == "POST";
  if (target.what == "query" && (get || post)) return query(company, request, now);
  if (target.what == "cdc" && get) return change_data(company, request, now);
  if (target.what == "batch" && post) return run_batch(company, request.body, now);
  const auto entity = entity_named(target.what);
  if (!entity || !(get || post)) return tl::unexpected(unsupported(target.what));
  if (get) return read_record(company, *entity, target.id);
  return write(company, request, *entity, now);
}

/// What was answered to a write before is answered again when it comes again (`requestid`): a
/// client that lost the answer may repeat what it sent without doing it twice.
http::Response act_once(Answered& answered, Company& company, const http::Request& request,
                        const Target& target, Instant now) {
  const auto id = request.query_value("requestid").value_or("");
  const bool once = request.method == "POST" && target.what != "query" && !id.empty();
  const std::string known_as = target.realm + "/" + target.what + "/" + id;
  if (once)
    if (auto before = answered.find(known_as)) return *before;
  auto answer = act(company, request, target, now);
  if (!answer) return service_fault(request, answer.error(), now);
  auto response = records_response(request, std::move(*answer), now);
  if (once) answered.keep(known_as, response);
  return response;
}

/// The application that asks, as limits are counted for it.
std::string client_of(const Grants& grants, const http::Request& request, Instant now) {
  const std::string header = request.headers.get("authorization").value_or("");
  const auto space = header.find(' ');
  if (space == header.npos) return "";
  const Access access = grants.look_up(header.substr(space + 1), now);
  return access.state == AccessState::live ? access.consent.client_id : "legacy";
}

/// `production`: the environment that the address names, if it does.
http::Response answer(const AccountingParts& parts, const http::Request& request,
                      const Target& target, std::optional<bool> production) {
  const Instant now = parts.clock.now();
  if (const auto fault = refuse(parts, request, target.realm))
    return gateway_fault(request, *fault, now);
  Company* company = parts.companies.find(target.realm);
  if (!company) return gateway_fault(request, not_authorized("There is no such company"), now);
  if (production && *production != company->spec().production)
    return gateway_fault(request, not_authorized("The company is of the other environment"), now);
  if (!parts.limits.admit(target.realm, client_of(parts.grants, request, now),
                          target.what == "batch", now))
    return gateway_fault(request, throttled(), now);
  return act_once(parts.answered, *company, request, target, now);
}

}  // namespace

void add_accounting_api(http::Router& router, const AccountingParts& parts) {
  const auto add = [&](std::string_view host, std::optional<bool> production) {
    router.add(http::Router::any_method,
               std::string(host) + std::string(accounting_start) + "{below...}",
               [parts, production](const http::Request& request, const http::Places& places) {
                 return answer(parts, request, target_of(places.at("below")), production);
               });
  };
  add("", std::nullopt);
  add(production_host, true);
  add(sandbox_host, false);
}

}  // namespace rekey::sandbox
