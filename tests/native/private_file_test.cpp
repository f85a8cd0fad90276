// Files with secrets in them: whose they are, and who else may read or change them.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

#include "native/store/schema.hpp"
#include "native/system/private_file.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::private_file_test {

using Catch::Matchers::ContainsSubstring;
using system::Readers;

namespace {

struct stat file_of(uid_t owner, mode_t mode) {
  struct stat out {};
  out.st_uid = owner;
  out.st_mode = S_IFREG | mode;
  return out;
}

std::string hint_of(uid_t owner, mode_t mode, Readers readers = Readers::owner) {
  const auto checked = system::check_private(file_of(owner, mode), "The key", "/k", readers);
  return checked ? "" : checked.error().hint;
}

}  // namespace

TEST_CASE("private file: a file of ours is for us alone", "[system]") {
  const auto us = ::geteuid();
  for (const mode_t good : {0600, 0400}) CHECK(hint_of(us, good) == "");
  for (const mode_t bad : {0644, 0604, 0620, 0602, 0666, 0610, 0601}) {
    CAPTURE(bad);
    CHECK_THAT(hint_of(us, bad), ContainsSubstring("Run: chmod 600 /k"));
  }
}

TEST_CASE("private file: that of another user is refused, and root's is not", "[system]") {
  CHECK_THAT(hint_of(::geteuid() + 1000, 0600), ContainsSubstring("belongs to another user"));
  CHECK(hint_of(0, 0600) == "");
}

TEST_CASE("private file: what is mounted read-only for a group may be read by it", "[system]") {
  // Kubernetes with an fsGroup; systemd credentials, whose access list shows as the group's rights.
  CHECK(hint_of(0, 0440) == "");
  CHECK_THAT(hint_of(0, 0444), ContainsSubstring("chmod 640"));
}

TEST_CASE("private file: the group of root's TLS key may read it, and not write it", "[system]") {
  CHECK(hint_of(0, 0640, Readers::group) == "");
  CHECK_THAT(hint_of(0, 0660, Readers::group), ContainsSubstring("chmod 640"));
  CHECK_THAT(hint_of(0, 0644, Readers::group), ContainsSubstring("chmod 640"));
}

TEST_CASE("private file: a link is as private as what it leads to", "[system]") {
  const store::TestDatabase place;
  const std::string file = place.folder() / "secret", link = place.folder() / "link";
  std::ofstream(file) << "x";
  ::chmod(file.c_str(), 0600);
  REQUIRE(::symlink(file.c_str(), link.c_str()) == 0);
  CHECK(system::check_private_file(link, "The secret"));
  ::chmod(file.c_str(), 0644);
  CHECK_FALSE(system::check_private_file(link, "The secret"));
  CHECK(system::check_private_file(file + ".absent", "The secret"));
}

TEST_CASE("private file: an SQLite database that others can read is refused", "[sqlite]") {
  const store::TestDatabase place;
  const auto* which = GENERATE("", "-wal", "-shm");
  store::Database first(place.file());
  store::prepare_schema(first);
  const std::string file = place.file() + which;
  REQUIRE(::chmod(file.c_str(), 0644) == 0);
  try {
    store::Database second(place.file());
    FAIL("it was opened");
  } catch (const store::DatabaseError& error) {
    CHECK_THAT(error.what(), ContainsSubstring("chmod 600 " + file));
  }
}

}  // namespace rekey::private_file_test
