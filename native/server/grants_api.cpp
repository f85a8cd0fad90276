#include "native/server/grants_api.hpp"

#include "native/metrics/limit.hpp"
#include "native/server/lines_answer.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"
#include "native/work/move_in.hpp"
#include "native/work/move_out.hpp"

namespace rekey::server {

namespace {

using wire::field;

constexpr int export_page = 500;

/// Grants on their way in.
struct Import {
  Import(Service& given, std::string_view text, const wire::Actor& by)
      : service(given),
        actor(by),
        moving(service.driver, service.provider.integration, service.clients.tokens->client_id(),
               actor, service.clients.forbid_shared_company),
        lines(work::source_of(text), {}) {}

  /// That they came, once all of them are in.
  void note() const {
    const wire::Json counts = {{"accepted", accepted}, {"refused", refused}};
    audit::note(service.driver.databases(),
                {audit::Event::grants_imported, actor, {}, {}, {}, counts}, service.driver.now());
  }

  Service& service;
  wire::Actor actor;
  work::MoveIn moving;
  work::LineReader lines;
  std::int64_t accepted = 0, refused = 0;
};

/// What is said when the database goes away while lines are taken.
work::LineOutcome interrupted(std::int64_t line) {
  work::LineOutcome out;
  out.line = line;
  out.outcome = "not_read";
  out.reason = words::say("grant_line.interrupted");
  return out;
}

/// One line of the answer for each line of the request, in its order, while it is taken.
http::Response import_grants(Service& service, const http::Request& request, const Places&,
                             const wire::Actor& actor) {
  const auto type = request.headers.get("Content-Type").value_or("");
  if (!type.starts_with("application/x-ndjson") && !type.starts_with("application/jsonl"))
    return problem({Code::unsupported_type, words::say("unsupported_type.lines"), {}});
  const auto import = std::make_shared<Import>(service, request.body, actor);
  return lines_answer([import, answering = false]() mutable {
    Lines out;
    try {
      for (const auto& each : import->moving.take(import->lines)) {
        ++(each.accepted ? import->accepted : import->refused);
        add_line(out, each);
      }
      out.last = import->lines.done();
      if (import->lines.not_read() > 0)
        metrics::limit_met("lines", "grants.too_many_lines",
                           {{"most", import->lines.bounds().lines}});
    } catch (const store::DatabaseError& error) {
      if (!answering) throw;  // it is still time for a status that says so
      log::error("grants.import_interrupted", {{"what", error.what()}});
      add_line(out, interrupted(import->moving.first()));
      out.last = true;
    }
    if (out.last) import->note();
    answering = true;
    return out;
  });
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
                             const wire::Actor& actor) {
  const auto body = body_as<ExportBody>(request, "The export");
  if (!body) return problem(body.error());
  const auto recipient = vault::Recipient::from_pem(body->public_key);
  if (!recipient) return problem(recipient.error());
  const auto after = after_cursor(body->after);
  if (!after) return problem(after.error());
  const auto moved = work::move_out(service.driver, *recipient, *after, export_page);
  audit::note(service.driver.databases(),
              {audit::Event::grants_exported, actor, {}, {}, {}, {{"grants", moved.sealed.size()}}},
              service.driver.now());
  return json_answer(200, {{"grants", moved.sealed}, {"next", cursor_after(moved.next)}});
}

}  // namespace

void add_grants_api(Router& router, Service& service) {
  router.add("POST", "/v1/grants", with_key(service, Scope::grants_import, import_grants));
  router.add("POST", "/v1/grants/export", with_key(service, Scope::grants_export, export_grants));
}

}  // namespace rekey::server
