// Master keys that change: the file, the vault that notices, and data keys that are moved.
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <iterator>

#include "native/work/key_keeper.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::key_file_test {

using namespace rekey::work;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("rekey-keys-" + vault::random_token(9));
  std::string file = path / "master.key";
  Folder() {
    std::filesystem::create_directory(path);
    REQUIRE(vault::make_key_file(file));
  }
  ~Folder() { std::filesystem::remove_all(path); }

  std::string text() const {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::vector<std::string> ids() const {
    return vault::Vault::open({file, {}, {}})->master_key_ids();
  }
};

/// A harness whose keys are in a file.
struct Keyed : Harness {
  explicit Keyed(const std::string& file) {
    auto opened = vault::Vault::open({file, {}, {}});
    REQUIRE(opened);
    driver = std::make_unique<Driver>(databases,
                                      std::make_shared<const SecretStore>(
                                          std::make_shared<const vault::Vault>(std::move(*opened))),
                                      std::make_shared<Hub>(),
                                      [this] { return from_ms(now_ms.load()); });
  }
  std::map<std::string, std::int64_t> uses() {
    auto db = databases->borrow();
    return data_keys_by_master_key(*db);
  }
};

}  // namespace

TEST_CASE("key file: a new key is known at first, then used, and the old one can go", "[vault]") {
  const Folder folder;
  const auto first = folder.ids().front();
  const auto added = vault::add_key(folder.file);
  REQUIRE(added);
  CHECK(folder.ids() == std::vector<std::string>{first, *added});
  CHECK(vault::rotate_keys(folder.file) == *added);
  CHECK(folder.ids() == std::vector<std::string>{*added, first});
  const auto refused = vault::remove_key(folder.file, *added);
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().hint, ContainsSubstring("Rotate first"));
  CHECK(vault::remove_key(folder.file, first) == first);
  CHECK(folder.ids() == std::vector<std::string>{*added});
  // With one key only, rotating makes the next.
  const auto next = vault::rotate_keys(folder.file);
  REQUIRE(next);
  CHECK(folder.ids() == std::vector<std::string>{*next, *added});
}

TEST_CASE("key file: what people wrote into it stays, and so do its rights", "[vault]") {
  const Folder folder;
  std::ofstream(folder.file, std::ios::app) << "# kept in the safe of the office\n";
  const auto id = vault::rotate_keys(folder.file);
  REQUIRE(id);
  CHECK_THAT(folder.text(), ContainsSubstring("# A master key of Rekey."));
  CHECK_THAT(folder.text(), ContainsSubstring("# kept in the safe of the office\n"));
  struct stat status {};
  REQUIRE(::stat(folder.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK_FALSE(std::filesystem::exists(folder.file + ".new"));
}

TEST_CASE("key file: one that others can read, or is damaged, is not touched", "[vault]") {
  const Folder folder;
  SECTION("rights") {
    ::chmod(folder.file.c_str(), 0640);
  }
  SECTION("damage") {
    std::ofstream(folder.file, std::ios::app) << "no key\n";
  }
  const auto before = folder.text();
  CHECK_FALSE(vault::add_key(folder.file));
  CHECK_FALSE(vault::rotate_keys(folder.file));
  CHECK_FALSE(vault::remove_key(folder.file, "0123456789abcdef"));
  CHECK(folder.text() == before);
}

TEST_CASE("keys: a running service takes up a new key and moves every data key to it", "[vault]") {
  const Folder folder;
  Keyed keyed(folder.file);
  const auto first = folder.ids().front();
  const auto version = keyed.link(3600);
  KeyKeeper keeper(*keyed.driver);
  keeper.pass();
  CHECK(keyed.uses() == std::map<std::string, std::int64_t>{{first, 1}});

  const auto second = vault::rotate_keys(folder.file);
  REQUIRE(second);
  CHECK_FALSE(keeper.pass());
  CHECK(keyed.uses() == std::map<std::string, std::int64_t>{{*second, 1}});
  REQUIRE(vault::remove_key(folder.file, first));
  CHECK_FALSE(keeper.pass());
  // What was sealed before the change opens with the new key alone.
  const auto token = Waiting(*keyed.driver, keyed.clients).fresh(keyed.owner, version);
  REQUIRE(token);
  CHECK(token->value.same_as("access-1"));
}

TEST_CASE("keys: a key that another process uses already is looked for at once", "[vault]") {
  const Folder folder;
  Keyed behind(folder.file);
  const auto version = behind.link(3600);
  REQUIRE(vault::rotate_keys(folder.file));
  {
    // The other process has moved the data key; this one has not looked at the file since.
    auto ahead =
        std::make_shared<const vault::Vault>(std::move(*vault::Vault::open({folder.file, {}, {}})));
    Driver other(behind.databases, std::make_shared<const SecretStore>(ahead),
                 std::make_shared<Hub>(), [&] { return from_ms(behind.now_ms.load()); });
    KeyKeeper(other).pass();
  }
  CHECK(Waiting(*behind.driver, behind.clients).fresh(behind.owner, version));
}

TEST_CASE("keys: a file that cannot be read any more leaves the service with the keys it has",
          "[vault]") {
  const Folder folder;
  Keyed keyed(folder.file);
  const auto version = keyed.link(3600);
  std::ofstream(folder.file, std::ios::trunc) << "damage\n";
  KeyKeeper keeper(*keyed.driver);
  keeper.pass();
  CHECK(Waiting(*keyed.driver, keyed.clients).fresh(keyed.owner, version));
}

}  // namespace rekey::key_file_test
