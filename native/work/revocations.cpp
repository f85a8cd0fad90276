#include "native/work/revocations.hpp"

#include <array>

#include "native/async/wait.hpp"
#include "native/log.hpp"
#include "native/store/erasing.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"
#include "native/work/key_check.hpp"
#include "native/work/webhook_messages.hpp"

namespace rekey::work {

namespace {

// What is sealed begins with its kind.
constexpr char of_token = 't';
constexpr char of_legacy = 'l';

constexpr Millis revocation_lease = std::chrono::minutes{2};  // longer than the client waits
constexpr Millis look_for_revocations_every = std::chrono::seconds{1};
constexpr int revocations_at_once = 64;

vault::Place place_of_revocation(const std::string& id) {
  return {"revocations", id, "token", 1};
}

std::string keep_sealed(store::Database& db, const SecretStore& secrets, const Secret& secret,
                        const std::string& client_id, Instant now) {
  need_known_key(db, secrets.vault());
  const auto id = "rev_" + vault::random_token(12);
  const auto key = secrets.vault().new_data_key("revocations", id);
  if (!key) throw store::DatabaseError(key.error().hint);
  const auto sealed = secrets.vault().seal(*key, place_of_revocation(id), secret);
  if (!sealed) throw store::DatabaseError(sealed.error().hint);
  db.run(
      "insert into revocations (id, key_id, wrapped, sealed, created, next_at, client_id) "
      "values (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
      id, key->id, store::Blob{key->blob}, store::Blob{*sealed}, to_ms(now), client_id);
  return id;
}

/// After so many tries; none: that was the last, after a day.
std::optional<Millis> revocation_pause(int attempts) {
  using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
  constexpr std::array<Millis, 10> pauses = {seconds{2},  seconds{10}, seconds{45}, minutes{3},
                                             minutes{15}, hours{1},    hours{3},    hours{5},
                                             hours{7},    hours{8}};
  if (attempts < 1 || static_cast<std::size_t>(attempts) > pauses.size()) return {};
  return pauses[static_cast<std::size_t>(attempts) - 1];
}

struct LeasedRevocation {
  std::string id;
  vault::WrappedKey key;
  std::string sealed;
  int attempts = 0;  // with this one
  std::string client_id;
};

std::optional<LeasedRevocation> lease_revocation(store::Database& db, Instant now) {
  {
    // Nothing is written where nothing is due.
    auto any = db.query("select 1 from revocations where next_at <= ?1 limit 1", to_ms(now));
    if (!any.step()) return {};
  }
  auto row = db.query(
      "update revocations set lease_until = ?2, attempts = attempts + 1 where id = ("
      "  select id from revocations where next_at <= ?1"
      "  and (lease_until is null or lease_until <= ?1) order by next_at, id limit 1" +
          store::passing_over_taken(db, "revocations") +
          ") returning id, key_id, wrapped, sealed, attempts, client_id",
      to_ms(now), to_ms(now + revocation_lease));
  if (!row.step()) return {};
  LeasedRevocation out{row.text(0),
                       {row.text(1), row.blob(2)},
                       row.blob(3),
                       static_cast<int>(row.int64(4)),
                       row.text(5)};
  while (row.step()) {
  }
  return out;
}

oauth::Credential credential_to_retire(const std::string& text) {
  const auto json = wire::parse(text, "The OAuth 1.0a credential").value_or(wire::Json::object());
  return {wire::text_at(json, "consumer_key"), Secret(wire::text_at(json, "consumer_secret")),
          wire::text_at(json, "token"), Secret(wire::text_at(json, "token_secret"))};
}

/// False: the provider was not reached, is in trouble, or would be asked by another client than the
/// one the token was given to, to whom it may say yes and end nothing.
async::Task<bool> tell_provider(Driver& driver, const ProviderClients& clients, Secret kept,
                                std::string client_id) {
  const auto& text = kept.reveal();
  if (text.empty()) co_return true;
  Secret rest(std::string_view(text).substr(1));
  bool told = false;
  if (text.front() == of_token) {
    if (!clients.is_client(client_id)) {
      log::warning("revocation.misconfigured", {{"what", words::say("revocation.other_client")}});
      co_return false;
    }
    told = co_await clients.tokens->revoke(std::move(rest));
  } else {
    const auto credential = credential_to_retire(rest.reveal());
    told = co_await clients.accounting->disconnect_legacy(credential, driver.now());
  }
  co_return told;
}

bool has_more_of(store::Database& db, const std::string& digest) {
  auto row = db.query("select 1 from revocations where deletion = ?1 limit 1", digest);
  return row.step();
}

/// The provider has been told, or will not be. Gives the digest of its deletion; empty: it belongs
/// to none.
std::string end_revocation(store::Database& db, const std::string& id, bool told) {
  std::string digest;
  {
    auto row = db.query("select deletion from revocations where id = ?1", id);
    if (!row.step()) return {};
    digest = row.text(0);
  }
  db.run("delete from revocations where id = ?1", id);
  if (digest.empty()) return {};
  const auto before = store::deletion(db, digest);
  if (!told)
    store::set_revocation(db, digest, revocation::given_up);
  else if (before && before->revocation == revocation::pending && !has_more_of(db, digest))
    store::set_revocation(db, digest, revocation::revoked);
  return digest;
}

void end_told(Driver& driver, const std::string& id) {
  auto db = driver.databases().borrow();
  store::in_transaction(*db, [&] { end_revocation(*db, id, true); });
}

// The audit says of which deletion: the host has its proof, and knows whose access may live on.
void give_up_revocation(Driver& driver, const LeasedRevocation& leased) {
  log::error("revocation.given_up", {{"id", leased.id}, {"attempts", leased.attempts}});
  auto db = driver.databases().borrow();
  store::in_transaction(*db, [&] {
    const auto digest = end_revocation(*db, leased.id, false);
    audit::Entry entry{audit::Event::revocation_given_up, wire::by_time()};
    entry.detail["attempts"] = leased.attempts;
    if (!digest.empty()) entry.detail["deletion"] = digest;
    audit::note_within(*db, entry, driver.now());
    if (!digest.empty()) note_deletion_not_ended(*db, digest, driver.now());
  });
}

std::optional<LeasedRevocation> lease_next(Driver& driver) {
  auto db = driver.databases().borrow();
  return lease_revocation(*db, driver.now());
}

async::Task<void> try_one(Driver& driver, const ProviderClients& clients, LeasedRevocation leased) {
  const auto kept =
      driver.secrets().vault().unseal(leased.key, place_of_revocation(leased.id), leased.sealed);
  // A key that is missing now may be back tomorrow.
  if (!kept) log::error("revocation.not_opened", {{"id", leased.id}, {"what", kept.error().hint}});
  bool told = false;
  if (kept) told = co_await tell_provider(driver, clients, *kept, leased.client_id);
  if (told) {
    end_told(driver, leased.id);
    co_return;
  }
  const auto pause = revocation_pause(leased.attempts);
  if (!pause) {
    give_up_revocation(driver, leased);
    co_return;
  }
  log::warning("revocation.not_told", {{"id", leased.id}, {"attempts", leased.attempts}});
  auto db = driver.databases().borrow();
  db->run("update revocations set lease_until = null, next_at = ?2 where id = ?1", leased.id,
          to_ms(driver.now() + *pause));
}

/// The clients are held until it is over.
async::Task<void> try_with(Driver& driver, ProviderClients clients, LeasedRevocation leased) {
  co_await try_one(driver, clients, std::move(leased));
}

}  // namespace

std::string keep_to_revoke(store::Database& db, const SecretStore& secrets, const Secret& token,
                           const std::string& client_id, Instant now) {
  return keep_sealed(db, secrets, Secret(of_token + token.reveal()), client_id, now);
}

std::string keep_to_retire(store::Database& db, const SecretStore& secrets,
                           const Secret& credential, Instant now) {
  return keep_sealed(db, secrets, Secret(of_legacy + credential.reveal()), {}, now);
}

void revoke_late(Driver& driver, const ProviderClients& clients, const Secret& refresh_token,
                 const Secret& access_token) {
  const auto& token = refresh_token.empty() ? access_token : refresh_token;
  if (token.empty() || clients.provider.revocation_endpoint.empty()) return;
  {
    auto db = driver.databases().borrow();
    store::in_transaction(*db, [&] {
      keep_to_revoke(*db, driver.secrets(), token, clients.tokens->client_id(), driver.now());
    });
  }
  driver.wake_workers();
}

std::vector<std::string> still_to_revoke(store::Database& db, const std::vector<std::string>& ids) {
  std::vector<std::string> out;
  for (const auto& id : ids) {
    auto row = db.query("select 1 from revocations where id = ?1", id);
    if (row.step()) out.push_back(id);
  }
  return out;
}

void belongs_to_deletion(store::Database& db, const std::string& id, const std::string& digest) {
  db.run("update revocations set deletion = ?2 where id = ?1", id, digest);
}

bool revoke_next(Driver& driver, const ProviderClients& clients) {
  auto leased = lease_next(driver);
  if (!leased) return false;
  async::wait_for(try_one(driver, clients, std::move(*leased)));
  return true;
}

Revoker::Revoker(Driver& driver, ProviderClients clients)
    : driver_(driver),
      clients_(std::move(clients)),
      under_way_(*clients_.pool, revocations_at_once) {
  thread_ = std::thread([this] { work(); });
}

Revoker::~Revoker() {
  stop_ = true;
  driver_.wake_workers();
  thread_.join();
}

// Begins the next one. False: there is none, or no room.
bool Revoker::begin_one() {
  if (stop_ || !under_way_.has_room()) return false;
  auto leased = lease_next(driver_);
  if (!leased) return false;
  under_way_.start(try_with(driver_, clients_, std::move(*leased)),
                   [&driver = driver_] { driver.wake_workers(); });
  return true;
}

void Revoker::work() {
  while (!stop_) {
    const auto seen = driver_.woken();
    try {
      if (begin_one()) continue;
    } catch (const std::exception& error) {
      log::error("revocation.failed", {{"what", error.what()}});
    }
    driver_.wait_for_work(seen, driver_.now() + look_for_revocations_every,
                          [this] { return stop_.load(); });
  }
}

}  // namespace rekey::work
