#include "native/server/audit_api.hpp"

#include "native/server/member.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/work/audit.hpp"

namespace rekey::server {

namespace {

constexpr int most_entries = 500;

wire::Json text_or_null(const std::optional<std::string>& text) {
  return text ? wire::Json(*text) : wire::Json(nullptr);
}

http::Response get_audit(Service& service, const http::Request& request, const Places&,
                         const wire::Actor&) {
  const auto after = number_after_cursor(request.query_value("after"));
  if (!after) return problem(after.error());
  wire::Json list = wire::Json::array();
  std::int64_t last = 0;
  {
    auto db = service.driver.databases().borrow();
    for (const auto& each :
         store::audit_after(*db, *after, request.query_value("tenant"), most_entries)) {
      last = each.n;
      list.push_back({{"at", to_ms(each.at)},
                      {"event", each.event},
                      {"actor", wire::write(each.actor)},
                      {"tenant", text_or_null(each.tenant)},
                      {"connection", text_or_null(each.connection)},
                      {"detail", each.detail}});
    }
  }
  // As in the history: asked with it later, the newest entry's cursor gives what is new by then.
  const auto given = request.query_value("after");
  const auto next = last > 0 ? cursor_after(std::to_string(last))
                    : given  ? wire::Json(*given)
                             : wire::Json(nullptr);
  return json_answer(200, {{"entries", list}, {"next", next}});
}

}  // namespace

void add_audit_api(Router& router, Service& service) {
  router.add("GET", "/v1/audit", with_key(service, Scope::audit, get_audit));
}

}  // namespace rekey::server
