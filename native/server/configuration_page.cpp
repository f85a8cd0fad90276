#include "native/server/configuration_page.hpp"

#include <algorithm>
#include <charconv>

#include "native/server/paging.hpp"

namespace rekey::server {

namespace {

constexpr int lines_a_page = 50;
constexpr int changes_a_page = 500;
constexpr int versions_a_page = 50;
constexpr std::size_t longest_search = 200;

/// What a list is asked for in its query.
Result<store::LineQuery> query_of(const Service& service, const http::Request& request,
                                  const Places& places) {
  const auto section = wire::enumerator_of<mapping::Section>(places.at("section"));
  if (!section || !is_mapped(service, *section)) return fail(Code::no_such_address, {});
  store::LineQuery out{.section = *section, .most = lines_a_page};
  out.search = request.query_value("q").value_or("").substr(0, longest_search);
  if (const auto filter = request.query_value("filter"); filter && !filter->empty()) {
    out.filter = wire::enumerator_of<store::LineFilter>(*filter);
    if (!out.filter) return fail(Code::bad_input, {});
  }
  const auto sort = request.query_value("sort").value_or("name");
  if (sort != "name" && sort != "-name") return fail(Code::bad_input, {});
  out.backwards = sort == "-name";
  const auto cursor = after_cursor(request.query_value("cursor"));
  if (!cursor) return tl::unexpected(cursor.error());
  if (cursor->empty()) return out;
  const auto after = pair_in(*cursor);
  if (!after) return tl::unexpected(not_a_cursor());
  out.after = store::LineAfter{after->first, after->second};
  return out;
}

std::int64_t number_in_query(const http::Request& request, std::string_view name) {
  const auto text = request.query_value(name).value_or("");
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

// Reading ----------------------------------------------------------------------------------------

http::Response get_lines(Service& service, const http::Request& request, const Who& who,
                         const Places& places) {
  const auto query = query_of(service, request, places);
  if (!query) return page_problem(query.error());
  auto db = service.driver.databases().borrow();
  const auto book = book_of(*db, who);
  if (!book) return page_problem(Refusal::not_connected);
  auto lines = store::lines(*db, book->key, *query);
  wire::LinesPage out;
  out.revision = book->connection.state.save.revision;
  if (lines.size() == lines_a_page)
    out.next = cursor_text(lines.back().folded + in_cursor + lines.back().record.id);
  out.lines = lines_for_page(std::move(lines));
  return json_answer(200, wire::write(out));
}

http::Response get_choosable(Service& service, const http::Request& request, const Who& who,
                             const Places& places) {
  auto query = query_of(service, request, places);
  if (!query) return page_problem(query.error());
  query->filter.reset();
  auto db = service.driver.databases().borrow();
  const auto book = book_of(*db, who);
  if (!book) return page_problem(Refusal::not_connected);
  const auto found = store::targets(*db, book->key, *query);
  wire::RecordsPage out;
  for (const auto& each : found) out.records.push_back(each.record);
  if (found.size() == lines_a_page)
    out.next = cursor_text(found.back().folded + in_cursor + found.back().record.id);
  return json_answer(200, wire::write(out));
}

http::Response get_versions(Service& service, const http::Request& request, const Who& who) {
  const auto before = number_after_cursor(request.query_value("cursor"));
  if (!before) return page_problem(before.error());
  auto db = service.driver.databases().borrow();
  const auto book = book_of(*db, who);
  if (!book) return page_problem(Refusal::not_connected);
  const bool saved_only = request.query_value("saved").value_or("") == "1";
  wire::ConfigurationVersions out;
  for (auto& each : store::revisions(*db, book->key, saved_only, *before, versions_a_page))
    out.versions.push_back({each.revision, each.at, each.saved, std::move(each.actor)});
  if (out.versions.size() == versions_a_page)
    out.next = cursor_text(std::to_string(out.versions.back().revision));
  return json_answer(200, wire::write(out));
}

http::Response get_changes(Service& service, const http::Request& request, const Who& who) {
  const auto cursor = after_cursor(request.query_value("cursor"));
  if (!cursor) return page_problem(cursor.error());
  const auto after = cursor->empty() ? std::pair<std::string, std::string>{} : pair_in(*cursor);
  if (!after) return page_problem(not_a_cursor());
  auto db = service.driver.databases().borrow();
  const auto book = book_of(*db, who);
  if (!book) return page_problem(Refusal::not_connected);
  const auto newest = store::newest_revision(*db, book->key, false);
  const auto asked_to = number_in_query(request, "to");
  const auto from = store::find_revision(*db, book->key, number_in_query(request, "from"));
  const auto to = asked_to == 0 ? newest : store::find_revision(*db, book->key, asked_to);
  if (!from || !to) return page_problem(Error{Code::not_found, {}, {}});
  wire::ChangedChoices out;
  out.from = from->revision;
  out.to = to->revision;
  if (to->settings != from->settings) out.settings = to->settings;
  for (auto& each : store::compare(*db, book->key, out.from, out.to, {after->first, after->second},
                                   changes_a_page))
    out.choices.push_back({each.section, std::move(each.ours), std::move(each.name),
                           std::move(each.before), std::move(each.after), std::move(each.actor)});
  if (out.choices.size() == changes_a_page)
    out.next = cursor_text(std::string(wire::name_of(out.choices.back().section)) + in_cursor +
                           out.choices.back().ours);
  return json_answer(200, wire::write(out));
}

}  // namespace

std::optional<std::string> cursor_text(const std::string& key) {
  return cursor_after(key).get<std::string>();
}

std::optional<std::pair<std::string, std::string>> pair_in(const std::string& key) {
  const auto at = key.find(in_cursor);
  if (at == key.npos) return {};
  return std::pair{key.substr(0, at), key.substr(at + 1)};
}

Error not_a_cursor() {
  return {Code::bad_input, {}, "a cursor that is not ours"};
}

wire::Outcome outcome_in(const work::Taken& taken) {
  wire::Outcome out;
  out.seq = taken.seq;
  out.state = taken.state;
  out.notices = taken.notices;
  return out;
}

std::optional<Book> book_of(store::Database& db, const Who& who) {
  auto connection = store::find_connection(db, who.connection());
  const auto* company = connection ? connect::known_company(connection->state.connect) : nullptr;
  if (!company) return {};
  Book out{{}, *company, {connection->id, company->realm_id}};
  out.connection = std::move(*connection);
  return out;
}

bool is_mapped(const Service& service, mapping::Section section) {
  const auto& lists = service.pages.lists;
  return std::find(lists.begin(), lists.end(), section) != lists.end();
}

std::vector<mapping::SectionCounts> counts_for_page(const Service& service, store::Database& db,
                                                    const store::CompanyKey& key) {
  auto out = store::section_counts(db, key);
  std::erase_if(out, [&](const auto& each) { return !is_mapped(service, each.section); });
  return out;
}

std::vector<wire::ConfigurationLine> lines_for_page(std::vector<store::Line> lines) {
  std::vector<wire::ConfigurationLine> out;
  for (auto& each : lines) {
    auto& line = out.emplace_back();
    line.ours = std::move(each.record);
    line.state = each.state;
    line.choice = std::move(each.choice);
    line.target = std::move(each.target);
    line.change = each.change;
    line.conflict = each.conflict;
    line.gone = each.gone;
    for (auto& candidate : each.candidates)
      line.candidates.push_back({std::move(candidate.record), candidate.suggestion.confidence,
                                 std::move(candidate.suggestion.reasons),
                                 candidate.suggestion.applies});
  }
  return out;
}

void add_configuration_page(Router& router, Service& service) {
  const std::string base = "/api/configuration";
  router.add("GET", base + "/summary", for_member(service, get_summary));
  router.add("GET", base + "/set-aside", for_member(service, get_set_aside));
  router.add("GET", base + "/versions", for_member(service, get_versions));
  router.add("GET", base + "/changes", for_member(service, get_changes));
  router.add("GET", base + "/sheet", for_member(service, get_sheet));
  router.add("PUT", base + "/sheet", for_member(service, put_sheet, Deed::write));
  router.add("GET", base + "/{section}", for_member(service, get_lines));
  router.add("GET", "/api/records/{section}", for_member(service, get_choosable));
  router.add("PATCH", base, for_member(service, patch_configuration, Deed::write));
  router.add("POST", base + "/accept", for_member(service, accept_suggestions, Deed::write));
  router.add("POST", base + "/back", for_member(service, go_back, Deed::write));
  router.add("POST", base + "/save", for_member(service, save_configuration, Deed::write));
}

}  // namespace rekey::server
