// A backend without sockets: a store of its own, a clock that is set, a provider that is
// scripted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "native/intuit/accounting.hpp"
#include "native/log.hpp"
#include "native/store/access.hpp"
#include "native/store/schema.hpp"
#include "native/vault/random.hpp"
#include "native/work/perform.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::work {

/// Answers requests as a test says, and remembers them.
class ScriptedClient : public http::Client {
 public:
  using Answer = tl::expected<http::ClientResponse, http::TransportError>;
  std::function<Answer(const http::ClientRequest&)> answer;

  Answer send(const http::ClientRequest& request) override {
    note(request);
    return answer(request);
  }
  /// Answers at once, or keeps the request until `release`.
  void send_later(http::ClientRequest request, std::function<void(Answer)> done) override {
    note(request);
    {
      const std::lock_guard lock(mutex_);
      if (holds_ && holds_(request)) {
        held_.emplace_back(std::move(request), std::move(done));
        arrived_.notify_all();
        return;
      }
    }
    done(answer(request));
  }
  /// From here on the provider takes its time, over everything or what is named here.
  void hold(std::function<bool(const http::ClientRequest&)> what = [](const auto&) {
    return true;
  }) {
    const std::lock_guard lock(mutex_);
    holds_ = std::move(what);
  }
  std::size_t held() const {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }
  /// Waits until the provider keeps this many waiting.
  void wait_for_held(std::size_t many) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return held_.size() >= many; });
  }
  /// Answers those that wait, and from here on at once.
  void release() {
    std::vector<std::pair<http::ClientRequest, std::function<void(Answer)>>> held;
    {
      const std::lock_guard lock(mutex_);
      holds_ = nullptr;
      held.swap(held_);
    }
    for (const auto& [request, done] : held) done(answer(request));
  }
  std::vector<http::ClientRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  void note(const http::ClientRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  static Answer json(int status, const wire::Json& body) {
    return http::ClientResponse{status, {{"Content-Type", "application/json"}}, wire::dump(body)};
  }
  static Answer tokens(const std::string& access, const std::string& refresh, int seconds = 3600) {
    return json(200, {{"token_type", "bearer"},
                      {"access_token", access},
                      {"refresh_token", refresh},
                      {"expires_in", seconds},
                      {"x_refresh_token_expires_in", 8726400}});
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::function<bool(const http::ClientRequest&)> holds_;
  std::vector<std::pair<http::ClientRequest, std::function<void(Answer)>>> held_;
  std::vector<http::ClientRequest> requests_;
};

/// Tokens, for threads that wait.
struct Waiting {
  Waiting(Driver& driver, const ProviderClients& clients) : tokens(driver, clients) {}
  Fresh fresh(const Owner& owner, std::int64_t version, std::optional<std::int64_t> rejected = {},
              Millis good_for = std::chrono::minutes{5}) {
    return async::wait_for(tokens.fresh(owner, version, rejected, good_for));
  }
  Tokens tokens;
};

/// One tenant, one connection, and everything a worker needs.
struct Harness {
  Harness() {
    databases = std::make_shared<store::Databases>(database.name());
    auto opened =
        vault::Vault::open({"", Secret(vault::base64_encode(vault::random_bytes(32))), ""});
    driver = std::make_unique<Driver>(databases,
                                      std::make_shared<const SecretStore>(
                                          std::make_shared<const vault::Vault>(std::move(*opened))),
                                      std::make_shared<Hub>(),
                                      [this] { return from_ms(now_ms.load()); });
    auto db = databases->borrow();
    store::prepare_schema(*db);
    store::put_tenant(*db, "tenant", "A tenant", driver->now());
    owner = {"tenant",
             store::ensure_connection(*db, "tenant", "quickbooks-online", driver->now()).id};

    oauth::Provider provider;
    provider.authorization_endpoint = "https://provider.example/authorize";
    provider.token_endpoint = "https://provider.example/token";
    provider.revocation_endpoint = "https://provider.example/revoke";
    provider.accounting_base = "https://books.example";
    const auto clock = [this] { return from_ms(now_ms.load()); };
    clients.provider = provider;
    clients.client = client;
    clients.tokens = std::make_shared<oauth::TokenEndpoint>(
        provider, oauth::ClientIdentity{"client", Secret(std::string("secret"))}, client, clock);
    clients.accounting = std::make_shared<intuit::Accounting>(provider, client, clock);
    clients.owner = "worker";
    clients.refreshing->times.patience = Millis{0};  // the clock stands still
  }
  ~Harness() {
    clients.pool->wait_for_tasks();
    driver.reset();
    databases.reset();
  }

  /// Brings the connection to *exchanging*, with a sealed code; `begins`: which waits until then.
  std::int64_t begin_exchange(std::optional<Instant> begins = {}) {
    (void)driver->take(owner.connection, wire::by_provider(),
                       connect::ConnectPressed{"attempt", later(600)});
    (void)driver->take(owner.connection, wire::by_provider(),
                       connect::CallbackArrived{"attempt", begins},
                       [&](store::Database& db, const store::StoredConnection&, const Step& taken) {
                         const auto version = taken.next.connect.versions;
                         driver->secrets().put(db, owner, sealed_field::code, version,
                                               Secret(std::string("the-code")));
                         store::put_grant(db, owner.connection, version,
                                          {"123", "https://here.example/callback", {}, 0});
                       });
    return state().connect.versions;
  }

  /// Brings the connection to *linked*, with an access token good for `seconds`.
  std::int64_t link(int seconds) {
    const auto version = begin_exchange();
    client->answer = [seconds](const http::ClientRequest&) {
      return ScriptedClient::tokens("access-1", "refresh-1", seconds);
    };
    perform(ExchangeCode{"attempt", version});
    (void)driver->take(owner.connection, wire::by_provider(),
                       connect::CompanyProved{version, {"123", "Books"}});
    return version;
  }

  /// Another process has the turn to renew. False: it was not to be had.
  bool take_turn(std::int64_t version, const std::string& holder) {
    refresh::Asked asked;
    asked.me = holder;
    asked.good_for = std::chrono::hours{24};
    const store::GrantKey grant{owner.connection, version};
    const auto moved = GrantKeeper(*driver, clients).move(grant, asked);
    return moved.find<refresh::Spend>() != nullptr;
  }
  refresh::State refreshing(std::int64_t version) {
    auto db = databases->borrow();
    return store::refresh_row(*db, {owner.connection, version})->state;
  }

  /// No tokens can be stored any more.
  void fill_disk() {
    auto db = databases->borrow();
    db->run_script(db->dialect() == store::Dialect::sqlite
                       ? "create trigger full_disk before update of access_expires on grants "
                         "when new.access_expires <> old.access_expires "
                         "begin select raise(abort, 'no room'); end;"
                       : "create function no_room() returns trigger language plpgsql as "
                         "$$ begin raise 'no room'; end $$;"
                         "create trigger full_disk before update of access_expires on grants "
                         "for each row when (new.access_expires <> old.access_expires) "
                         "execute function no_room()");
  }
  void empty_disk() {
    auto db = databases->borrow();
    db->run_script(db->dialect() == store::Dialect::sqlite ? "drop trigger full_disk"
                                                           : "drop trigger full_disk on grants");
  }

  Again perform(const Effect& effect, int attempts = 0) {
    const Place place{[] { return false; }, [] { return false; }};
    Performer performer(*driver, clients);
    return async::wait_for(performer.perform({1, owner.connection, effect, attempts}, place));
  }
  State state() { return driver->read(owner.connection).state; }
  Instant later(int seconds) { return driver->now() + std::chrono::seconds{seconds}; }
  bool has(const char* field, std::int64_t version) {
    auto db = databases->borrow();
    return driver->secrets().get(*db, owner, field, version).has_value();
  }

  store::TestDatabase database;
  std::atomic<std::int64_t> now_ms{1'790'000'000'000};
  std::shared_ptr<ScriptedClient> client = std::make_shared<ScriptedClient>();
  std::shared_ptr<store::Databases> databases;
  std::unique_ptr<Driver> driver;
  ProviderClients clients;
  Owner owner;
};

/// There is room again when tokens could not be stored for the second time.
struct FullDiskEnds {
  explicit FullDiskEnds(Harness& harness) {
    log::set_sink([this, &harness](std::string_view line) {
      if (line.find("grant.not_stored") != line.npos && ++failures == 2) harness.empty_disk();
    });
  }
  ~FullDiskEnds() { log::set_sink({}); }
  FullDiskEnds(const FullDiskEnds&) = delete;
  FullDiskEnds& operator=(const FullDiskEnds&) = delete;
  int failures = 0;
};

}  // namespace rekey::work
