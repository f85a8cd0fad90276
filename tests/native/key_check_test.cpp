// Master keys that are not those of the database: noticed at the start, when a file changes, and
// beside another server; nothing is sealed under a second key.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>

#include "native/async/wait.hpp"
#include "native/store/audit.hpp"
#include "native/store/master_keys.hpp"
#include "native/work/key_check.hpp"
#include "native/work/key_keeper.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::key_check_test {

using namespace rekey::work;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string key_text() {
  return vault::base64_encode(vault::random_bytes(32));
}

std::shared_ptr<const vault::Vault> vault_of(const std::string& keys) {
  auto opened = vault::Vault::open({"", Secret(keys), ""});
  REQUIRE(opened);
  return std::make_shared<const vault::Vault>(std::move(*opened));
}

/// A harness whose keys are given.
struct Server : Harness {
  explicit Server(const std::string& keys) { give(keys); }
  void give(const std::string& keys) {
    driver = std::make_unique<Driver>(
        databases, std::make_shared<const SecretStore>(vault_of(keys)), std::make_shared<Hub>(),
        [this] { return from_ms(now_ms.load()); });
  }
  std::optional<KeyFault> check(const std::string& keys) {
    auto db = databases->borrow();
    const auto vault = vault_of(keys);
    return check_keys(*db, *vault, vault->master_key_ids(), driver->now());
  }
  std::vector<std::string> known() {
    auto db = databases->borrow();
    std::vector<std::string> out;
    for (const auto& each : store::known_master_keys(*db)) out.push_back(each.id);
    return out;
  }
  /// What the audit has, each as "event by whom detail".
  std::vector<std::string> audited() {
    std::vector<std::string> out;
    for (const auto& each : store::audit_after(*databases->borrow(), 0, {}, 100))
      out.push_back(each.event + " by " + std::string(wire::name_of(each.actor.kind)) + " " +
                    wire::dump(each.detail));
    return out;
  }
};

std::string id_of(const std::string& key) {
  return vault_of(key)->master_key_ids().front();
}

struct KeyFile {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("rekey-key-check-" + vault::random_token(9));
  std::string path = folder / "master.key";
  explicit KeyFile(const std::string& keys) {
    std::filesystem::create_directory(folder);
    write(keys);
  }
  ~KeyFile() { std::filesystem::remove_all(folder); }
  void write(const std::string& keys) const {
    const std::string beside = path + ".new";
    std::ofstream(beside) << keys << "\n";
    std::filesystem::permissions(beside, std::filesystem::perms(0600));
    std::filesystem::rename(beside, path);
  }
};

/// A server whose keys are in a file, and who watches it.
struct Watching : Server {
  explicit Watching(const KeyFile& file) : Server(key_text()) {
    auto opened = vault::Vault::open({file.path, {}, {}});
    REQUIRE(opened);
    driver = std::make_unique<Driver>(databases,
                                      std::make_shared<const SecretStore>(
                                          std::make_shared<const vault::Vault>(std::move(*opened))),
                                      std::make_shared<Hub>(),
                                      [this] { return from_ms(now_ms.load()); });
    keeper = std::make_unique<KeyKeeper>(*driver);
    pass();
  }
  void pass() {
    now_ms += 3000;
    keeper->pass();
  }
  std::string fault() const { return driver->secrets().key_fault(); }
  std::unique_ptr<KeyKeeper> keeper;
};

}  // namespace

TEST_CASE("master keys: a fresh database takes the first key, and no other after it", "[work]") {
  const auto first = key_text(), other = key_text();
  Server server(first);
  CHECK_FALSE(server.check(first));
  CHECK(server.known() == std::vector<std::string>{id_of(first)});
  CHECK_FALSE(server.check(first));
  // Nothing is sealed yet, and still: what another server seals must open here.
  const auto fault = server.check(other);
  REQUIRE(fault);
  CHECK_FALSE(fault->may_seal);
  CHECK_THAT(fault->sentence,
             ContainsSubstring("master key " + id_of(first)) && ContainsSubstring(id_of(other)));
  CHECK(server.known() == std::vector<std::string>{id_of(first)});
}

TEST_CASE("master keys: a database of an older version is recognised by its data keys", "[work]") {
  const auto first = key_text();
  Server server(first);
  server.link(3600);
  {
    auto db = server.databases->borrow();
    db->run("delete from master_keys");
  }
  REQUIRE(server.check(key_text()));
  CHECK(server.known().empty());
  CHECK_FALSE(server.check(first));
  CHECK(server.known() == std::vector<std::string>{id_of(first)});
}

TEST_CASE("master keys: nothing is sealed under a second key, and nothing is changed", "[work]") {
  const auto first = key_text(), other = key_text();
  Server server(first);
  server.link(3600);
  server.give(other);
  auto db = server.databases->borrow();
  store::put_tenant(*db, "second", "Second", server.driver->now());
  const Owner owner{
      "second",
      store::ensure_connection(*db, "second", "quickbooks-online", server.driver->now()).id};
  try {
    store::in_transaction(*db, [&] {
      server.driver->secrets().put(*db, owner, sealed_field::legacy, 0, Secret(std::string("x")));
    });
    FAIL("it was sealed");
  } catch (const store::DatabaseError& error) {
    CHECK(error.kind() == store::DatabaseError::Kind::sealed);
    CHECK_THAT(error.what(), ContainsSubstring("master key"));
  }
  CHECK(data_keys_by_master_key(*db) == std::map<std::string, std::int64_t>{{id_of(first), 1}});
  CHECK(server.known() == std::vector<std::string>{id_of(first)});
}

TEST_CASE("master keys: what is there does not open either, and is said as such", "[work]") {
  Server server(key_text());
  const auto version = server.link(3600);
  server.give(key_text());
  auto db = server.databases->borrow();
  try {
    (void)server.driver->secrets().get(*db, server.owner, sealed_field::access_token, version);
    FAIL("it opened");
  } catch (const store::DatabaseError& error) {
    CHECK(error.kind() == store::DatabaseError::Kind::sealed);
  }
  CHECK(server.driver->secrets().take_doubt());
}

TEST_CASE("master keys: a new key beside a known one may seal, and is known from then on",
          "[work]") {
  const auto first = key_text(), second = key_text();
  Server server(first);
  server.link(3600);
  CHECK_FALSE(server.check(second + "\n" + first));
  CHECK(server.known() == std::vector<std::string>{id_of(first), id_of(second)});
  // A server without the key that is used now: what others seal from here on does not open there.
  const auto behind = server.check(first);
  REQUIRE(behind);
  CHECK(behind->may_seal);
  CHECK_THAT(behind->sentence, ContainsSubstring("master key " + id_of(second)));
  // And one that has thrown the old one away too early.
  const auto ahead = server.check(second);
  REQUIRE(ahead);
  CHECK(ahead->may_seal);
  CHECK_THAT(ahead->sentence, ContainsSubstring(id_of(first)) && ContainsSubstring("1 data keys"));
}

TEST_CASE("master keys: a file with another key is not taken up while the service runs", "[work]") {
  const auto first = key_text();
  const KeyFile file(first);
  Watching server(file);
  const auto version = server.link(3600);
  server.pass();
  CHECK(server.fault().empty());

  file.write(key_text());
  server.pass();
  CHECK_THAT(server.fault(), ContainsSubstring("master key " + id_of(first)));
  CHECK(server.driver->secrets().vault().master_key_ids() ==
        std::vector<std::string>{id_of(first)});
  // It goes on with the key that it has.
  Tokens tokens(*server.driver, server.clients);
  const auto token = async::wait_for(tokens.fresh(server.owner, version));
  REQUIRE(token);
  CHECK(token->value.same_as("access-1"));
  CHECK(server.known() == std::vector<std::string>{id_of(first)});
  server.pass();
  CHECK_FALSE(server.fault().empty());

  file.write(first);
  server.pass();
  CHECK(server.fault().empty());
}

TEST_CASE("master keys: a file that cannot be read makes the service not ready until it can",
          "[work]") {
  const auto first = key_text();
  const KeyFile file(first);
  Watching server(file);
  file.write("damage");
  server.pass();
  CHECK_THAT(server.fault(), ContainsSubstring("master key file"));
  server.pass();
  CHECK_FALSE(server.fault().empty());
  file.write(first);
  server.pass();
  CHECK(server.fault().empty());
}

TEST_CASE("master keys: a server notices that another has begun to use a key it has not",
          "[work]") {
  const auto first = key_text(), second = key_text();
  const KeyFile file(first);
  Watching server(file);
  server.link(3600);
  server.pass();
  CHECK(server.fault().empty());
  CHECK_FALSE(server.check(second + "\n" + first));
  server.pass();
  CHECK_THAT(server.fault(), ContainsSubstring("master key " + id_of(second)));
  file.write(second + "\n" + first);
  server.pass();
  CHECK(server.fault().empty());
}

TEST_CASE("master keys: of two servers that start at once with different keys, one is the first",
          "[work]") {
  const auto one = key_text(), two = key_text();
  Server server(one);
  std::optional<KeyFault> faults[2];
  std::thread first([&] { faults[0] = server.check(one); });
  std::thread second([&] { faults[1] = server.check(two); });
  first.join();
  second.join();
  CHECK(faults[0].has_value() != faults[1].has_value());
  CHECK(server.known().size() == 1);
}

TEST_CASE("master keys: the audit has the first one, and each that seals after it", "[work]") {
  const auto first = key_text(), second = key_text();
  Server server(first);
  CHECK_FALSE(server.check(first));
  CHECK_FALSE(server.check(first));
  // Added, and not used yet.
  CHECK_FALSE(server.check(first + "\n" + second));
  CHECK_FALSE(server.check(second + "\n" + first));
  CHECK_FALSE(server.check(second + "\n" + first));
  CHECK(server.audited() ==
        std::vector<std::string>{
            "master_key_added by operator {\"master_key\":\"" + id_of(first) + "\"}",
            "master_key_rotated by operator {\"before\":\"" + id_of(first) +
                "\",\"master_key\":\"" + id_of(second) + "\"}"});
}

TEST_CASE("master keys: the audit has a refused one once, with who gave it", "[work]") {
  const auto first = key_text(), second = key_text(), other = key_text();
  const KeyFile file(first);
  Watching server(file);
  server.link(3600);
  const auto refused = [](const char* by, const std::string& given, const char* reason) {
    return std::string("master_key_refused by ") + by + " {\"given\":[\"" + given +
           "\"],\"reason\":\"" + reason + "\"}";
  };
  file.write(other);
  for (int i = 0; i < 4; ++i) server.pass();
  REQUIRE(server.audited().size() == 2);
  CHECK(server.audited().back() == refused("operator", id_of(other), "other_key"));
  file.write(first);
  server.pass();
  CHECK(server.audited().size() == 2);
  // Another server begins to use a key that this one was not given: time brings that to light.
  CHECK_FALSE(server.check(second + "\n" + first));
  for (int i = 0; i < 3; ++i) server.pass();
  REQUIRE(server.audited().size() == 4);
  CHECK(server.audited().back() == refused("time", id_of(first), "behind"));
}

TEST_CASE("master keys: a service that is started again and again does not fill the audit",
          "[work]") {
  const auto first = key_text(), other = key_text();
  Server server(first);
  CHECK_FALSE(server.check(first));
  const auto start = [&] {
    const auto fault = server.check(other);
    REQUIRE(fault);
    note_refused_keys(*server.databases, *fault, {id_of(other)}, wire::by_operator(),
                      server.driver->now());
  };
  for (int i = 0; i < 5; ++i) start();
  CHECK(server.audited().size() == 2);
  server.now_ms += 11 * 60 * 1000;
  start();
  CHECK(server.audited().size() == 3);
}

}  // namespace rekey::key_check_test
