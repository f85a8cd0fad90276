#include "native/server/grants_api.hpp"

#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/work/move_in.hpp"
#include "native/work/move_out.hpp"

namespace rekey::server {

namespace {

using wire::field;

constexpr int export_page = 500;

/// One line of the answer for each line of the request, in its order.
http::Response import_grants(Service& service, const http::Request& request, const Places&,
                             const wire::Actor& actor) {
  const auto type = request.headers.get("Content-Type").value_or("");
  if (!type.starts_with("application/x-ndjson") && !type.starts_with("application/jsonl"))
    return problem({Code::unsupported_type,
                    "Grants are sent as lines of JSON: the content type must be "
                    "application/x-ndjson.",
                    {}});
  work::MoveIn moving(service.driver, quickbooks_online, actor);
  http::Response response;
  response.headers = {{"Content-Type", "application/x-ndjson"}, {"Cache-Control", "no-store"}};
  for (const auto& each : moving.take(request.body)) {
    response.body += wire::dump(wire::write(each));
    response.body += '\n';
  }
  return response;
}

struct ExportBody {
  std::string public_key;
  std::optional<std::string> after;
  static constexpr auto fields() {
    return std::tuple{field("public_key", &ExportBody::public_key),
                      field("after", &ExportBody::after)};
  }
};

http::Response export_grants(Service& service, const http::Request& request, const Places&,
                             const wire::Actor&) {
  const auto body = body_as<ExportBody>(request, "The export");
  if (!body) return problem(body.error());
  const auto recipient = vault::Recipient::from_pem(body->public_key);
  if (!recipient) return problem(recipient.error());
  const auto after = after_cursor(body->after);
  if (!after) return problem(after.error());
  const auto moved = work::move_out(service.driver, *recipient, *after, export_page);
  return json_answer(200, {{"grants", moved.sealed}, {"next", cursor_after(moved.next)}});
}

}  // namespace

void add_grants_api(Router& router, Service& service) {
  router.add("POST", "/v1/grants", with_key(service, Scope::grants_import, import_grants));
  router.add("POST", "/v1/grants/export", with_key(service, Scope::grants_export, export_grants));
}

}  // namespace rekey::server
