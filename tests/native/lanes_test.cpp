// Who waits for whom: what a person waits for, what keeps grants alive, and what is long.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>

#include "core/oauth/authorization.hpp"
#include "native/store/configurations.hpp"
#include "native/store/records.hpp"
#include "native/work/process_name.hpp"
#include "native/work/workers.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::lanes_test {

using namespace rekey::work;

namespace {

using Answer = ScriptedClient::Answer;

/// Several tenants with linked connections, and a provider whose lists never end.
struct Firms : Harness {
  std::map<std::string, Owner> owners;

  Firms() { clients.import_page_size = 1; }

  /// From here on it is the one that is worked with.
  Owner make_firm(const std::string& tenant) {
    auto db = databases->borrow();
    store::put_tenant(*db, tenant, tenant, driver->now());
    owner = {tenant, store::ensure_connection(*db, tenant, "quickbooks-online", driver->now()).id};
    owners[tenant] = owner;
    return owner;
  }
  Owner link_firm(const std::string& tenant) {
    make_firm(tenant);
    link(3600);
    return owner;
  }
  /// The provider answers reads as if there were always more.
  static Answer endless(const http::ClientRequest& request) {
    if (request.method == "POST") return ScriptedClient::json(200, {});
    const auto query = oauth::decode(request.url);
    if (query.find("count(*)") != std::string::npos)
      return ScriptedClient::json(200, {{"QueryResponse", {{"totalCount", 1'000'000}}}});
    if (query.find("companyinfo") != std::string::npos)
      return ScriptedClient::json(200, {{"CompanyInfo", {{"CompanyName", "Books"}}}});
    const auto from = query.find("from ") + 5;
    const auto entity = query.substr(from, query.find(' ', from) - from);
    const auto place = query.find("startposition ") + 14;
    const auto id = query.substr(place, query.find(' ', place) - place);
    return ScriptedClient::json(200,
                                {{"QueryResponse", {{entity, {{{"Id", id}, {"Name", "One"}}}}}}});
  }
  template <class F>
  bool until(F&& holds) {
    for (int i = 0; i < 2000; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(Millis{5});
    }
    return false;
  }
  std::int64_t imported(const Owner& of) {
    const auto state = driver->read(of.connection).state;
    const auto* running = std::get_if<imports::Running>(&state.import.phase);
    std::int64_t done = 0;
    if (running)
      for (const auto& each : running->progress) done += each.done;
    return done;
  }
  bool is_unlinked(const Owner& of) {
    return std::holds_alternative<connect::Unlinked>(
        driver->read(of.connection).state.connect.phase);
  }
  std::int64_t attempts_of_imports() {
    auto db = databases->borrow();
    auto row = db->query("select coalesce(max(attempts), 0) from jobs where lane = 1");
    row.step();
    return row.int64(0);
  }
};

/// The name of a process that has lived.
std::string name_of_the_dead() {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto name = process_name();
    (void)!::write(ends[1], name.data(), name.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  char name[128] = {};
  REQUIRE(::read(ends[0], name, sizeof name - 1) > 0);
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return name;
}

}  // namespace

TEST_CASE("lanes: the job of a process that died goes on, and its lease is not waited for",
          "[work]") {
  Firms firms;
  const auto heir = firms.link_firm("heir");
  firms.client->answer = Firms::endless;
  {
    auto db = firms.databases->borrow();
    REQUIRE(store::lease_job(*db, store::Lane::lengthy, name_of_the_dead(), firms.driver->now(),
                             firms.later(3600)));
  }
  const Workers workers(*firms.driver, firms.clients);  // the clock stands still: no lease runs out
  CHECK(firms.until([&] { return firms.imported(heir) > 0; }));
}

TEST_CASE("lanes: imports that wait for the provider delay no disconnect", "[work]") {
  Firms firms;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) firms.link_firm(name);
  const auto leaving = firms.link_firm("leaving");
  firms.client->answer = Firms::endless;
  // Reads are kept waiting; what ends a grant is answered.
  firms.client->hold([](const http::ClientRequest& request) { return request.method == "GET"; });
  const Workers workers(*firms.driver, firms.clients, {256, 4});
  firms.client->wait_for_held(4);
  (void)firms.driver->take(leaving.connection, wire::by_time(), connect::DisconnectPressed{});
  CHECK(firms.until([&] { return firms.is_unlinked(leaving); }));
  CHECK(firms.client->held() == 4);  // and no more of them at once than there is room for
  for (const auto& [name, owner] : firms.owners)
    (void)firms.driver->take(owner.connection, wire::by_time(), connect::DisconnectPressed{});
  firms.client->release();
}

TEST_CASE("lanes: imports that wait for the provider delay no connect and no save", "[work]") {
  Firms firms;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) firms.link_firm(name);
  const auto saving = firms.link_firm("saving");
  const auto run = firms.state().import.run;
  for (const auto each : imports::current_plan())
    REQUIRE(firms.driver->take(saving.connection, wire::by_provider(),
                               imports::PageImported{run, each, 0, {}, true}));
  firms.client->answer = [](const http::ClientRequest& request) {
    return request.method == "POST" ? ScriptedClient::tokens("access-2", "refresh-2")
                                    : Firms::endless(request);
  };
  // What an import reads is kept waiting; what a sign-in asks for is answered.
  firms.client->hold([](const http::ClientRequest& request) {
    return request.method == "GET" && request.url.find("/query") != std::string::npos;
  });
  const Workers workers(*firms.driver, firms.clients, {256, 4});
  firms.client->wait_for_held(4);

  const auto connecting = firms.make_firm("connecting");
  (void)firms.begin_exchange();
  (void)firms.driver->take(
      saving.connection, wire::by_time(), save::SavePressed{0},
      [&](store::Database& db, const store::StoredConnection&, const Step& next) {
        store::put_draft(db, saving.connection, "123", next.next.save.revision, {},
                         firms.driver->now());
      });
  CHECK(firms.until([&] {
    return connect::live_grant(firms.driver->read(connecting.connection).state.connect) != nullptr;
  }));
  CHECK(firms.until([&] {
    return std::holds_alternative<save::Saved>(
        firms.driver->read(saving.connection).state.save.phase);
  }));
  CHECK(firms.client->held() == 4);
  for (const auto& [name, owner] : firms.owners)
    (void)firms.driver->take(owner.connection, wire::by_time(), connect::DisconnectPressed{});
  firms.client->release();
}

TEST_CASE("lanes: long imports take turns, and a turn is no try", "[work]") {
  Firms firms;
  std::vector<Owner> all;
  for (const char* name : {"a", "b", "c", "d", "e"}) all.push_back(firms.link_firm(name));
  firms.client->answer = [&](const http::ClientRequest& request) {
    ++firms.now_ms;  // reading takes time
    return Firms::endless(request);
  };
  {
    const Workers workers(*firms.driver, firms.clients, {256, 2});
    CHECK(firms.until([&] {
      return std::all_of(all.begin(), all.end(),
                         [&](const Owner& each) { return firms.imported(each) >= 8; });
    }));
  }
  // Given back at the end, without a try: five of them would have ended an import.
  CHECK(firms.attempts_of_imports() == 0);
  std::vector<std::int64_t> done;
  for (const auto& each : all) done.push_back(firms.imported(each));
  const auto [least, most] = std::minmax_element(done.begin(), done.end());
  CHECK(*most <= *least * 3 + 6);
}

TEST_CASE("lanes: an import that is alone goes on without stepping back", "[work]") {
  Firms firms;
  const auto owner = firms.link_firm("alone");
  firms.client->answer = Firms::endless;
  std::atomic<int> asked{0};
  int pages = 0;
  const auto run = firms.state().import.run;
  const Place place{[&] { return ++pages > 20; },
                    [&] {
                      ++asked;
                      return false;
                    }};
  Performer performer(*firms.driver, firms.clients);
  const auto version = connect::live_grant(firms.state().connect)->version;
  const auto again =
      async::wait_for(performer.perform({1, owner.connection, RunImport{run, version}, 0}, place));
  REQUIRE(again);
  CHECK(again.stepped);
  CHECK(asked == 20);  // before each page, but not when the process ended
  CHECK(firms.imported(owner) == 20);
}

TEST_CASE("lanes: an import steps back after a page when others wait", "[work]") {
  Firms firms;
  const auto owner = firms.link_firm("long");
  firms.client->answer = Firms::endless;
  const auto run = firms.state().import.run;
  const auto version = connect::live_grant(firms.state().connect)->version;
  Performer performer(*firms.driver, firms.clients);
  const Place place{[] { return false; }, [] { return true; }};
  for (int i = 1; i <= 3; ++i) {
    const auto again = async::wait_for(
        performer.perform({1, owner.connection, RunImport{run, version}, 0}, place));
    REQUIRE(again);
    CHECK(again.stepped);
    CHECK(*again.at == firms.driver->now());
    CHECK(firms.imported(owner) == i);
  }
}

TEST_CASE("lanes: a job that stepped back comes after those that were there", "[store]") {
  Harness harness;
  auto db = harness.databases->borrow();
  for (int i = 0; i < 3; ++i)
    db->run("insert into jobs (connection, effect, run_at, lane) values (?1, ?2, ?3, 1)",
            harness.owner.connection, wire::dump(wire::write(Effect(RunImport{i, 1}))),
            to_ms(harness.driver->now()));
  const auto lease = [&](store::Lane lane) {
    return store::lease_job(*db, lane, "here", harness.driver->now(), harness.later(15));
  };
  CHECK_FALSE(lease(store::Lane::person));
  const auto first = lease(store::Lane::lengthy);
  REQUIRE(first);
  CHECK(store::job_waits(*db, store::Lane::lengthy, harness.driver->now()));
  harness.now_ms += 5;
  store::put_job_behind(*db, first->id, harness.driver->now());
  const auto second = lease(store::Lane::lengthy), third = lease(store::Lane::lengthy);
  CHECK((second && third && second->id != first->id && third->id != first->id));
  const auto again = lease(store::Lane::lengthy);
  REQUIRE(again);
  CHECK(again->id == first->id);
  CHECK(again->attempts == 0);
  CHECK_FALSE(store::job_waits(*db, store::Lane::lengthy, harness.driver->now()));
}

TEST_CASE("tokens: many connections wait for a slow provider without a thread each", "[work]") {
  constexpr int many = 60;
  Firms firms;
  std::vector<Owner> all;
  for (int i = 0; i < many; ++i) all.push_back(firms.link_firm("firm-" + std::to_string(i)));
  firms.now_ms += 2 * 3600'000;
  firms.clients.pool = std::make_shared<async::Pool>(2);
  firms.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  firms.client->hold();
  std::atomic<int> served{0};
  struct Asking {
    static async::Task<void> ask(Driver& driver, const ProviderClients& clients, Owner owner,
                                 std::atomic<int>& served) {
      Tokens tokens(driver, clients);
      const auto version =
          connect::live_grant(driver.read(owner.connection).state.connect)->version;
      const auto token = co_await tokens.fresh(owner, version);
      if (token && token->value.same_as("access-2")) ++served;
    }
  };
  for (const auto& each : all)
    for (int caller = 0; caller < 3; ++caller)
      firms.clients.pool->start(Asking::ask(*firms.driver, firms.clients, each, served));
  firms.client->wait_for_held(many);
  CHECK(firms.client->held() == many);  // one for each connection
  CHECK(served == 0);
  firms.client->release();
  firms.clients.pool->wait_for_tasks();
  CHECK(served == 3 * many);
}

TEST_CASE("tokens: who waits no longer gets no token, and the renewal is stored all the same",
          "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 120'000;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  harness.client->hold();
  Tokens tokens(*harness.driver, harness.clients);
  const auto now = async::Steady::now();
  const auto none =
      async::wait_for(tokens.fresh(harness.owner, version, {}, std::chrono::minutes{5}, now));
  REQUIRE_FALSE(none);
  CHECK(none.error() == NoToken::later);
  harness.client->release();
  harness.clients.pool->wait_for_tasks();
  const auto asked = harness.client->requests().size();
  const auto token = async::wait_for(tokens.fresh(harness.owner, version));
  REQUIRE(token);
  CHECK(token->value.same_as("access-2"));
  CHECK(harness.client->requests().size() == asked);
}

TEST_CASE("tokens: who waits no longer gets the token that is still good", "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  harness.now_ms += 57 * 60'000;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  harness.client->hold();
  Tokens tokens(*harness.driver, harness.clients);
  const auto now = async::Steady::now();
  const auto token =
      async::wait_for(tokens.fresh(harness.owner, version, {}, std::chrono::minutes{5}, now));
  REQUIRE(token);
  CHECK(token->value.same_as("access-1"));
  harness.client->release();
}

TEST_CASE("tokens: a turn is kept alive while nothing runs", "[work]") {
  Harness harness;
  harness.clients.refreshing->times.show_life_every = Millis{10};
  const auto version = harness.link(60);
  harness.now_ms += 120'000;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  harness.client->hold();
  Tokens tokens(*harness.driver, harness.clients);
  const auto now = async::Steady::now();
  CHECK_FALSE(
      async::wait_for(tokens.fresh(harness.owner, version, {}, std::chrono::minutes{5}, now)));
  const auto beats = [&] {
    auto db = harness.databases->borrow();
    auto row = db->query("select lease_beat from grants where lease_owner is not null");
    return row.step() ? row.int64(0) : -1;
  };
  std::int64_t seen = 0;
  for (int i = 0; i < 1000 && seen < 3; ++i) {
    seen = beats();
    std::this_thread::sleep_for(Millis{5});
  }
  CHECK(seen >= 3);
  harness.client->release();
  harness.clients.pool->wait_for_tasks();
  CHECK(beats() == -1);
}

}  // namespace rekey::lanes_test
