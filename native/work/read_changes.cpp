#include "native/work/read_changes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "native/store/imported.hpp"
#include "native/work/tokens.hpp"

namespace rekey::work {

namespace {

using imports::Entity;
using oauth::Meaning;

/// While an import runs, a list that changed as a whole waits for its end.
constexpr Millis look_again = std::chrono::seconds{5};

struct Wanted {
  std::map<Entity, std::vector<std::string>> ids;
  bool whole_list = false;
};

Wanted wanted_of(const store::ChangesToRead& changes) {
  Wanted out;
  for (const auto& each : changes.records) {
    if (each.id.empty())
      out.whole_list = true;
    else
      out.ids[each.entity].push_back(each.id);
  }
  return out;
}

/// One list of the company that a grant is for, as it is read.
struct Reader {
  Driver& driver;
  const ProviderClients& clients;
  Owner owner;
  std::int64_t version = 0;
  std::string realm_id{};
};

async::Task<accounting::Read<accounting::Page>> read_by_ids(Reader& reader, Entity entity,
                                                            std::vector<std::string> ids) {
  Tokens tokens(reader.driver, reader.clients);
  const auto ask = [&](const AccessToken& token) {
    reader.realm_id = token.realm_id;
    return reader.clients.accounting->records(entity, token.realm_id, token.value, ids);
  };
  auto page = co_await tokens.read_with_token(reader.owner, reader.version, ask);
  co_return page;
}

/// The ids that are not among the rows.
std::vector<std::string> missing_of(const std::vector<std::string>& ids,
                                    const std::vector<store::ListChange>& found) {
  std::set<std::string> known;
  for (const auto& each : found) known.insert(each.id);
  std::vector<std::string> out;
  for (const auto& id : ids)
    if (!known.contains(id)) out.push_back(id);
  return out;
}

void take_rows(std::vector<store::ListChange>& to, accounting::Page& page) {
  for (auto& row : page.rows) to.push_back({std::move(row.id), std::move(row.body)});
}

/// Some records of a list as they are now.
async::Task<accounting::Read<std::vector<store::ListChange>>> changes_of(
    Reader& reader, Entity entity, std::vector<std::string> ids) {
  std::vector<store::ListChange> out;
  auto page = co_await read_by_ids(reader, entity, ids);
  if (!page) co_return tl::unexpected(page.error());
  take_rows(out, *page);
  // An answer may be shorter than what was asked for, so that each is asked for alone before it is
  // said to be gone. What stands there and is no row says nothing of it.
  for (const auto& id : missing_of(ids, out)) {
    std::vector<std::string> alone{id};
    auto one = co_await read_by_ids(reader, entity, alone);
    if (!one) co_return tl::unexpected(one.error());
    if (one->size() == 0) out.push_back({id, {}});
    take_rows(out, *one);
  }
  co_return out;
}

bool is_imported(Driver& driver, const store::List& list) {
  auto db = driver.databases().borrow();
  return store::list_state(*db, list).has_value();
}

/// The company that a grant is for.
std::string company_of(const connect::Linked& live) {
  return live.company.realm_id;
}

std::int64_t apply(Reader& reader, Entity entity, const std::vector<store::ListChange>& changes) {
  const store::List list{reader.owner.connection, reader.realm_id, entity};
  auto db = reader.driver.databases().borrow();
  return store::in_transaction(
      *db, [&] { return store::apply_changes(*db, list, changes, {}, reader.driver.now()); });
}

/// One list: how many rows are others than before.
async::Task<ChangesRead> read_list(Reader& reader, Entity entity, std::vector<std::string> ids) {
  std::int64_t others = 0;
  for (std::size_t from = 0; from < ids.size(); from += accounting::System::most_by_id) {
    const auto end = std::min(ids.size(), from + accounting::System::most_by_id);
    std::vector<std::string> some(ids.begin() + static_cast<std::ptrdiff_t>(from),
                                  ids.begin() + static_cast<std::ptrdiff_t>(end));
    const auto changes = co_await changes_of(reader, entity, some);
    if (!changes) co_return tl::unexpected(changes.error());
    others += apply(reader, entity, *changes);
  }
  co_return others;
}

/// Has everything read anew. Fails while an import is under way already.
ChangesRead import_again(Driver& driver, const std::string& connection) {
  const auto taken = driver.take(connection, wire::by_provider(), imports::ImportPressed{});
  if (taken) return 0;
  return tl::unexpected(
      oauth::Failure{Meaning::unavailable, false, look_again, "import is running"});
}

}  // namespace

async::Task<ChangesRead> read_changes(Driver& driver, const ProviderClients& clients,
                                      store::ChangesToRead changes) {
  const auto connection = driver.read(changes.connection);
  const auto* live = connect::live_grant(connection.state.connect);
  if (!live) co_return tl::unexpected(oauth::Failure{Meaning::grant_ended});
  Reader reader{driver, clients, {connection.tenant, connection.id}, live->version};
  const Wanted wanted = wanted_of(changes);
  std::int64_t others = 0;
  for (const auto& [entity, ids] : wanted.ids) {
    if (!is_imported(driver, {connection.id, company_of(*live), entity})) continue;
    const auto read = co_await read_list(reader, entity, ids);
    const bool refused = !read && read.error().meaning == Meaning::list_refused;
    if (!read && !refused) co_return tl::unexpected(read.error());
    others += read.value_or(0);
  }
  if (others > 0) driver.tell(connection.id);
  if (!wanted.whole_list) co_return others;
  const auto again = import_again(driver, connection.id);
  if (!again) co_return tl::unexpected(again.error());
  co_return others;
}

}  // namespace rekey::work
