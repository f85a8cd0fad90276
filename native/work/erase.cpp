#include "native/work/erase.hpp"

#include <algorithm>
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

using Steady = std::chrono::steady_clock;

constexpr Millis look_for_end_every = std::chrono::milliseconds{20};
constexpr int tries_to_empty_log = 8;
constexpr Millis between_tries = std::chrono::milliseconds{50};
constexpr Millis finish_every = std::chrono::seconds{1};

/// How far a deletion has come; what a transaction makes of it counts when that was committed.
struct Progress {
  store::Rows rows;
  std::vector<std::string> to_revoke;  ///< tokens, by their names among the revocations
  bool not_offered = false;            ///< there were tokens, and the provider ends none
};

/// A deletion under way.
class Erasing {
 public:
  Erasing(Driver& driver, const ProviderClients& clients, wire::Actor actor,
          const ErasureOptions& options)
      : driver_(driver), clients_(clients), actor_(std::move(actor)), options_(options) {}

  Erasure erase(const std::string& tenant, const std::string& connection);

 private:
  bool begin();
  void wait_for_refreshes();
  void wait_for_provider();
  void delete_all();
  void empty_log();

  void find(store::Database& db);
  void remember_names(store::Database& db);
  bool is_refreshing(store::Database& db) const;
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

Erasure Erasing::erase(const std::string& tenant, const std::string& connection) {
  erasure_.tenant = tenant;
  erasure_.connection = connection;
  if (!begin()) wait_for_refreshes();
  wait_for_provider();
  delete_all();
  for (const auto& each : connections_) driver_.tell(each);
  empty_log();
  log::info("deletion.done", {{"rows", erasure_.rows}, {"revocation", erasure_.revocation}});
  return erasure_;
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

void Erasing::take_token(store::Database& db, const Owner& owner, std::int64_t version,
                         Progress& progress) const {
  const auto& secrets = driver_.secrets();
  if (version == 0) {
    const auto credential = secrets.get(db, owner, sealed_field::legacy, 0);
    if (credential && !clients_.provider.legacy_disconnect.empty())
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

// What a refresh under way brings is what has to be revoked. If it takes longer than we wait, its
// answer is met by `revoke_late`.
void Erasing::wait_for_refreshes() {
  const auto give_up = Steady::now() + options_.patience;
  auto db = driver_.databases().borrow();
  while (is_refreshing(*db) && Steady::now() < give_up)
    std::this_thread::sleep_for(look_for_end_every);
  auto progress = progress_;
  store::in_transaction(*db, [&] {
    progress = progress_;
    for (const auto& each : connections_) take_tokens(*db, each, progress);
  });
  progress_ = progress;
  driver_.wake_workers();
}

void Erasing::wait_for_provider() {
  const auto give_up = Steady::now() + options_.patience;
  auto db = driver_.databases().borrow();
  while (!still_to_revoke(*db, progress_.to_revoke).empty() && Steady::now() < give_up)
    std::this_thread::sleep_for(look_for_end_every);
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
    erasure_.revocation = progress.not_offered         ? revocation::not_offered
                          : progress.to_revoke.empty() ? revocation::nothing
                          : still_to_revoke(*db, progress.to_revoke).empty() ? revocation::revoked
                                                                             : revocation::pending;
    note_deletion(*db, progress);
  });
}

// A reader holds the log for a moment, or for long: then it is left to `Eraser`.
void Erasing::empty_log() {
  auto db = driver_.databases().borrow();
  for (int tries = 0; tries < tries_to_empty_log; ++tries) {
    if (store::finish_deletions(*db, store::Effort::small)) return;
    std::this_thread::sleep_for(between_tries);
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

Erasure erase_connection(Driver& driver, const ProviderClients& clients, const wire::Actor& actor,
                         const std::string& id, const ErasureOptions& options) {
  return Erasing(driver, clients, actor, options).erase(driver.read(id).tenant, id);
}

Erasure erase_tenant(Driver& driver, const ProviderClients& clients, const wire::Actor& actor,
                     const std::string& id, const ErasureOptions& options) {
  return Erasing(driver, clients, actor, options).erase(id, {});
}

Eraser::Eraser(Driver& driver) : driver_(driver) {
  thread_ = std::thread([this] { work(); });
}

Eraser::~Eraser() {
  stop_ = true;
  driver_.wake_workers();
  thread_.join();
}

void Eraser::work() {
  while (!stop_) {
    const auto until = Steady::now() + finish_every;
    try {
      auto db = driver_.databases().borrow();
      (void)store::finish_deletions(*db, store::Effort::whole);
    } catch (const std::exception& error) {
      log::error("deletion.not_finished", {{"what", error.what()}});
    }
    // Work that is not ours wakes us too.
    while (!stop_ && Steady::now() < until)
      driver_.wait_for_work(driver_.woken(), driver_.now() + finish_every,
                            [this] { return stop_.load(); });
  }
}

}  // namespace rekey::work
