#include "native/server/records_api.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "native/server/directory_records.hpp"
#include "native/server/lines_answer.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/store/connections.hpp"
#include "native/store/imported.hpp"
#include "native/system/rfc3339.hpp"
#include "native/words/words.hpp"
#include "native/work/company_records.hpp"

namespace rekey::server {

namespace {

using imports::Entity;
using wire::Json;

constexpr int imported_page_rows = 1000;
/// Lines are made and sent so many at a time: that is what one answer takes of memory.
constexpr int imported_lines_at_once = 250;

/// A list of the company, by its own name ("Customer") or by that of a section ("customers").
std::optional<Entity> list_named(const std::string& name) {
  if (const auto entity = wire::enumerator_of<Entity>(name)) return entity;
  const auto section = wire::enumerator_of<mapping::Section>(name);
  if (!section) return {};
  return imports::entity_of(*section);
}

http::Response no_such_list() {
  std::string lists;
  for (const auto name : names_of(Entity{}))
    lists += (lists.empty() ? "" : ", ") + std::string(name);
  return problem({Code::not_found, words::say("records.no_such_list", {{"lists", lists}}), {}});
}

/// What is asked for: from where on, and of which time the answer is.
struct Asked {
  store::List list;
  connect::Company company;
  std::optional<Instant> changed_since;
  store::ImportedAfter after;
  Instant as_of{};    ///< everything up to here is in the answer
  Instant read_at{};  ///< when the list came into use
};

/// Up to when all is told. Of rows that are being read just now, the times of change are from
/// before they come into use; and another process may be a moment behind in storing a change.
Instant as_of(const store::ListState& state, Instant now) {
  constexpr Millis behind = std::chrono::minutes{1};
  return state.staged ? state.read_at : std::max(state.read_at, now - behind);
}

Error bad_time() {
  return {Code::bad_input, words::say("bad_input.changed_since"), {}};
}

/// None: it was not given.
Result<std::optional<Instant>> changed_since_of(const http::Request& request) {
  auto text = request.query_value("changed_since");
  if (!text) return std::optional<Instant>();
  // A plus that was not encoded is a blank in a query; a time has none behind its date.
  constexpr std::size_t date = 11;
  for (std::size_t i = date; i < text->size(); ++i)
    if ((*text)[i] == ' ') (*text)[i] = '+';
  const auto at = read_rfc3339(*text);
  if (!at) return tl::unexpected(bad_time());
  return std::optional(*at);
}

/// A cursor: what the first page was as of, the time of change of the last row, and its id. The
/// time is empty where rows are given in the order of their ids.
std::string key_of(const Asked& asked, const store::ImportedRow& last) {
  const auto changed = asked.changed_since ? std::to_string(to_ms(last.changed)) : std::string();
  return std::to_string(to_ms(asked.as_of)) + " " + changed + " " + last.id;
}

std::optional<Instant> time_in(std::string_view text) {
  std::int64_t ms = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (failed != std::errc{} || end != text.data() + text.size()) return {};
  return from_ms(ms);
}

/// Takes the place of a cursor. False: it is none of this list in this order.
bool go_on(Asked& asked, std::string_view key) {
  const auto first = key.find(' '), second = key.find(' ', first + 1);
  if (first == key.npos || second == key.npos || second + 1 == key.size()) return false;
  const auto time = time_in(key.substr(0, first));
  const auto changed = key.substr(first + 1, second - first - 1);
  if (!time || changed.empty() == asked.changed_since.has_value()) return false;
  asked.as_of = *time;
  asked.after.id = key.substr(second + 1);
  if (changed.empty()) return true;
  const auto at = time_in(changed);
  if (at) asked.after.changed = *at;
  return at.has_value();
}

/// Reads a list piece by piece.
class RecordReading {
 public:
  RecordReading(Service& service, store::Database& db, Asked asked)
      : service_(service),
        asked_(std::move(asked)),
        records_(db, *service.clients.accounting, asked_.list.connection, asked_.list.realm_id) {}

  struct Piece {
    std::vector<Json> records;
    bool last = false;
  };
  Piece next(store::Database& db, int most) {
    const auto rows =
        store::imported_page(db, asked_.list, asked_.after, asked_.changed_since, most);
    Piece out;
    for (const auto& each : rows) out.records.push_back(told(each));
    if (!rows.empty()) {
      asked_.after = {rows.back().changed, rows.back().id};
      last_ = key_of(asked_, rows.back());
    }
    out.last = rows.size() < static_cast<std::size_t>(most);
    if (out.last) add_beside(db, out.records);
    return out;
  }
  /// Where the next piece goes on; empty: nothing was read.
  const std::string& last() const { return last_; }
  const Asked& asked() const { return asked_; }
  Service& service() const { return service_; }

 private:
  Json told(const mapping::Record& record, Instant changed, bool gone, const Json& row) const {
    auto out = as_given(record);
    out["active"] = record.active;
    out["changed_at"] = to_ms(changed);
    out["gone"] = gone;
    out["row"] = row;
    return out;
  }
  Json told(const store::ImportedRow& row) const {
    const auto body = wire::parse(row.body, "An imported row").value_or(Json(nullptr));
    auto record = records_.record_of(asked_.list.entity, body);
    record.id = row.id;
    return told(record, row.changed, row.gone, body);
  }
  void add_beside(store::Database& db, std::vector<Json>& out) const {
    if (asked_.changed_since && asked_.read_at < *asked_.changed_since) return;
    for (const auto& each : records_.beside(db, asked_.list.entity))
      out.push_back(told(each, asked_.read_at, false, nullptr));
  }

  Service& service_;
  Asked asked_;
  work::CompanyRecords records_;
  std::string last_;
};

http::Response with_time(http::Response response, const Asked& asked) {
  response.headers.add("Rekey-As-Of", rfc3339(asked.as_of));
  return response;
}

http::Response page_of(RecordReading& reading, store::Database& db) {
  const auto piece = reading.next(db, imported_page_rows);
  const auto& asked = reading.asked();
  return with_time(
      json_answer(200, {{"entity", wire::name_of(asked.list.entity)},
                        {"company", wire::write(asked.company)},
                        {"as_of", rfc3339(asked.as_of)},
                        {"records", piece.records},
                        {"next", cursor_after(piece.last ? std::string() : reading.last())}}),
      asked);
}

http::Response lines_of(std::shared_ptr<RecordReading> reading) {
  const auto asked = reading->asked();
  return with_time(lines_answer([reading] {
                     auto db = reading->service().driver.databases().borrow();
                     // An answer that has begun cannot say that the connection was deleted: it is
                     // cut off, so that it does not look like a whole one.
                     if (!store::find_connection(*db, reading->asked().list.connection))
                       throw std::runtime_error("the connection was deleted while it was read");
                     const auto piece = reading->next(*db, imported_lines_at_once);
                     Lines out;
                     for (const auto& each : piece.records) add_line(out, each);
                     out.last = piece.last;
                     return out;
                   }),
                   asked);
}

bool wants_lines(const http::Request& request) {
  return request.headers.get("Accept").value_or("").find("application/x-ndjson") !=
         std::string::npos;
}

http::Response get_records(Service& service, const http::Request& request, const Places& places,
                           const wire::Actor&) {
  const auto entity = list_named(places.at("entity"));
  if (!entity) return no_such_list();
  const auto since = changed_since_of(request);
  if (!since) return problem(since.error());
  const auto after = after_cursor(request.query_value("after"));
  if (!after) return problem(after.error());
  auto db = service.driver.databases().borrow();
  const auto connection = store::find_connection(*db, places.at("connection"));
  if (!connection) return problem(no_such_connection());
  const auto* company = connect::known_company(connection->state.connect);
  const auto list =
      company ? store::List{connection->id, company->realm_id, *entity} : store::List{};
  const auto state = company ? store::list_state(*db, list) : std::nullopt;
  if (!state || state->run == 0)
    return problem({Code::not_imported,
                    words::say("not_imported", {{"list", std::string(wire::name_of(*entity))}}),
                    {}});
  Asked asked{list, *company, *since, {}, as_of(*state, service.driver.now()), state->read_at};
  if (!after->empty() && !go_on(asked, *after))
    return problem({Code::bad_input, words::say("bad_input.cursor"), {}});
  auto reading = std::make_shared<RecordReading>(service, *db, std::move(asked));
  if (!wants_lines(request)) return page_of(*reading, *db);
  // Lines borrow for each piece: an answer that is taken slowly holds no connection to the
  // database.
  { const auto give_back = std::move(db); }
  return lines_of(std::move(reading));
}

}  // namespace

void add_records_api(Router& router, Service& service) {
  router.add("GET", "/v1/connections/{connection}/records/{entity}",
             with_key(service, Scope::connections_read, get_records));
}

}  // namespace rekey::server
