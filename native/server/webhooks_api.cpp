#include "native/server/webhooks_api.hpp"

#include <algorithm>

#include "native/metrics/limit.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"
#include "native/work/key_check.hpp"
#include "native/work/webhook_messages.hpp"
#include "native/work/webhooks.hpp"

namespace rekey::server {

namespace {

using wire::field;
using wire::Json;

constexpr std::size_t most_endpoints = 20;
constexpr int most_deliveries = 100;

void note(Service& service, audit::Event event, const wire::Actor& actor, const std::string& id) {
  audit::note(service.driver.databases(), {event, actor, {}, {}, {}, {{"webhook", id}}},
              service.driver.now());
}

http::Response no_such_endpoint() {
  return problem({Code::not_found, words::say("not_found.webhook"), {}});
}

http::Response too_many_endpoints() {
  metrics::limit_met("webhooks", "webhook.too_many", {{"most", most_endpoints}});
  return problem({Code::limit_reached,
                  words::say("limit_reached.webhooks", {{"most", std::to_string(most_endpoints)}}),
                  {}});
}

template <class F>
http::Response with_endpoint(Service& service, const Places& places, F&& then) {
  auto db = service.driver.databases().borrow();
  const auto found = store::endpoint(*db, places.at("webhook"));
  return found ? then(*db, *found) : no_such_endpoint();
}

Json endpoint_json(const store::WebhookEndpoint& endpoint) {
  Json types = Json::array();
  for (const auto each : work::webhook_types)
    if (endpoint.types.empty() ||
        (" " + endpoint.types + " ").find(" " + std::string(each) + " ") != std::string::npos)
      types.push_back(each);
  return {{"id", endpoint.id},
          {"url", endpoint.url},
          {"types", types},
          {"created_at", to_ms(endpoint.created)},
          {"disabled_since", wire::write(endpoint.disabled)}};
}

struct EndpointBody {
  std::string url;
  std::optional<std::vector<std::string>> types;
  static constexpr auto fields() {
    return std::tuple{field("url", &EndpointBody::url), field("types", &EndpointBody::types)};
  }
};

http::Response post_endpoint(Service& service, const http::Request& request, const Places&,
                             const wire::Actor& actor) {
  const auto body = body_as<EndpointBody>(request, "The webhook");
  if (!body) return problem(body.error());
  if (const auto good = service.webhook_targets.check(body->url); !good)
    return problem(good.error());
  std::string types;
  for (const auto& each : body->types.value_or(std::vector<std::string>{})) {
    const auto& known = work::webhook_types;
    if (std::find(known.begin(), known.end(), each) == known.end())
      return problem({Code::bad_input, words::say("bad_input.webhook_type", {{"type", each}}), {}});
    types += (types.empty() ? "" : " ") + each;
  }
  auto db = service.driver.databases().borrow();
  if (store::list_endpoints(*db).size() >= most_endpoints) return too_many_endpoints();
  const auto made =
      work::new_endpoint(service.driver.secrets(), body->url, types, service.driver.now());
  store::in_transaction(*db, [&] {
    work::need_known_key(*db, service.driver.secrets().vault());
    store::put_endpoint(*db, made);
  });
  note(service, audit::Event::webhook_added, actor, made.id);
  return json_answer(201, endpoint_json(made));
}

http::Response get_endpoints(Service& service, const http::Request&, const Places&,
                             const wire::Actor&) {
  auto db = service.driver.databases().borrow();
  Json list = Json::array();
  for (const auto& each : store::list_endpoints(*db)) list.push_back(endpoint_json(each));
  return json_answer(200, {{"webhooks", list}});
}

http::Response get_endpoint(Service& service, const http::Request&, const Places& places,
                            const wire::Actor&) {
  return with_endpoint(service, places, [](store::Database&, const store::WebhookEndpoint& found) {
    return json_answer(200, endpoint_json(found));
  });
}

http::Response get_secret(Service& service, const http::Request&, const Places& places,
                          const wire::Actor& actor) {
  return with_endpoint(service, places, [&](store::Database&, const store::WebhookEndpoint& found) {
    auto response = json_answer(
        200, {{"secret", work::endpoint_secret(service.driver.secrets(), found).reveal()}});
    response.secret = true;
    note(service, audit::Event::webhook_secret_read, actor, found.id);
    return response;
  });
}

struct SwitchBody {
  bool enabled = true;
  static constexpr auto fields() { return std::tuple{field("enabled", &SwitchBody::enabled)}; }
};

http::Response patch_endpoint(Service& service, const http::Request& request, const Places& places,
                              const wire::Actor& actor) {
  const auto body = body_as<SwitchBody>(request, "The webhook");
  if (!body) return problem(body.error());
  return with_endpoint(service, places, [&](store::Database& db, store::WebhookEndpoint found) {
    found.disabled = body->enabled ? std::nullopt : std::optional(service.driver.now());
    store::set_endpoint_disabled(db, found.id, found.disabled);
    note(service, audit::Event::webhook_changed, actor, found.id);
    return json_answer(200, endpoint_json(found));
  });
}

http::Response delete_endpoint(Service& service, const http::Request&, const Places& places,
                               const wire::Actor& actor) {
  auto db = service.driver.databases().borrow();
  if (!store::delete_endpoint(*db, places.at("webhook"))) return no_such_endpoint();
  note(service, audit::Event::webhook_removed, actor, places.at("webhook"));
  http::Response response;
  response.status = 204;
  return response;
}

// What was sent ----------------------------------------------------------------------------------

http::Response get_deliveries(Service& service, const http::Request& request, const Places& places,
                              const wire::Actor&) {
  const auto before = number_after_cursor(request.query_value("after"));
  if (!before) return problem(before.error());
  return with_endpoint(
      service, places, [&](store::Database& db, const store::WebhookEndpoint& found) {
        const auto sent = store::deliveries(db, found.id, *before, most_deliveries);
        Json list = Json::array();
        for (const auto& each : sent)
          list.push_back(
              {{"id", each.content.id},
               {"type", each.content.type},
               {"connection", each.content.connection},
               {"at", to_ms(each.content.at)},
               {"message", wire::parse(each.content.body, "A message").value_or(Json(nullptr))},
               {"attempts", each.attempts},
               {"delivered", each.delivered},
               {"last_attempt_at", wire::write(each.last_at)},
               {"last_status", each.last_at ? Json(each.last_status) : Json(nullptr)},
               {"next_attempt_at", wire::write(each.next_at)}});
        const bool more = sent.size() == most_deliveries;
        return json_answer(
            200, {{"deliveries", list},
                  {"next", cursor_after(more ? std::to_string(sent.back().n) : std::string())}});
      });
}

struct ReplayBody {
  std::optional<std::string> message;
  std::optional<Instant> from, to;
  static constexpr auto fields() {
    return std::tuple{field("message", &ReplayBody::message), field("from", &ReplayBody::from),
                      field("to", &ReplayBody::to)};
  }
};

http::Response replay(Service& service, const http::Request& request, const Places& places,
                      const wire::Actor&) {
  const auto body = body_as<ReplayBody>(request, "The replay");
  if (!body) return problem(body.error());
  if (body->message.has_value() == body->from.has_value())
    return problem({Code::bad_input, words::say("bad_input.replay"), {}});
  const auto now = service.driver.now();
  auto response =
      with_endpoint(service, places, [&](store::Database& db, const store::WebhookEndpoint& found) {
        const auto queued =
            body->message ? store::redeliver(db, found.id, *body->message, now)
                          : store::replay(db, found.id, *body->from, body->to.value_or(now), now);
        if (body->message && queued == 0)
          return problem({Code::not_found, words::say("not_found.message"), {}});
        return json_answer(202, {{"queued", queued}});
      });
  // The outbox is looked at when something happens, and once a second.
  service.driver.tell({});
  return response;
}

}  // namespace

void add_webhooks_api(Router& router, Service& service) {
  constexpr const char* one = "/v1/webhooks/{webhook}";
  const auto add = [&](const char* method, const std::string& path, Member member) {
    router.add(method, path, with_key(service, Scope::webhooks, member));
  };
  add("GET", "/v1/webhooks", get_endpoints);
  add("POST", "/v1/webhooks", post_endpoint);
  add("GET", one, get_endpoint);
  add("PATCH", one, patch_endpoint);
  add("DELETE", one, delete_endpoint);
  add("GET", std::string(one) + "/secret", get_secret);
  add("GET", std::string(one) + "/deliveries", get_deliveries);
  add("POST", std::string(one) + "/replay", replay);
}

}  // namespace rekey::server
