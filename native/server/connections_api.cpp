#include "native/server/connections_api.hpp"

#include <algorithm>

#include "native/http/later.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"
#include "native/work/erase.hpp"
#include "native/work/health.hpp"

namespace rekey::server {

namespace {

using store::StoredConnection;
using wire::field;
using wire::Json;

constexpr int most_connections = 100;
constexpr int most_events = 500;

Json company_json(const connect::Company* company) {
  return company ? wire::write(*company) : Json(nullptr);
}

Json health_json(const work::Health& health) {
  return {{"standing", wire::name_of(health.standing)},
          {"reason", health.reason.empty() ? Json(nullptr) : Json(health.reason)},
          {"since", wire::write(health.since)},
          {"until", wire::write(health.until)},
          {"retry_at", wire::write(health.retry_at)},
          {"what_to_do", health.what_to_do}};
}

std::string status_of(const State& state) {
  return std::visit([](const auto& phase) { return std::string(phase.type); }, state.connect.phase);
}

template <class... P>
bool is_phase(const std::variant<P...>*, const std::string& name) {
  return ((P::type == name) || ...);
}

/// Finds the connection a path names, or answers 404.
template <class F>
http::Response with_connection(Service& service, const Places& places, F&& then) {
  auto db = service.driver.databases().borrow();
  const auto found = store::find_connection(*db, places.at("connection"));
  return found ? then(*db, *found) : problem(no_such_connection());
}

// Reading ----------------------------------------------------------------------------------------

http::Response get_connections(Service& service, const http::Request& request, const Places&,
                               const wire::Actor&) {
  const auto status = request.query_value("status");
  constexpr const connect::Phase* phases = nullptr;
  if (status && !is_phase(phases, *status))
    return problem({Code::bad_input, words::say("bad_input.status", {{"status", *status}}), {}});
  const auto after = after_cursor(request.query_value("after"));
  if (!after) return problem(after.error());
  auto db = service.driver.databases().borrow();
  const auto found =
      store::list_connections(*db, request.query_value("tenant"), status, *after, most_connections);
  Json list = Json::array();
  for (const auto& each : found) list.push_back(connection_json(*db, each, service.driver.now()));
  const bool more = found.size() == most_connections;
  return json_answer(200,
                     {{"connections", list}, {"next", cursor_after(more ? found.back().id : "")}});
}

http::Response get_connection(Service& service, const http::Request& request, const Places& places,
                              const wire::Actor&) {
  return with_connection(service, places, [&](store::Database& db, const StoredConnection& found) {
    return unless_known(json_answer(200, connection_json(db, found, service.driver.now())),
                        request);
  });
}

http::Response get_history(Service& service, const http::Request& request, const Places& places,
                           const wire::Actor&) {
  const auto after = number_after_cursor(request.query_value("after"));
  if (!after) return problem(after.error());
  return with_connection(service, places, [&](store::Database& db, const StoredConnection& found) {
    Json list = Json::array();
    std::int64_t last = 0;
    for (const auto& each : store::history(db, found.id, *after, most_events)) {
      last = each.stepped.seq;
      list.push_back({{"seq", last},
                      {"at", to_ms(each.stepped.at)},
                      {"actor", wire::write(each.stepped.actor)},
                      {"event", wire::parse(each.event, "A stored event").value_or(Json(nullptr))},
                      {"notices", wire::write(each.stepped.notices)}});
    }
    // The newest event's cursor is given too: asking with it later gives what is new by then.
    const auto given = request.query_value("after");
    const auto next = last > 0 ? cursor_after(std::to_string(last))
                      : given  ? Json(*given)
                               : Json(nullptr);
    return json_answer(200, {{"events", list}, {"next", next}});
  });
}

Json read_json(Service& service, const std::string& id) {
  const auto connection = service.driver.read(id);
  auto db = service.driver.databases().borrow();
  return connection_json(*db, connection, service.driver.now());
}

// Commands ---------------------------------------------------------------------------------------

enum class Verb {
  disconnect,
  probe,
  import,
  pause_import,
  resume_import,
  cancel_import,
  retry_list,
  skip_list,
};
constexpr std::array<std::string_view, 8> names_of(Verb) {
  return {"disconnect",    "probe",         "import",     "pause_import",
          "resume_import", "cancel_import", "retry_list", "skip_list"};
}
struct CommandBody {
  Verb command = Verb::probe;
  std::optional<imports::Entity> list;  ///< of retry_list and skip_list
  static constexpr auto fields() {
    return std::tuple{field("command", &CommandBody::command),
                      wire::rare_field("list", &CommandBody::list)};
  }
};

http::Response moved(Service& service, const std::string& id, const wire::Actor& actor,
                     const Event& event) {
  const auto taken = service.driver.take(id, actor, event);
  if (!taken) return problem(taken.error());
  return json_answer(200, {{"connection", read_json(service, id)}});
}

/// What was asked for is under way already where an import runs: the first one of a connection
/// begins by itself.
http::Response imported(Service& service, const std::string& id, const wire::Actor& actor) {
  const auto taken = service.driver.take(id, actor, imports::import_anew());
  if (!taken && taken.error() != Refusal::import_running) return problem(taken.error());
  return json_answer(200, {{"connection", read_json(service, id)}});
}

http::Response disconnected(Service& service, const std::string& id, const wire::Actor& actor) {
  const auto tenant = service.driver.read(id).tenant;
  auto response = moved(service, id, actor, connect::DisconnectPressed{});
  // What was refused did not happen.
  if (response.status == 200)
    audit::note(service.driver.databases(), {audit::Event::disconnected, actor, tenant, id},
                service.driver.now());
  return response;
}

/// Why a probe did not work. What it showed of the grant says more than that the call failed.
std::string why_not(Service& service, const std::string& id,
                    const std::optional<work::Probe>& probe) {
  const auto now = service.driver.now();
  const auto after = service.driver.read(id);
  const auto* live = connect::live_grant(after.state.connect);
  if (!live || !probe) return work::why_no_grant(work::as_of(after.state, now));
  auto db = service.driver.databases().borrow();
  const auto health = work::health_of(*db, after, now);
  const std::string ours(wire::name_of(connect::Hindrance::misconfigured));
  return !health.usable && health.reason == ours ? ours : probe->reason;
}

http::Response outcome_of_probe(Service& service, const std::string& id,
                                const std::optional<work::Probe>& probe) {
  const auto before = service.driver.read(id);
  const auto* live = connect::live_grant(before.state.connect);
  const bool works = probe && probe->works;
  // A grant from elsewhere has a company without a name; refused when we knew it already.
  if (live && works)
    (void)service.driver.take(id, wire::by_provider(),
                              connect::CompanyProved{live->version, probe->company});
  Json out = {{"works", works},
              {"reason", works ? Json(nullptr) : Json(why_not(service, id, probe))},
              {"company", company_json(works ? &probe->company : nullptr)},
              {"connection", read_json(service, id)}};
  if (probe && probe->retry_after) {
    const auto seconds =
        std::max<std::int64_t>(1, (*probe->retry_after + Millis{999}).count() / 1000);
    out["retry_after_s"] = seconds;
    out["until"] = to_ms(service.driver.now() + std::chrono::seconds{seconds});
  }
  return json_answer(200, out);
}

async::Task<http::Response> probed(Service& service, std::string id) {
  try {
    const auto probe = co_await work::probe(service.driver, service.clients, id);
    co_return outcome_of_probe(service, id, probe);
  } catch (const work::NotFound&) {
    co_return problem(no_such_connection());  // deleted meanwhile
  }
}

http::Response list_moved(Service& service, const std::string& id, const wire::Actor& actor,
                          const CommandBody& body) {
  if (!body.list) return problem({Code::bad_input, words::say("bad_input.list"), {}});
  if (body.command == Verb::retry_list)
    return moved(service, id, actor, imports::RetryListPressed{*body.list});
  return moved(service, id, actor, imports::SkipListPressed{*body.list});
}

http::Response post_command(Service& service, const http::Request& request, const Places& places,
                            const wire::Actor& actor) {
  const auto body = body_as<CommandBody>(request, "The command");
  if (!body) return problem(body.error());
  const auto& id = places.at("connection");
  try {
    switch (body->command) {
      case Verb::disconnect:
        return disconnected(service, id, actor);
      case Verb::import:
        return imported(service, id, actor);
      case Verb::pause_import:
        return moved(service, id, actor, imports::PausePressed{});
      case Verb::resume_import:
        return moved(service, id, actor, imports::ResumePressed{});
      case Verb::cancel_import:
        return moved(service, id, actor, imports::CancelImportPressed{});
      case Verb::retry_list:
      case Verb::skip_list:
        return list_moved(service, id, actor, *body);
      case Verb::probe:
        break;
    }
    return http::respond_with(*service.clients.pool, probed(service, id));
  } catch (const work::NotFound&) {
    return problem(no_such_connection());
  }
}

}  // namespace

Json connection_json(store::Database& db, const StoredConnection& connection, Instant now) {
  const auto& link = connection.state.connect;
  const auto state = work::as_of(connection.state, now);
  const auto* live = connect::live_grant(state.connect);
  const auto health = work::health_of(db, connection, now);
  return {{"id", connection.id},
          {"tenant", connection.tenant},
          {"integration", connection.integration},
          {"status", status_of(connection.state)},
          {"usable", health.usable},
          {"health", health_json(health)},
          {"company", company_json(connect::known_company(link))},
          {"grant_version", live ? Json(live->version) : Json(nullptr)},
          {"seq", connection.seq},
          {"updated_at", to_ms(connection.updated)},
          {"state", wire::write(connection.state)}};
}

void add_connections_api(Router& router, Service& service) {
  constexpr const char* one = "/v1/connections/{connection}";
  const auto add = [&](const char* method, const std::string& path, Scope scope, Member member) {
    router.add(method, path, with_key(service, scope, member));
  };
  add("GET", "/v1/connections", Scope::connections_read, get_connections);
  add("GET", one, Scope::connections_read, get_connection);
  add("GET", std::string(one) + "/events", Scope::connections_read, get_history);
  add("POST", std::string(one) + "/commands", Scope::connections_write, post_command);
}

}  // namespace rekey::server
