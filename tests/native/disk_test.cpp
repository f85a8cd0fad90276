// A disk that is full or read-only, and a server that takes no writes: told apart, noticed, and
// nothing is begun whose outcome could not be stored.
#include <sys/mount.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "native/store/master_keys.hpp"
#include "native/store/refreshes.hpp"
#include "native/store/schema.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::disk_test {

using namespace rekey::store;
using Catch::Matchers::ContainsSubstring;
using Kind = DatabaseError::Kind;

namespace {

/// A small file system of its own, where the system lets us make one.
class SmallDisk {
 public:
  SmallDisk() { made_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, "size=2m") == 0; }
  ~SmallDisk() {
    if (made_) ::umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const { return made_; }
  std::string path() const { return place_.folder(); }
  std::string database() const { return path() + "/rekey.db"; }
  void fill() const {
    std::ofstream out(path() + "/filler", std::ios::binary);
    const std::string block(4096, 'x');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void empty() const { std::filesystem::remove(path() + "/filler"); }
  bool make_read_only(bool on) const {
    return ::mount(nullptr, path().c_str(), nullptr, MS_REMOUNT | (on ? MS_RDONLY : 0), nullptr) ==
           0;
  }

 private:
  TestDatabase place_;
  bool made_ = false;
};

std::optional<DatabaseError> failure_of(Database& db, int rows) {
  try {
    in_transaction(db, [&] {
      for (int i = 0; i < rows; ++i)
        know_master_key(db, {"key-" + std::to_string(i), std::string(4096, 'p'), {}});
    });
  } catch (const DatabaseError& error) {
    return error;
  }
  return {};
}

/// As `Databases::write_trouble` once its last look is too old.
std::optional<DatabaseError> trouble_after_a_while(Databases& databases) {
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  return databases.write_trouble();
}

}  // namespace

TEST_CASE("disk: a full one is named, noticed, and over when there is room again", "[sqlite]") {
  const SmallDisk disk;
  if (!disk.is_there()) SKIP("no file system can be made here");
  Databases databases(disk.database());
  auto db = databases.borrow();
  prepare_schema(*db);
  know_master_key(*db, {"key", "proof", {}});
  CHECK_FALSE(databases.write_trouble());
  CHECK_NOTHROW(db->need_room());

  disk.fill();
  const auto failed = failure_of(*db, 200);
  REQUIRE(failed);
  CHECK(failed->kind() == Kind::full);
  CHECK_THAT(failed->what(), ContainsSubstring("no room") && ContainsSubstring(disk.database()));
  REQUIRE(databases.write_trouble());
  CHECK(databases.write_trouble()->kind() == Kind::full);
  // What is there is still read, and no refresh is begun.
  CHECK(known_master_keys(*db).size() == 1);
  try {
    db->need_room();
    FAIL("a refresh was begun");
  } catch (const DatabaseError& error) {
    CHECK(error.kind() == Kind::full);
  }

  disk.empty();
  CHECK_FALSE(trouble_after_a_while(databases));
  CHECK_FALSE(failure_of(*db, 20));
}

TEST_CASE("disk: a read-only one is named as such", "[sqlite]") {
  const SmallDisk disk;
  if (!disk.is_there()) SKIP("no file system can be made here");
  {
    Database db(disk.database());
    prepare_schema(db);
  }
  if (!disk.make_read_only(true)) SKIP("it cannot be made read-only here");
  try {
    Database db(disk.database());
    (void)failure_of(db, 1);
    const auto failed = failure_of(db, 1);
    REQUIRE(failed);
    throw *failed;
  } catch (const DatabaseError& error) {
    CHECK(error.kind() == Kind::read_only);
    CHECK_THAT(error.what(), ContainsSubstring("read-only"));
  }
}

TEST_CASE("disk: a server that takes no writes is named as such, and noticed without one of ours",
          "[postgres]") {
  const TestDatabase place;
  if (!names_postgres(place.name())) SKIP("there is no server");
  Databases databases(place.name());
  {
    auto db = databases.borrow();
    prepare_schema(*db);
    know_master_key(*db, {"key", "proof", {}});
  }
  CHECK_FALSE(databases.write_trouble());
  Databases closed(place.name() + "%20-cdefault_transaction_read_only%3Don");
  const auto trouble = trouble_after_a_while(closed);
  REQUIRE(trouble);
  CHECK(trouble->kind() == Kind::read_only);
  CHECK_THAT(trouble->what(), ContainsSubstring("read-only"));
  // It is read all the same.
  CHECK(known_master_keys(*closed.borrow()).size() == 1);
}

}  // namespace rekey::disk_test
