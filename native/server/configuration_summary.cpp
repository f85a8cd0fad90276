// How a configuration stands, and what of the company could not be kept.
#include <algorithm>
#include <charconv>

#include "native/server/configuration_page.hpp"
#include "native/server/paging.hpp"
#include "native/store/imported.hpp"
#include "native/store/matching.hpp"
#include "native/work/company_records.hpp"

namespace rekey::server {

namespace {

constexpr int set_aside_a_page = 100;

work::CompanyRecords records_of_book(Service& service, store::Database& db,
                                     const store::CompanyKey& key) {
  return {db, *service.clients.accounting, key.connection, key.realm_id};
}

std::vector<wire::SetAside> counts_set_aside(store::Database& db, const store::CompanyKey& key) {
  std::vector<wire::SetAside> out;
  for (const auto& each : store::list_states(db, key.connection, key.realm_id))
    if (each.set_aside > 0) out.push_back({each.entity, each.set_aside});
  return out;
}

/// The records of one list that were set aside, after a position.
void add_set_aside(store::Database& db, const store::CompanyKey& key, imports::Entity entity,
                   std::int64_t after, wire::SetAsidePage& page) {
  const auto room = set_aside_a_page - static_cast<int>(page.records.size());
  const auto found = store::set_aside_page(db, {key.connection, key.realm_id, entity}, after, room);
  for (const auto& each : found) {
    const auto why = wire::enumerator_of<imports::Unfit>(each.reason);
    page.records.push_back({entity, each.id, each.name, why.value_or(imports::Unfit::no_object)});
  }
  if (!found.empty() && page.records.size() == set_aside_a_page)
    page.next = cursor_text(std::string(wire::name_of(entity)) + in_cursor +
                            std::to_string(found.back().position));
}

}  // namespace

bool has_terms(Service& service, store::Database& db, const store::CompanyKey& key,
               const std::string& id) {
  if (id.empty()) return true;
  for (const auto& each : records_of_book(service, db, key).list(db, imports::Entity::term))
    if (each.id == id) return each.active;
  return false;
}

http::Response get_summary(Service& service, const http::Request&, const Who& who) {
  auto db = service.driver.databases().borrow();
  const auto book = book_of(*db, who);
  if (!book) return page_problem(Refusal::not_connected);
  const auto records = records_of_book(service, *db, book->key);
  wire::ConfigurationSummary out;
  out.revision = book->connection.state.save.revision;
  if (const auto saved = store::newest_revision(*db, book->key, true)) out.saved = saved->revision;
  if (auto newest = store::newest_revision(*db, book->key, false))
    out.settings = std::move(newest->settings);
  out.company = book->company;
  out.terms = records.list(*db, imports::Entity::term);
  out.sections = counts_for_page(service, *db, book->key);
  out.matching = store::is_to_be_matched(*db, who.connection());
  out.facts = records.facts();
  out.set_aside = counts_set_aside(*db, book->key);
  out.required = service.pages.required_lists;
  out.changes = store::change_counts(*db, book->key);
  std::erase_if(out.changes, [&](const auto& each) { return !is_mapped(service, each.section); });
  return json_answer(200, wire::write(out));
}

http::Response get_set_aside(Service& service, const http::Request& request, const Who& who) {
  const auto cursor = after_cursor(request.query_value("cursor"));
  if (!cursor) return page_problem(cursor.error());
  const auto from = cursor->empty() ? std::pair<std::string, std::string>{} : pair_in(*cursor);
  if (!from) return page_problem(not_a_cursor());
  auto begin = wire::enumerator_of<imports::Entity>(from->first);
  if (!cursor->empty() && !begin) return page_problem(not_a_cursor());
  std::int64_t after = 0;
  std::from_chars(from->second.data(), from->second.data() + from->second.size(), after);
  auto db = service.driver.databases().borrow();
  const auto book = book_of(*db, who);
  if (!book) return page_problem(Refusal::not_connected);
  wire::SetAsidePage out;
  for (const auto entity : wire::all_of<imports::Entity>) {
    if (begin && entity < *begin) continue;
    add_set_aside(*db, book->key, entity, begin == entity ? after : 0, out);
    if (out.next) break;
  }
  return json_answer(200, wire::write(out));
}

}  // namespace rekey::server
