// The accounting API: who may, how often, and then what is asked for.
#include "native/sandbox/accounting_path.hpp"
#include "native/sandbox/answers.hpp"
#include "native/sandbox/operations.hpp"
#include "native/sandbox/world.hpp"
#include "native/sandbox/xml.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr const char* accounting_scope = "com.intuit.quickbooks.accounting";

/// A path as /v3/company/{realm}/{what}/{id}; what is missing is empty.
struct Target {
  std::string realm, what, id;
  std::optional<bool> production;
};

Target target_of(const std::string& path) {
  std::vector<std::string> parts;
  const auto api = accounting_path(path);
  std::string_view rest = api ? api->below : std::string_view();
  while (parts.size() < 3) {
    const auto end = rest.find('/');
    parts.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return {parts[0], parts[1], parts[2], api ? api->production : std::nullopt};
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

using Answer = tl::expected<json, ApiFault>;

Answer query(const World& world, const Company& company, const http::Request& request) {
  const bool posted = request.method == "POST";
  return run_query_text(company, posted ? request.body : request.query_value("query").value_or(""),
                        world.now());
}

Answer change_data(const World& world, const Company& company, const http::Request& request) {
  return changed_since(company, request.query_value("entities").value_or(""),
                       request.query_value("changedSince").value_or(""), world.now());
}

Answer write(World& world, Company& company, const http::Request& request, Entity entity) {
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
  auto record = write_record(company, entity, sent, world.now());
  if (!record) return record;
  return json{{std::string(entity_name(entity)), std::move(*record)}};
}

/// The answer to what stands behind the company in the address.
Answer act(World& world, Company& company, const http::Request& request, const Target& target) {
  const bool get = request.method == "GET", post = request.method == "POST";
  if (target.what == "query" && (get || post)) return query(world, company, request);
  if (target.what == "cdc" && get) return change_data(world, company, request);
  if (target.what == "batch" && post) return run_batch(company, request.body, world.now());
  const auto entity = entity_named(target.what);
  if (!entity || !(get || post)) return tl::unexpected(unsupported(target.what));
  if (get) return read_record(company, *entity, target.id);
  return write(world, company, request, *entity);
}

/// What was answered to a write before is answered again when it comes again (`requestid`): a
/// client that lost the answer may repeat what it sent without doing it twice.
http::Response act_once(World& world, Company& company, const http::Request& request,
                        const Target& target) {
  const auto id = request.query_value("requestid").value_or("");
  const bool once = request.method == "POST" && target.what != "query" && !id.empty();
  const std::string known_as = target.realm + "/" + target.what + "/" + id;
  if (once)
    if (auto before = world.answered.find(known_as)) return *before;
  auto answer = act(world, company, request, target);
  if (!answer) return service_fault(request, answer.error(), world.now());
  auto response = records_response(request, std::move(*answer), world.now());
  if (once) world.answered.keep(known_as, response);
  return response;
}

/// The application that asks, as limits are counted for it.
std::string client_of(const World& world, const http::Request& request) {
  const std::string header = request.headers.get("authorization").value_or("");
  const auto space = header.find(' ');
  if (space == header.npos) return "";
  const Access access = world.grants.look_up(header.substr(space + 1), world.now());
  return access.state == AccessState::live ? access.consent.client_id : "legacy";
}

}  // namespace

http::Response accounting_api(World& world, const http::Request& request) {
  const Target target = target_of(request.path);
  const Instant now = world.now();
  if (const auto fault = refuse(world, request, target.realm))
    return gateway_fault(request, *fault, now);
  Company* company = world.company(target.realm);
  if (!company) return gateway_fault(request, not_authorized("There is no such company"), now);
  if (target.production && *target.production != company->spec().production)
    return gateway_fault(request, not_authorized("The company is of the other environment"), now);
  if (!world.limits.admit(target.realm, client_of(world, request), target.what == "batch", now))
    return gateway_fault(request, throttled(), now);
  return act_once(world, *company, request, target);
}

}  // namespace rekey::sandbox
