#include "native/server/configuration_api.hpp"

#include <charconv>
#include <set>

#include "core/mapping/sheet.hpp"
#include "native/metrics/limit.hpp"
#include "native/server/member.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/store/configurations.hpp"
#include "native/store/lines.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

using mapping::Section;
using store::ChoiceChange;
using store::CompanyKey;
using store::Database;
using store::StoredConnection;
using wire::field;
using wire::Json;

constexpr int versions_at_once = 100;
constexpr int changes_at_once = 1000;
constexpr std::size_t most_choices = 200'000;

/// A choice as a host sends it.
struct ChoiceBody {
  Section section = Section::accounts;
  std::string ours;
  std::optional<std::string> theirs, name;
  std::optional<bool> create, undecided;
  static constexpr auto fields() {
    return std::tuple{
        field("section", &ChoiceBody::section), field("ours", &ChoiceBody::ours),
        field("theirs", &ChoiceBody::theirs),   field("name", &ChoiceBody::name),
        field("create", &ChoiceBody::create),   field("undecided", &ChoiceBody::undecided)};
  }
};
/// PATCH: the choices that change. PUT: all of them; what is not among them is undecided.
struct ChoicesBody {
  std::vector<ChoiceBody> choices;
  std::optional<mapping::Settings> settings;
  static constexpr auto fields() {
    return std::tuple{field("choices", &ChoicesBody::choices),
                      field("settings", &ChoicesBody::settings)};
  }
};

/// Whose choices a host reads and brings: the company's, or, while none is known, those that wait
/// for the first one.
CompanyKey choices_of(const StoredConnection& connection) {
  const auto* company = connect::known_company(connection.state.connect);
  return {connection.id, company ? company->realm_id : std::string()};
}

std::string tag_of(const CompanyKey& key, std::int64_t revision) {
  return "\"" + key.realm_id + "-" + std::to_string(revision) + "\"";
}

/// The list in a header names this version, or any ("*").
bool names_version(const std::string& header, const std::string& tag) {
  return header == "*" || header.find(tag) != header.npos;
}

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return out;
}

http::Response no_such_version(const std::string& version) {
  return problem({Code::not_found, words::say("not_found.version", {{"version", version}}), {}});
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

/// What changed from one saved version to the newest, part by part.
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

http::Response get_saved_version(Service& service, const http::Request&, const Places& places,
                                 const wire::Actor&) {
  return with_configuration(
      service, places,
      [&](Database& db, const StoredConnection& connection, const CompanyKey& key) {
        const auto& asked = places.at("revision");
        const auto version = number_in(asked);
        if (!version) return problem({Code::bad_input, words::say("bad_input.version"), {}});
        const auto found = store::find_revision(db, key, *version);
        if (!found || !found->saved) return no_such_version(asked);
        auto out = head_of(connection, *found);
        out["configuration"] = wire::write(store::configuration_at(db, key, *found));
        return json_answer(200, out);
      });
}

// Bringing ---------------------------------------------------------------------------------------

Result<std::vector<ChoiceChange>> changes_in(const ChoicesBody& body) {
  std::vector<ChoiceChange> out;
  std::set<std::pair<Section, std::string_view>> seen;
  for (const auto& each : body.choices) {
    const bool undecided = each.undecided.value_or(false), create = each.create.value_or(false);
    const mapping::Choice choice{each.ours, each.theirs.value_or(""), each.name.value_or(""),
                                 create};
    const bool says_one = undecided + create + each.theirs.has_value() == 1;
    if (!says_one || !mapping::complaint_about(choice).empty() ||
        !seen.emplace(each.section, each.ours).second || out.size() == most_choices)
      return fail(Code::bad_input,
                  words::say("bad_input.choice", {{"index", std::to_string(out.size())}}));
    out.push_back({each.section, each.ours,
                   undecided ? std::nullopt : std::optional<mapping::Choice>(choice)});
  }
  return out;
}

/// Adds, for what is chosen now and not among the changes, that it is undecided from now on.
void clear_others(Database& db, const CompanyKey& key, std::vector<ChoiceChange>& changes) {
  std::set<std::pair<Section, std::string>> named;
  for (const auto& each : changes) named.emplace(each.section, each.ours);
  for (const auto section : mapping::all_sections)
    for (auto& each : store::current_choices(db, key, section))
      if (!named.contains({section, each.ours}))
        changes.push_back({section, std::move(each.ours), std::nullopt});
}

/// Thrown within the transaction of a change, so that nothing of it is stored.
struct VersionChanged {
  std::int64_t newest = 0;
};

/// The same, where a host would keep more choices than it can have records.
struct TooManyChoices {
  std::int64_t most = 0;
};

http::Response too_many_choices(const std::string& connection, std::int64_t most) {
  metrics::limit_met("mappings", "configuration.too_many",
                     {{"connection", connection}, {"most", most}});
  return problem({Code::limit_reached,
                  words::say("limit_reached.mappings",
                             {{"most", std::to_string(most)},
                              {"beyond", std::to_string(store::choices_beyond_directory)}}),
                  {}});
}

/// One change by a host, on its way into the store.
struct Brought {
  std::vector<ChoiceChange> changes;
  std::optional<mapping::Settings> settings;
  bool whole = false;  ///< what is not named is cleared
  std::optional<std::string> if_match{};
  std::int64_t changed = 0;
  std::int64_t revision = 0;
};

void keep_brought(Database& db, const CompanyKey& key, const store::Edit& edit, Brought& brought) {
  const auto newest = store::newest_revision(db, key, false);
  const auto before = newest ? newest->revision : 0;
  if (brought.if_match && !names_version(*brought.if_match, tag_of(key, before)))
    throw VersionChanged{before};
  const auto had = store::count_choices(db, key);
  auto changes = brought.changes;
  if (brought.whole) clear_others(db, key, changes);
  store::add_missing_names(db, key, changes);
  brought.revision = edit.revision;
  brought.changed = store::put_changes(db, key, edit, changes, brought.settings);
  const auto now = store::count_choices(db, key);
  const auto most = now > had ? store::most_choices_of(db, key.connection) : now;
  if (now > most) throw TooManyChoices{most};
}

/// While no company is known: kept until the first one is (work/matcher.hpp). False: one is known.
bool keep_for_later(Service& service, Database& db, const std::string& connection,
                    const wire::Actor& actor, Brought& brought) {
  const CompanyKey key{connection, {}};
  const auto stored = store::find_connection(db, connection);
  if (stored && !choices_of(*stored).realm_id.empty()) return false;
  const auto newest = store::newest_revision(db, key, false);
  keep_brought(db, key, {newest ? newest->revision + 1 : 1, service.driver.now(), actor}, brought);
  return true;
}

http::Response brought_answer(const std::string& connection, const CompanyKey& key,
                              const Brought& brought) {
  auto response = json_answer(200, {{"connection", connection},
                                    {"revision", brought.revision},
                                    {"changed", brought.changed},
                                    {"waiting", key.realm_id.empty()}});
  response.headers.set("ETag", tag_of(key, brought.revision));
  return response;
}

http::Response bring(Service& service, const http::Request& request, const Places& places,
                     const wire::Actor& actor, bool whole) {
  const auto body = body_as<ChoicesBody>(request, "The configuration");
  if (!body) return problem(body.error());
  auto changes = changes_in(*body);
  if (!changes) return problem(changes.error());
  mapping::Configuration settings;
  settings.settings = body->settings.value_or(mapping::Settings{});
  if (const auto fit = mapping::checked(std::move(settings)); !fit) return problem(fit.error());
  Brought brought{std::move(*changes), body->settings, whole};
  brought.if_match = request.headers.get("If-Match");
  const auto& id = places.at("connection");
  try {
    auto key = choices_of(service.driver.read(id));
    if (key.realm_id.empty()) {
      auto db = service.driver.databases().borrow();
      if (store::in_transaction(*db,
                                [&] { return keep_for_later(service, *db, id, actor, brought); }))
        return brought_answer(id, key, brought);
    }
    const auto keep = [&](Database& db, const StoredConnection& before, const Step& next) {
      key = choices_of(before);
      keep_brought(db, key, {next.next.save.revision, service.driver.now(), actor}, brought);
    };
    // What the host has seen is in If-Match; a customer who works meanwhile is in nobody's way.
    const auto take = [&] {
      const auto seen = service.driver.read(id).state.save.revision;
      return service.driver.take(id, actor, save::Edited{seen}, keep);
    };
    auto taken = take();
    for (int tries = 0; tries < 3 && !taken && taken.error() == Refusal::changed_elsewhere; ++tries)
      taken = take();
    if (!taken) return problem(taken.error());
    return brought_answer(id, key, brought);
  } catch (const VersionChanged& changed) {
    return problem({Code::version_changed,
                    words::say("version_changed", {{"version", std::to_string(changed.newest)}}),
                    {}});
  } catch (const TooManyChoices& many) {
    return too_many_choices(id, many.most);
  } catch (const work::NotFound&) {
    return problem(no_such_connection());
  }
}

http::Response put_configuration(Service& service, const http::Request& request,
                                 const Places& places, const wire::Actor& actor) {
  return bring(service, request, places, actor, true);
}

http::Response patch_choices(Service& service, const http::Request& request, const Places& places,
                             const wire::Actor& actor) {
  return bring(service, request, places, actor, false);
}

}  // namespace

void add_configuration_api(Router& router, Service& service) {
  const std::string path = "/v1/connections/{connection}/configuration";
  const auto add = [&](const char* method, const std::string& at, Scope scope, Member member) {
    router.add(method, at, with_key(service, scope, member));
  };
  add("GET", path, Scope::connections_read, get_saved);
  add("PUT", path, Scope::connections_write, put_configuration);
  add("PATCH", path, Scope::connections_write, patch_choices);
  add("GET", path + "/versions", Scope::connections_read, get_saved_versions);
  add("GET", path + "/versions/{revision}", Scope::connections_read, get_saved_version);
}

}  // namespace rekey::server
