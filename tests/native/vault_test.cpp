#include "native/vault/vault.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>

#include "native/vault/random.hpp"

namespace rekey::vault_test {

using namespace rekey::vault;
using Catch::Matchers::ContainsSubstring;

namespace {

const Place place{"tenant-1", "connection-1", "refresh_token", 7};

std::string key_text() {
  return base64_encode(random_bytes(32));
}

Vault open_with(const std::string& keys) {
  MasterKeySource source;
  source.keys = Secret(keys);
  auto vault = Vault::open(source);
  REQUIRE(vault);
  return std::move(*vault);
}

WrappedKey key_in(const Vault& vault) {
  return vault.new_data_key(place.tenant, place.connection).value();
}

// A folder that goes when the test ends.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("rekey-vault-" + random_token(9));
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string hint_of(const MasterKeySource& source) {
  const auto vault = Vault::open(source);
  REQUIRE_FALSE(vault);
  CHECK(vault.error().code == Code::misconfigured);
  return vault.error().hint;
}

}  // namespace

TEST_CASE("vault: what was sealed comes back, at every size up to 64 KiB", "[vault]") {
  const Vault vault = open_with(key_text());
  const WrappedKey key = key_in(vault);
  const std::size_t size = GENERATE(0U, 1U, 15U, 16U, 17U, 255U, 4096U, 65535U, 65536U);
  const std::string value = random_bytes(size);
  const auto blob = vault.seal(key, place, Secret(value));
  REQUIRE(blob);
  CHECK(blob->size() == size + 2 + key.id.size() + 12 + 16);
  const auto opened = vault.unseal(key, place, *blob);
  REQUIRE(opened);
  CHECK(opened->same_as(value));
}

TEST_CASE("vault: the same secret sealed twice gives different bytes, none of them the secret's",
          "[vault]") {
  const Vault vault = open_with(key_text());
  const WrappedKey key = key_in(vault);
  const std::string value = "a refresh token that nobody may read";
  const std::string first = vault.seal(key, place, Secret(value)).value();
  const std::string second = vault.seal(key, place, Secret(value)).value();
  CHECK(first != second);
  CHECK(first.find("refresh") == std::string::npos);
  CHECK(key.blob.find(key_text()) == std::string::npos);
}

TEST_CASE("vault: a blob moved to another tenant, connection, field or version does not open",
          "[vault]") {
  const Vault vault = open_with(key_text());
  const WrappedKey key = key_in(vault);
  const std::string blob = vault.seal(key, place, Secret(std::string("token"))).value();
  Place other = place;
  SECTION("tenant") {
    other.tenant = "tenant-2";
  }
  SECTION("connection") {
    other.connection = "connection-2";
  }
  SECTION("field") {
    other.field = "access_token";
  }
  SECTION("version") {
    other.version = 8;
  }
  SECTION("a letter moved from one field to the next") {
    other.connection = "connection-1r";
    other.field = "efresh_token";
  }
  CHECK_FALSE(vault.unseal(key, other, blob));
  CHECK(vault.unseal(key, place, blob));
}

TEST_CASE("vault: places whose fields run together the same way are told apart", "[vault]") {
  // The data key is bound to tenant and connection too; here only the value's binding is at work.
  const Vault vault = open_with(key_text());
  const WrappedKey key = key_in(vault);
  Place left = place, right = place;
  left.field = "token1";
  left.version = 2;
  right.field = "token";
  right.version = 12;
  const std::string blob = vault.seal(key, left, Secret(std::string("x"))).value();
  CHECK_FALSE(vault.unseal(key, right, blob));
}

TEST_CASE("vault: a blob cut at any length does not open", "[vault]") {
  const Vault vault = open_with(key_text());
  const WrappedKey key = key_in(vault);
  const std::string blob = vault.seal(key, place, Secret(std::string("some token"))).value();
  for (std::size_t size = 0; size < blob.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(vault.unseal(key, place, blob.substr(0, size)));
    CHECK_FALSE(vault.unseal(key, place, blob.substr(blob.size() - size)));
  }
  CHECK_FALSE(vault.unseal(key, place, blob + '\0'));
}

TEST_CASE("vault: a blob with any one bit turned does not open", "[vault]") {
  const Vault vault = open_with(key_text());
  const WrappedKey key = key_in(vault);
  const std::string blob = vault.seal(key, place, Secret(std::string("some token"))).value();
  for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
    std::string turned = blob;
    turned[bit / 8] = static_cast<char>(turned[bit / 8] ^ (1 << bit % 8));
    CAPTURE(bit);
    REQUIRE_FALSE(vault.unseal(key, place, turned));
  }
}

TEST_CASE("vault: a wrapped data key with any one bit turned does not open anything", "[vault]") {
  const Vault vault = open_with(key_text());
  const WrappedKey key = key_in(vault);
  const std::string blob = vault.seal(key, place, Secret(std::string("some token"))).value();
  for (std::size_t bit = 0; bit < key.blob.size() * 8; ++bit) {
    WrappedKey turned = key;
    turned.blob[bit / 8] = static_cast<char>(turned.blob[bit / 8] ^ (1 << bit % 8));
    CAPTURE(bit);
    REQUIRE_FALSE(vault.unseal(turned, place, blob));
  }
}

TEST_CASE("vault: the data key of another connection does not open a blob", "[vault]") {
  const Vault vault = open_with(key_text());
  const WrappedKey key = key_in(vault);
  const std::string blob = vault.seal(key, place, Secret(std::string("token"))).value();
  CHECK_FALSE(vault.unseal(key_in(vault), place, blob));
  // A key row moved to another connection does not even unwrap.
  const WrappedKey foreign = vault.new_data_key("tenant-1", "connection-2").value();
  CHECK_FALSE(vault.seal(foreign, place, Secret(std::string("token"))));
  // Nor does a key under another key's id.
  WrappedKey renamed = key;
  renamed.id = foreign.id;
  CHECK_FALSE(vault.unseal(renamed, place, blob));
}

TEST_CASE("vault: without the master key of the sealing, the error says which key is missing",
          "[vault]") {
  const Vault vault = open_with(key_text());
  const WrappedKey key = key_in(vault);
  const std::string blob = vault.seal(key, place, Secret(std::string("token"))).value();
  const Vault stranger = open_with(key_text());
  const auto opened = stranger.unseal(key, place, blob);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::misconfigured);
  CHECK_THAT(opened.error().hint, ContainsSubstring("not given"));
}

TEST_CASE("vault: with a new master key on top, old values open and new keys use the new one",
          "[vault]") {
  const std::string old_key = key_text();
  const std::string new_key = key_text();
  const Vault before = open_with(old_key);
  const WrappedKey key = key_in(before);
  const std::string blob = before.seal(key, place, Secret(std::string("token"))).value();

  const Vault during = open_with(new_key + "\n" + old_key);
  CHECK(during.unseal(key, place, blob)->same_as("token"));
  CHECK_FALSE(during.is_current(key));
  const WrappedKey moved = during.rewrap(key, place.tenant, place.connection).value();
  CHECK(during.is_current(moved));
  CHECK(moved.id == key.id);

  const Vault after = open_with(new_key);
  CHECK(after.unseal(moved, place, blob)->same_as("token"));
  CHECK_FALSE(after.unseal(key, place, blob));
}

TEST_CASE("vault: a key file made by us opens, and is never overwritten", "[vault]") {
  const Folder folder;
  const std::string path = folder.path / "master.key";
  REQUIRE(make_key_file(path));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  MasterKeySource source;
  source.file = path;
  REQUIRE(Vault::open(source));

  const auto again = make_key_file(path);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::not_possible);
  CHECK(Vault::open(source));
}

TEST_CASE("vault: a key file that others can read or change is refused, and the cure is named",
          "[vault]") {
  const Folder folder;
  const std::string path = folder.path / "master.key";
  REQUIRE(make_key_file(path));
  const auto mode = static_cast<mode_t>(GENERATE(0640, 0604, 0620, 0602, 0610, 0601, 0666));
  REQUIRE(::chmod(path.c_str(), mode) == 0);
  MasterKeySource source;
  source.file = path;
  CHECK_THAT(hint_of(source), ContainsSubstring("chmod 600 " + path));
}

TEST_CASE("vault: a key file of another user is refused", "[vault]") {
  if (::geteuid() != 0) SKIP("only root can give a file away");
  const Folder folder;
  const std::string path = folder.path / "master.key";
  REQUIRE(make_key_file(path));
  REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
  MasterKeySource source;
  source.file = path;
  CHECK_THAT(hint_of(source), ContainsSubstring("belongs to another user"));
}

TEST_CASE("vault: what is wrong with a master key is said without showing it", "[vault]") {
  const Folder folder;
  MasterKeySource source;
  SECTION("none at all") {
    CHECK_THAT(hint_of(source), ContainsSubstring("REKEY_MASTER_KEY"));
  }
  SECTION("a missing file") {
    source.file = folder.path / "absent";
    CHECK_THAT(hint_of(source), ContainsSubstring("cannot be opened"));
  }
  SECTION("a folder") {
    source.file = folder.path;
    CHECK_THAT(hint_of(source), ContainsSubstring("is not a file"));
  }
  SECTION("an empty text") {
    source.keys = Secret(std::string("# nothing here\n"));
    CHECK_THAT(hint_of(source), ContainsSubstring("There is no master key"));
  }
  SECTION("too short, in the third line") {
    const std::string bad = base64_encode("only nineteen bytes");
    source.keys = Secret("# first\n" + key_text() + "\n" + bad + "\n");
    const std::string hint = hint_of(source);
    CHECK_THAT(hint, ContainsSubstring("Line 3"));
    CHECK(hint.find(bad) == std::string::npos);
  }
  SECTION("a command that fails") {
    source.command = "exit 3";
    CHECK_THAT(hint_of(source), ContainsSubstring("command failed"));
  }
  SECTION("a command that prints something else") {
    source.command = "echo hello";
    const std::string hint = hint_of(source);
    CHECK_THAT(hint, ContainsSubstring("not a master key"));
    CHECK(hint.find("hello") == std::string::npos);
  }
}

TEST_CASE("vault: a command's output is a master key", "[vault]") {
  const std::string text = key_text();
  MasterKeySource source;
  source.command = "echo " + text;
  const auto by_command = Vault::open(source);
  REQUIRE(by_command);
  const WrappedKey key = key_in(*by_command);
  CHECK(open_with(text).is_current(key));
}

}  // namespace rekey::vault_test
