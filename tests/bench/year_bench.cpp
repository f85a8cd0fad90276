// A busy year of a few connections in minutes: the clock is set, the provider is left out, and what
// is written is what the service writes. Prints the rows of each table and the size of the file at
// the end of several months, and what the year would have left if nothing ever went.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "native/store/configurations.hpp"
#include "native/store/idempotency.hpp"
#include "native/store/imported.hpp"
#include "native/store/records.hpp"
#include "native/store/webhooks.hpp"
#include "native/work/retention.hpp"
#include "native/work/webhooks.hpp"
#include "tests/native/work_harness.hpp"

using namespace rekey;
using namespace rekey::work;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr const char* tables[] = {
    "tenants",       "connections", "events",           "jobs",
    "secrets",       "grants",      "attempts",         "page_tokens",
    "page_sessions", "directory",   "imported",         "configurations",
    "snapshots",     "idempotency", "webhook_messages", "webhook_deliveries",
    "audit",         "changes"};

/// One customer's connection, in use all day.
struct Customer {
  std::string tenant, connection;
  std::int64_t version = 0;
};

class Year {
 public:
  explicit Year(int customers) {
    auto db = harness_.databases->borrow();
    store::put_endpoint(*db, new_endpoint(harness_.driver->secrets(), "https://host.example/hook",
                                          "", harness_.driver->now()));
    for (int i = 0; i < customers; ++i) {
      Customer made{"tenant-" + std::to_string(i), {}, 0};
      store::put_tenant(*db, made.tenant, "A firm", harness_.driver->now());
      made.connection =
          store::ensure_connection(*db, made.tenant, "quickbooks-online", harness_.driver->now())
              .id;
      customers_.push_back(made);
    }
  }

  void run(int days, bool keep_all) {
    for (int day = 1; day <= days; ++day) {
      for (auto& each : customers_) {
        if (day % 90 == 1) reconnect(each);
        if (day % 7 == 2) import(each, 800);
        if (day % 7 == 3) save(each, 10);
        visit(each, 5);
      }
      for (int hour = 0; hour < 24; ++hour) {
        harness_.now_ms += hour_ms;
        for (auto& each : customers_) use(each);
        forget_changes();
        if (!keep_all) Retention::pass(*harness_.driver, [] { return false; });
      }
      if (day == 31 || day == 92 || day == 183 || day == days) print(day);
    }
  }

 private:
  bool take(const Customer& of, const Event& event, const Driver::InSameTransaction& also = {}) {
    return harness_.driver->take(of.connection, wire::by_provider(), event, also).has_value();
  }

  /// Disconnect, and a new consent.
  void reconnect(Customer& customer) {
    take(customer, connect::DisconnectPressed{});
    take(customer, connect::Disconnected{customer.version});
    ++number_;
    const auto attempt = "att-" + std::to_string(number_);
    take(customer, connect::ConnectPressed{attempt, harness_.later(600)},
         [&](store::Database& db, const store::StoredConnection&, const Step&) {
           store::put_attempt(
               db, {attempt, customer.connection, "session", "uri", harness_.later(600)}, attempt);
         });
    const Owner owner{customer.tenant, customer.connection};
    take(customer, connect::CallbackArrived{attempt},
         [&](store::Database& db, const store::StoredConnection&, const Step& taken) {
           customer.version = taken.next.connect.versions;
           store::put_grant(db, customer.connection, customer.version, {"123", "uri", {}, 0, {}});
           for (const char* field : {sealed_field::access_token, sealed_field::refresh_token})
             harness_.driver->secrets().put(db, owner, field, customer.version,
                                            Secret(std::string(900, 'x')));
         });
    take(customer, connect::GrantReceived{customer.version, lifetimes()});
    take(customer, connect::CompanyProved{customer.version, {"123", "A firm's books"}});
    drop_jobs();
  }

  /// The settings, read again.
  void import(const Customer& customer, int rows) {
    take(customer, imports::ImportPressed{});
    const auto run = run_of(customer);
    if (!run) return;
    for (const auto& progress : run->second) {
      std::vector<imports::Row> page;
      for (int i = 0; i < (progress.entity == imports::Entity::customer ? rows : 20); ++i)
        page.push_back(
            {std::to_string(i),
             wire::dump({{"Id", std::to_string(i)},
                         {"DisplayName", "Customer " + std::to_string(i)},
                         {"PrimaryEmailAddr", {{"Address", "someone@customer.example"}}}})});
      const auto count = static_cast<std::int64_t>(page.size());
      take(customer, imports::PageImported{run->first, progress.entity, count, count, true},
           [&](store::Database& db, const store::StoredConnection&, const Step&) {
             const store::List list{customer.connection, "123", progress.entity};
             store::begin_list(db, list, run->first, {});
             store::put_staged(db, list, run->first, 0, page, harness_.driver->now());
             const store::ListRead read{progress.entity, count};
             store::use_staged(db, customer.connection, "123", std::span(&read, 1),
                               harness_.driver->now());
           });
    }
    take(customer, imports::ApplyPressed{run->first});
    drop_jobs();
  }

  std::optional<std::pair<std::int64_t, std::vector<imports::Progress>>> run_of(
      const Customer& customer) {
    const auto state = harness_.driver->read(customer.connection).state.import;
    const auto* running = std::get_if<imports::Running>(&state.phase);
    if (!running) return {};
    return std::pair{state.run, running->progress};
  }

  /// Some drafts, and a saved configuration.
  void save(const Customer& customer, int drafts) {
    mapping::Configuration configuration;
    const auto keep = [&](store::Database& db, const store::StoredConnection&, const Step& next) {
      store::put_draft(db, customer.connection, "123", next.next.save.revision, configuration,
                       harness_.driver->now());
    };
    const auto seen = [&] {
      return harness_.driver->read(customer.connection).state.save.revision;
    };
    for (int i = 0; i < drafts; ++i) take(customer, save::Edited{seen()}, keep);
    take(customer, save::SavePressed{seen()}, keep);
    const auto revision = seen();
    take(customer, save::ConfigurationStored{revision},
         [&](store::Database& db, const store::StoredConnection&, const Step&) {
           store::mark_saved(db, customer.connection, revision);
         });
    drop_jobs();
  }

  /// A person looks at the page, so many times a day.
  void visit(const Customer& customer, int times) {
    auto db = harness_.databases->borrow();
    for (int i = 0; i < times; ++i) {
      const auto hash = vault::sha256_hex(std::to_string(++number_));
      sign_in(*db, customer, hash);
      db->run(
          "insert into audit (at, event, actor, tenant, connection, detail) "
          "values (?1, 'page.signed_in', '{}', ?2, ?3, '{}')",
          harness_.now_ms.load(), customer.tenant, customer.connection);
    }
  }
  void sign_in(store::Database& db, const Customer& customer, const std::string& hash);

  /// An hour of a connection in use: a renewal, and a write of the host's.
  void use(const Customer& customer) {
    const Owner owner{customer.tenant, customer.connection};
    take(customer, connect::GrantRefreshed{customer.version, lifetimes()},
         [&](store::Database& db, const store::StoredConnection&, const Step&) {
           harness_.driver->secrets().put(db, owner, sealed_field::access_token, customer.version,
                                          Secret(std::string(900, 'y')));
         });
    auto db = harness_.databases->borrow();
    const auto id = std::to_string(++number_);
    store::begin_write(*db, "key", id, id, harness_.driver->now(), Instant{}, Instant{});
    store::end_write(*db, "key", id, 200, "application/json", std::string(300, ' '));
    deliver(*db);
  }

  connect::Lifetimes lifetimes() { return {harness_.later(3600), harness_.later(8'726'400), {}}; }
  void deliver(store::Database& db) {
    while (const auto due = store::lease_delivery(db, harness_.driver->now(), harness_.later(60)))
      store::end_delivery(db, *due, true, 200, harness_.driver->now(), {});
  }
  // As the workers do when they have performed them.
  void drop_jobs() { harness_.databases->borrow()->run("delete from jobs"); }
  // As the watch for changes does.
  void forget_changes() {
    harness_.databases->borrow()->run(
        "delete from changes where n <= (select max(n) from changes) - 10000");
  }

  void print(int day);

  Harness harness_;
  std::vector<Customer> customers_;
  std::int64_t number_ = 0;
};

void Year::sign_in(store::Database& db, const Customer& customer, const std::string& hash) {
  const Instant now = harness_.driver->now();
  db.run(
      "insert into page_tokens (hash, tenant, connection, user_id, user_name, return_url, key_id, "
      "expires, used) values (?1, ?2, ?4, 'u', '', '', 'key', ?3, 1)",
      hash, customer.tenant, to_ms(now + std::chrono::minutes{5}), customer.connection);
  db.run(
      "insert into page_sessions (hash, id, tenant, connection, user_id, user_name, return_url, "
      "key_id, created, seen, expires) values (?1, ?1, ?2, ?5, 'u', '', '', 'key', ?3, ?3, ?4)",
      hash, customer.tenant, to_ms(now), to_ms(now + std::chrono::hours{12}), customer.connection);
}

void Year::print(int day) {
  auto db = harness_.databases->borrow();
  std::printf("day %3d:", day);
  for (const char* table : tables) {
    auto row = db->query(std::string("select count(*) from ") + table);
    row.step();
    std::printf(" %s %lld", table, static_cast<long long>(row.int64(0)));
  }
  auto size = db->query("select page_count * page_size from pragma_page_count, pragma_page_size");
  size.step();
  std::printf("; %.1f MiB\n", static_cast<double>(size.int64(0)) / (1 << 20));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const int customers = argc > 1 ? std::atoi(argv[1]) : 4;
  const int days = argc > 2 ? std::atoi(argv[2]) : 365;
  log::set_level(log::Level::warning);
  std::printf("%d connections in use all day, %d days\n", customers, days);
  Year(customers).run(days, false);
  std::printf("the same, if nothing ever went\n");
  Year(customers).run(days, true);
}
