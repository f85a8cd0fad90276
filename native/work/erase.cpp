#include "native/work/erase.hpp"

#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>

#include "native/log.hpp"
#include "native/store/refreshes.hpp"
#include "native/store/webhooks.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"
#include "native/work/revocations.hpp"
#include "native/work/webhook_messages.hpp"

namespace rekey::work {

namespace {

constexpr Millis first_look_for_end = std::chrono::milliseconds{20};
constexpr Millis longest_look_for_end = std::chrono::milliseconds{160};
/// Deletions that remove rows at the same time: a large one takes seconds of a thread of the pool,
/// where tokens are renewed too.
constexpr int removing_at_once = 2;
constexpr int tries_to_empty_log = 8;
constexpr Millis between_tries = std::chrono::milliseconds{50};

/// How far a deletion has come; what a transaction makes of it counts when that was committed.
struct Progress {
  store::Rows rows;
  std::vector<std::string> to_revoke;  ///< tokens, by their names among the revocations
  bool not_offered = false;            ///< there were credentials that the provider does not end
};

/// How the end of the grants stands: what is still to be told counts more than what cannot be.
const char* revocation_of(const Progress& progress, bool some_wait) {
  if (some_wait) return revocation::pending;
  if (progress.not_offered) return revocation::not_offered;
  return progress.to_revoke.empty() ? revocation::nothing : revocation::revoked;
}

/// One of the places for those that remove rows, until it goes.
class RemovingPlace {
 public:
  RemovingPlace() = default;
  ~RemovingPlace() {
    if (taken_) --removing();
  }
  RemovingPlace(const RemovingPlace&) = delete;
  RemovingPlace& operator=(const RemovingPlace&) = delete;

  /// False: all are taken.
  bool take() {
    auto there = removing().load();
    while (there < removing_at_once && !taken_)
      taken_ = removing().compare_exchange_weak(there, there + 1);
    return taken_;
  }

 private:
  static std::atomic<int>& removing() {
    static std::atomic<int> in_this_process{0};
    return in_this_process;
  }
  bool taken_ = false;
};

/// A deletion under way.
class Erasing {
 public:
  Erasing(Driver& driver, const ProviderClients& clients, wire::Actor actor,
          const ErasureOptions& options)
      : driver_(driver), clients_(clients), actor_(std::move(actor)), options_(options) {}

  async::Task<Erasure> erase(std::string tenant, std::string connection);

 private:
  bool begin();
  async::Task<void> wait_while(bool (Erasing::*holds)(store::Database&) const);
  async::Task<void> wait_for_place(RemovingPlace& place);
  void take_late_tokens();
  void delete_all();
  async::Task<void> empty_log();

  void find(store::Database& db);
  void remember_names(store::Database& db);
  bool is_refreshing(store::Database& db) const;
  bool is_revoking(store::Database& db) const;
  void take_tokens(store::Database& db, const std::string& connection, Progress& progress) const;
  void take_token(store::Database& db, const Owner& owner, std::int64_t version,
                  Progress& progress) const;
  void delete_rows(store::Database& db, Progress& progress);
  void note_deletion(store::Database& db, const Progress& progress) const;

  Driver& driver_;
  const ProviderClients& clients_;
  const wire::Actor actor_;
  const ErasureOptions options_;
  Erasure erasure_;
  std::vector<std::string> connections_;  ///< that go
  bool whole_tenant_ = false;             ///< goes too
  std::vector<std::string> names_;        ///< by which others' rows may mention them
  Progress progress_;
};

async::Task<Erasure> Erasing::erase(std::string tenant, std::string connection) {
  erasure_.tenant = std::move(tenant);
  erasure_.connection = std::move(connection);
  if (!begin()) {
    // What a refresh under way brings is what has to be revoked. If it takes longer than we wait,
    // its answer is met by `revoke_late`.
    co_await wait_while(&Erasing::is_refreshing);
    take_late_tokens();
  }
  co_await wait_while(&Erasing::is_revoking);
  {
    RemovingPlace place;
    co_await wait_for_place(place);
    delete_all();
  }
  for (const auto& each : connections_) driver_.tell(each);
  co_await empty_log();
  log::info("deletion.done", {{"rows", erasure_.rows}, {"revocation", erasure_.revocation}});
  co_return erasure_;
}

// Finds what there is to delete; it may have become more, or gone, since it was found last.
void Erasing::find(store::Database& db) {
  connections_ = store::connections_of(db, erasure_.tenant);
  if (erasure_.connection.empty()) {
    if (!store::tenant_name(db, erasure_.tenant))
      throw NotFound(words::say("not_found.tenant_id", {{"tenant", erasure_.tenant}}));
    erasure_.connections = connections_;
    whole_tenant_ = true;
    return;
  }
  const auto& all = connections_;
  if (std::find(all.begin(), all.end(), erasure_.connection) == all.end())
    throw NotFound(words::say("not_found.connection_id", {{"connection", erasure_.connection}}));
  whole_tenant_ = all.size() == 1 && !options_.keep_tenant;
  connections_ = {erasure_.connection};
}

void Erasing::remember_names(store::Database& db) {
  std::set<std::string> names;
  if (whole_tenant_) names.insert(store::tenant_name(db, erasure_.tenant).value_or(""));
  for (const auto& each : connections_) {
    const auto connection = store::find_connection(db, each);
    const auto* company = connection ? connect::known_company(connection->state.connect) : nullptr;
    if (company) names.insert(company->name);
  }
  names.erase("");
  names_.assign(names.begin(), names.end());
}

bool Erasing::is_refreshing(store::Database& db) const {
  return std::any_of(connections_.begin(), connections_.end(), [&](const auto& each) {
    auto row = db.query(
        "select 1 from grants where connection = ?1 and lease_owner is not null limit 1", each);
    return row.step();
  });
}

bool Erasing::is_revoking(store::Database& db) const {
  return !still_to_revoke(db, progress_.to_revoke).empty();
}

void Erasing::take_token(store::Database& db, const Owner& owner, std::int64_t version,
                         Progress& progress) const {
  const auto& secrets = driver_.secrets();
  if (version == 0) {
    const auto credential = secrets.get(db, owner, sealed_field::legacy, 0);
    if (!credential) return;
    if (clients_.provider.legacy_disconnect.empty())
      progress.not_offered = true;
    else
      progress.to_revoke.push_back(keep_to_retire(db, secrets, *credential, driver_.now()));
    return;
  }
  // The newest token of a grant ends it.
  auto token = secrets.get(db, owner, sealed_field::refresh_token, version);
  if (!token) token = secrets.get(db, owner, sealed_field::access_token, version);
  if (!token || token->empty()) return;
  if (clients_.provider.revocation_endpoint.empty())
    progress.not_offered = true;
  else
    progress.to_revoke.push_back(keep_to_revoke(
        db, secrets, *token, store::client_of(db, {owner.connection, version}), driver_.now()));
}

// From here on only `Revoker` has the connection's tokens.
void Erasing::take_tokens(store::Database& db, const std::string& connection,
                          Progress& progress) const {
  std::vector<std::int64_t> versions;
  {
    auto row = db.query("select distinct version from secrets where connection = ?1", connection);
    while (row.step()) versions.push_back(row.int64(0));
  }
  for (const auto version : versions)
    take_token(db, {erasure_.tenant, connection}, version, progress);
  for (const std::string table : {"secrets", "jobs"}) {
    const auto count = db.run("delete from " + table + " where connection = ?1", connection);
    if (count > 0) progress.rows[table] += count;
  }
}

// From here on no token is handed out and no page is signed in. False: the tokens were not taken
// yet, because one of them is being renewed.
bool Erasing::begin() {
  Progress progress;
  bool taken = false;
  {
    auto db = driver_.databases().borrow();
    taken = store::in_transaction(*db, [&] {
      progress = {};
      find(*db);
      remember_names(*db);
      for (const auto& each : connections_) store::end_page_access(*db, each, progress.rows);
      // Refused where nothing is connected.
      for (const auto& each : connections_)
        (void)driver_.take_within(*db, each, actor_, connect::DisconnectPressed{});
      if (is_refreshing(*db)) return false;
      for (const auto& each : connections_) take_tokens(*db, each, progress);
      return true;
    });
  }
  progress_ = progress;
  for (const auto& each : connections_) driver_.tell(each);
  return taken;
}

// No thread and no connection to the database is held meanwhile.
async::Task<void> Erasing::wait_while(bool (Erasing::*holds)(store::Database&) const) {
  const auto give_up = async::Steady::now() + options_.patience;
  for (Millis pause = first_look_for_end;; pause = std::min(2 * pause, longest_look_for_end)) {
    {
      auto db = driver_.databases().borrow();
      if (!(this->*holds)(*db)) co_return;
    }
    if (async::Steady::now() >= give_up) co_return;
    co_await clients_.pool->sleep(pause);
  }
}

async::Task<void> Erasing::wait_for_place(RemovingPlace& place) {
  while (!place.take()) co_await clients_.pool->sleep(first_look_for_end);
}

void Erasing::take_late_tokens() {
  auto progress = progress_;
  {
    auto db = driver_.databases().borrow();
    store::in_transaction(*db, [&] {
      progress = progress_;
      for (const auto& each : connections_) take_tokens(*db, each, progress);
    });
  }
  progress_ = progress;
  driver_.wake_workers();
}

void Erasing::delete_rows(store::Database& db, Progress& progress) {
  find(db);
  for (const auto& each : connections_) {
    const auto state = store::find_connection(db, each).value().state.connect;
    // The host hears that it was disconnected before it hears that it was deleted.
    if (const auto* ending = std::get_if<connect::Disconnecting>(&state.phase))
      (void)driver_.take_within(db, each, actor_, connect::Disconnected{ending->version});
    // What has come since, when it was connected at this very moment.
    take_tokens(db, each, progress);
    store::delete_connection(db, each, progress.rows);
  }
  if (whole_tenant_) store::delete_tenant(db, erasure_.tenant, progress.rows);
  store::forget_mentions(db, {whole_tenant_ ? erasure_.tenant : "", connections_, names_},
                         progress.rows);
}

void Erasing::note_deletion(store::Database& db, const Progress& progress) const {
  const auto digest = erasure_.digest();
  store::put_deletion(db, digest, erasure_.at, erasure_.revocation);
  for (const auto& each : still_to_revoke(db, progress.to_revoke))
    belongs_to_deletion(db, each, digest);
  for (const auto& each : connections_) {
    note_deleted(db, each, erasure_.tenant, digest, actor_, erasure_.at);
    store::let_messages_outlive(db, each, digest);
  }
}

void Erasing::delete_all() {
  auto db = driver_.databases().borrow();
  store::in_transaction(*db, [&] {
    auto progress = progress_;
    try {
      delete_rows(*db, progress);
    } catch (const store::DatabaseError& error) {
      // Another process has just added a row that this transaction cannot see.
      if (error.kind() != store::DatabaseError::Kind::foreign) throw;
      throw store::DatabaseError(error.what(), store::DatabaseError::Kind::overtaken);
    }
    erasure_.at = driver_.now();
    erasure_.rows = progress.rows;
    erasure_.revocation =
        revocation_of(progress, !still_to_revoke(*db, progress.to_revoke).empty());
    note_deletion(*db, progress);
  });
}

// A reader holds the log for a moment, or for long: then it is left to `Eraser`.
async::Task<void> Erasing::empty_log() {
  for (int tries = 0; tries < tries_to_empty_log; ++tries) {
    {
      auto db = driver_.databases().borrow();
      if (store::finish_deletions(*db, store::Effort::small, options_.rewrite)) co_return;
    }
    co_await clients_.pool->sleep(between_tries);
  }
  log::info("deletion.log_not_emptied", {});
}

wire::Json without_digest(const Erasure& erasure) {
  wire::Json out = {{"tenant", erasure.tenant},
                    {"deleted_at", to_ms(erasure.at)},
                    {"revocation", erasure.revocation},
                    {"rows", erasure.rows}};
  if (erasure.connection.empty())
    out["connections"] = erasure.connections;
  else
    out["connection"] = erasure.connection;
  return out;
}

}  // namespace

std::string Erasure::digest() const {
  return vault::sha256_hex(wire::dump(without_digest(*this)));
}

wire::Json Erasure::proof() const {
  auto out = without_digest(*this);
  out["digest"] = digest();
  return out;
}

async::Task<Erasure> erase_connection(Driver& driver, const ProviderClients& clients,
                                      wire::Actor actor, std::string id, ErasureOptions options) {
  auto tenant = driver.read(id).tenant;
  Erasing erasing(driver, clients, std::move(actor), options);
  auto erasure = co_await erasing.erase(std::move(tenant), std::move(id));
  co_return erasure;
}

async::Task<Erasure> erase_tenant(Driver& driver, const ProviderClients& clients, wire::Actor actor,
                                  std::string id, ErasureOptions options) {
  Erasing erasing(driver, clients, std::move(actor), options);
  auto erasure = co_await erasing.erase(std::move(id), std::string());
  co_return erasure;
}

}  // namespace rekey::work
