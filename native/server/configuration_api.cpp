#include "native/server/configuration_api.hpp"

#include <charconv>

#include "core/mapping/sheet.hpp"
#include "native/server/member.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/store/configurations.hpp"
#include "native/store/lines.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

using store::CompanyKey;
using store::Database;
using store::StoredConnection;
using wire::Json;

constexpr int versions_at_once = 100;
constexpr int changes_at_once = 1000;

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return out;
}

template <class F>
http::Response with_configuration(Service& service, const Places& places, F&& then) {
  auto db = service.driver.databases().borrow();
  const auto found = store::find_connection(*db, places.at("connection"));
  return found ? then(*db, *found, choices_of(*found)) : problem(no_such_connection());
}

// Reading ----------------------------------------------------------------------------------------

Json head_of(const StoredConnection& connection, const store::Revision& revision) {
  const auto* company = connect::known_company(connection.state.connect);
  return {{"connection", connection.id},
          {"company", company ? wire::write(*company) : Json(nullptr)},
          {"revision", revision.revision},
          {"saved_at", to_ms(revision.at)},
          {"saved_by", wire::write(revision.actor)}};
}

Json change_json(const store::Compared& change) {
  Json out = {{"section", wire::name_of(change.section)}, {"ours", change.ours}};
  if (!change.after) {
    out["undecided"] = true;
    return out;
  }
  out["theirs"] = change.after->theirs;
  out["name"] = change.after->name;
  if (change.after->create) out["create"] = true;
  if (change.actor) out["chosen_by"] = wire::write(*change.actor);
  return out;
}

bool wants_csv(const http::Request& request) {
  const auto accept = request.headers.get("Accept").value_or("");
  return accept.find("text/csv") != accept.npos;
}

/// The saved configuration as a table (core/mapping/sheet.hpp), without the names of the host's own
/// records, which it knows.
http::Response csv_answer(const mapping::Configuration& configuration) {
  http::Response response;
  response.headers = {{"Content-Type", "text/csv; charset=utf-8"}};
  response.body = mapping::sheet_head();
  for (const auto section : mapping::all_sections)
    for (const auto& each : configuration.of(section))
      response.body += mapping::sheet_row({section, {}, each.ours, each});
  return response;
}

/// What is otherwise in a version than in the saved one that is asked for, part by part.
http::Response changes_since(Database& db, const StoredConnection& connection,
                             const CompanyKey& key, const store::Revision& newest,
                             const http::Request& request) {
  const auto asked = request.query_value("since").value_or("");
  const auto version = number_in(asked);
  if (!version) return problem({Code::bad_input, words::say("bad_input.version"), {}});
  const auto since = store::find_revision(db, key, *version);
  if (!since || !since->saved) return no_such_version(asked);
  const auto cursor = after_cursor(request.query_value("after"));
  if (!cursor) return problem(cursor.error());
  const auto parted = cursor->find('\n');
  store::ComparedAfter after;
  if (parted != cursor->npos) after = {cursor->substr(0, parted), cursor->substr(parted + 1)};
  const auto found =
      store::compare(db, key, since->revision, newest.revision, after, changes_at_once);
  auto out = head_of(connection, newest);
  out["since"] = since->revision;
  out["settings"] =
      newest.settings == since->settings ? Json(nullptr) : wire::write(newest.settings);
  out["changes"] = Json::array();
  for (const auto& each : found) out["changes"].push_back(change_json(each));
  const bool more = found.size() == changes_at_once;
  out["next"] = cursor_after(
      more ? std::string(wire::name_of(found.back().section)) + "\n" + found.back().ours : "");
  return json_answer(200, out);
}

http::Response get_saved(Service& service, const http::Request& request, const Places& places,
                         const wire::Actor&) {
  return with_configuration(
      service, places,
      [&](Database& db, const StoredConnection& connection, const CompanyKey& key) {
        const auto newest =
            key.realm_id.empty() ? std::nullopt : store::newest_revision(db, key, true);
        if (!newest) return problem({Code::nothing_saved, words::say("nothing_saved"), {}});
        if (request.query_value("since"))
          return changes_since(db, connection, key, *newest, request);
        const bool csv = wants_csv(request);
        auto tag = tag_of(key, newest->revision);
        if (csv) tag.insert(tag.size() - 1, "-csv");
        http::Response response;
        if (names_version(request.headers.get("If-None-Match").value_or(""), tag)) {
          response.status = 304;
        } else {
          const auto configuration = store::configuration_at(db, key, *newest);
          auto out = head_of(connection, *newest);
          out["configuration"] = csv ? Json(nullptr) : wire::write(configuration);
          response = csv ? csv_answer(configuration) : json_answer(200, out);
        }
        response.headers.set("Cache-Control", "private, no-cache");
        response.headers.set("Vary", "Accept");
        response.headers.set("ETag", tag);
        return response;
      });
}

http::Response get_saved_versions(Service& service, const http::Request& request,
                                  const Places& places, const wire::Actor&) {
  const auto before = number_after_cursor(request.query_value("after"));
  if (!before) return problem(before.error());
  return with_configuration(
      service, places, [&](Database& db, const StoredConnection&, const CompanyKey& key) {
        Json list = Json::array();
        const auto found = store::revisions(db, key, true, *before, versions_at_once);
        for (const auto& each : found)
          list.push_back({{"revision", each.revision},
                          {"saved_at", to_ms(each.at)},
                          {"saved_by", wire::write(each.actor)}});
        const bool more = found.size() == versions_at_once;
        return json_answer(
            200, {{"versions", list},
                  {"next", cursor_after(more ? std::to_string(found.back().revision) : "")}});
      });
}

http::Response get_saved_version(Service& service, const http::Request& request,
                                 const Places& places, const wire::Actor&) {
  return with_configuration(
      service, places,
      [&](Database& db, const StoredConnection& connection, const CompanyKey& key) {
        const auto& asked = places.at("revision");
        const auto version = number_in(asked);
        if (!version) return problem({Code::bad_input, words::say("bad_input.version"), {}});
        const auto found = store::find_revision(db, key, *version);
        if (!found || !found->saved) return no_such_version(asked);
        if (request.query_value("since"))
          return changes_since(db, connection, key, *found, request);
        auto out = head_of(connection, *found);
        out["configuration"] = wire::write(store::configuration_at(db, key, *found));
        return json_answer(200, out);
      });
}

}  // namespace

CompanyKey choices_of(const StoredConnection& connection) {
  const auto* company = connect::known_company(connection.state.connect);
  return {connection.id, company ? company->realm_id : std::string()};
}

std::string tag_of(const CompanyKey& key, std::int64_t revision) {
  return "\"" + key.realm_id + "-" + std::to_string(revision) + "\"";
}

bool names_version(const std::string& header, const std::string& tag) {
  return header == "*" || header.find(tag) != header.npos;
}

http::Response no_such_version(const std::string& version) {
  return problem({Code::not_found, words::say("not_found.version", {{"version", version}}), {}});
}

void add_configuration_api(Router& router, Service& service) {
  const std::string path = "/v1/connections/{connection}/configuration";
  const auto add = [&](const char* method, const std::string& at, Scope scope, Member member) {
    router.add(method, at, with_key(service, scope, member));
  };
  add("GET", path, Scope::connections_read, get_saved);
  add("PUT", path, Scope::connections_write, put_brought);
  add("PATCH", path, Scope::connections_write, patch_brought);
  add("GET", path + "/versions", Scope::connections_read, get_saved_versions);
  add("GET", path + "/versions/{revision}", Scope::connections_read, get_saved_version);
  add("POST", path + "/back", Scope::connections_write, go_back_for_host);
}

}  // namespace rekey::server
