#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "native/sandbox/books/demo_directory.hpp"

namespace rekey::sandbox_directory_test {

using namespace rekey::sandbox;

namespace {

struct Shares {
  int exact = 0, near = 0, none = 0;
};

/// How a list meets the company's names: as they are, in one of the ways they may be written
/// differently, or not at all.
Shares shares(const std::vector<DirectoryEntry>& list, const Company& company, Entity entity) {
  std::set<std::string> exact, written;
  for (std::uint64_t row = 0; row < company.rows(entity); ++row) {
    const std::string name = company.read(entity, row)["DisplayName"];
    exact.insert(name);
    for (std::uint64_t habit = 0; habit < written_habits; ++habit)
      for (std::uint64_t slip = 0; slip < 4; ++slip)
        written.insert(written_differently(name, habit + written_habits * 16 * slip));
  }
  Shares out;
  for (const auto& entry : list)
    ++(exact.count(entry.name) ? out.exact : written.count(entry.name) ? out.near : out.none);
  return out;
}

Company demo() {
  return Company({"9130347712345678", "Marlowe Lantern Supply", 1200});
}

}  // namespace

TEST_CASE("directory: it is of the announced size, and the same each time", "[sandbox]") {
  const auto directory = demo_directory(demo());
  CHECK(directory.customers.size() == 120);
  CHECK(directory.suppliers.size() == 40);
  CHECK(directory.accounts.size() == 12);
  CHECK(directory.tax_codes.size() == 6);
  CHECK(demo_directory(demo()).customers == directory.customers);
  CHECK(demo_directory(demo(), 2).customers != directory.customers);
}

TEST_CASE("directory: ids are unique, names are not empty, and a few people are in it twice",
          "[sandbox]") {
  const auto directory = demo_directory(demo());
  std::set<std::string> ids, names;
  for (const auto& entry : directory.customers) {
    CHECK(ids.insert(entry.id).second);
    CHECK_FALSE(entry.name.empty());
    names.insert(entry.name);
  }
  CHECK(names.size() < directory.customers.size());
  CHECK(names.size() > directory.customers.size() - 8);
}

TEST_CASE("directory: about half the names are the company's own, a quarter nearly, a fifth not",
          "[sandbox]") {
  const Company company = demo();
  const auto directory = demo_directory(company);
  const Shares customers = shares(directory.customers, company, Entity::customer);
  CAPTURE(customers.exact, customers.near, customers.none);
  CHECK(customers.exact >= 60);
  CHECK(customers.exact <= 72);
  CHECK(customers.near >= 24);
  CHECK(customers.near <= 36);
  CHECK(customers.none >= 20);
  CHECK(customers.none <= 28);
  const Shares suppliers = shares(directory.suppliers, company, Entity::vendor);
  CHECK(suppliers.exact >= 18);
  CHECK(suppliers.exact <= 26);
}

TEST_CASE("directory: every habit of writing changes the name", "[sandbox]") {
  for (const char* name : {"Löwenbach Optik GmbH", "Mara Thornmere", "霧浜工房", "A", "ООО"})
    for (std::uint64_t how = 0; how < 60; ++how) {
      CAPTURE(name, how);
      CHECK(written_differently(name, how) != name);
    }
  CHECK(written_differently("Thornmere Joinery Limited", 0) == "Thornmere Joinery Ltd.");
  CHECK(written_differently("Löwenbach", 1) == "Lowenbach");
  CHECK(written_differently("Mara Thornmere", 2) == "Thornmere, Mara");
  CHECK(written_differently("Mara Thornmere", 3) == "Mraa Thornmere");
  CHECK(written_differently("A. & B. Fen", 4) == "A  B Fen");
  CHECK(written_differently("Mara", 5) == "MARA");
}

TEST_CASE("directory: a company without customers still gets a directory of strangers",
          "[sandbox]") {
  const Company empty({"5", "Empty", 0});
  CHECK(demo_directory(empty).customers.size() == 120);
}

}  // namespace rekey::sandbox_directory_test
