#include "native/work/matcher.hpp"

#include <unordered_set>

#include "native/log.hpp"
#include "native/store/lines.hpp"
#include "native/store/records.hpp"
#include "native/work/company_records.hpp"
#include "native/work/section_matcher.hpp"

namespace rekey::work {

namespace {

using store::CompanyKey;

constexpr auto match_every = std::chrono::seconds(1);

/// The company whose records are in use; none: no import has come to its end.
std::optional<CompanyKey> company_to_match(const store::StoredConnection& connection) {
  const auto* company = connect::known_company(connection.state.connect);
  if (!company) return {};
  return CompanyKey{connection.id, company->realm_id};
}

/// The choices that wait for the first company, but for records that have been decided meanwhile.
std::vector<store::ChoiceChange> still_wanted(store::Database& db, const CompanyKey& key,
                                              const mapping::Configuration& waiting) {
  std::vector<store::ChoiceChange> out;
  for (const auto section : mapping::all_sections) {
    std::unordered_set<std::string> decided;
    for (auto& each : store::current_choices(db, key, section)) decided.insert(each.ours);
    for (auto each : waiting.of(section)) {
      if (decided.contains(each.ours)) continue;
      if (auto target =
              each.name.empty() ? store::find_target(db, key, section, each.theirs) : std::nullopt)
        each.name = std::move(target->name);
      const auto ours = each.ours;
      out.push_back({section, ours, std::move(each)});
    }
  }
  return out;
}

/// What the host brought before a company was known is the first draft of the first one; what the
/// customer chose before it came goes first. Refused while its settings are not read: then it waits
/// for the end of that import.
void bring_waiting(Driver& driver, const CompanyKey& key) {
  const CompanyKey waiting{key.connection, {}};
  const auto brought = store::newest_revision(*driver.databases().borrow(), waiting, false);
  if (!brought) return;
  const auto keep = [&](store::Database& db, const store::StoredConnection&, const Step& next) {
    const bool is_first = !store::newest_revision(db, key, false);
    const auto changes = still_wanted(db, key, store::configuration_at(db, waiting, *brought));
    store::put_changes(db, key, {next.next.save.revision, driver.now(), brought->actor}, changes,
                       is_first ? std::optional(brought->settings) : std::nullopt);
    store::forget_choices(db, waiting);
  };
  const auto actor = brought->actor.value_or(wire::by_time());
  for (int tries = 0; tries < 3; ++tries) {
    const auto seen = driver.read(key.connection).state.save.revision;
    const auto taken = driver.take(key.connection, actor, save::Edited{seen}, keep);
    if (taken || taken.error() != Refusal::changed_elsewhere) return;
  }
}

void match(Driver& driver, const ProviderClients& clients, const store::Matching& matching,
           const std::function<bool()>& stop) {
  std::optional<store::StoredConnection> connection;
  std::optional<CompanyKey> key;
  bool again = false, fresh = false;
  mapping::Records ours;
  {
    auto db = driver.databases().borrow();
    connection = store::find_connection(*db, matching.connection);
    if (connection) key = company_to_match(*connection);
    if (!key) return;
    // What was made of the directory for another company goes: it can be made again.
    store::in_transaction(*db, [&] { store::forget_lines_of_others(*db, *key); });
    // What is there when lines are made for the first time was there all the time, also where that
    // was cut short and is done in several runs.
    again = store::was_matched(*db, *key);
    fresh = again && store::newest_revision(*db, *key, true);
    ours = store::directory(*db, connection->tenant);
  }
  const CompanyRecords records(*driver.databases().borrow(), *clients.accounting, key->connection,
                               key->realm_id);
  for (const auto section : mapping::all_sections) {
    if (stop()) return;
    match_section(driver, matching, *key, records, section, ours.of(section), fresh, stop);
  }
  if (stop()) return;
  if (!again) store::note_matched(*driver.databases().borrow(), *key);
  bring_waiting(driver, *key);
}

}  // namespace

Matcher::Matcher(Driver& driver, ProviderClients clients)
    : driver_(driver), clients_(std::move(clients)), thread_([this] { work(); }) {}

Matcher::~Matcher() {
  stop_ = true;
  driver_.wake_workers();
  thread_.join();
}

bool Matcher::pass(Driver& driver, const ProviderClients& clients,
                   const std::function<bool()>& stop) {
  const auto matching = store::lease_matching(*driver.databases().borrow(), driver.now(),
                                              driver.now() + matching_held_for);
  if (!matching) return false;
  match(driver, clients, *matching, stop);
  if (stop()) {
    store::renew_matching(*driver.databases().borrow(), *matching, driver.now());
    return false;
  }
  store::finish_matching(*driver.databases().borrow(), *matching, driver.now());
  driver.tell(matching->connection);
  return true;
}

void Matcher::work() {
  const auto stopped = [this] { return stop_.load(); };
  while (!stop_) {
    const auto seen = driver_.woken();
    bool more = false;
    try {
      more = pass(driver_, clients_, stopped);
    } catch (const std::exception& error) {
      // It is taken up again when its lease runs out.
      log::error("matching.failed", {{"what", error.what()}});
    }
    if (!more) driver_.wait_for_work(seen, driver_.now() + match_every, stopped);
  }
}

}  // namespace rekey::work
