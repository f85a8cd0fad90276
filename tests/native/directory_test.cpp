// The host's directory in the store, record by record.
#include "native/store/directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include "native/store/connections.hpp"
#include "native/store/records.hpp"
#include "native/store/schema.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::store::directory_test {
namespace {

using mapping::Section;
using Outcome = DirectoryEditor::Outcome;

struct Directory {
  Directory() {
    prepare_schema(db);
    for (const char* tenant : {"acme", "other"}) put_tenant(db, tenant, tenant, from_ms(0));
  }
  TestDatabase file;
  Database db{file.name()};
};

}  // namespace

TEST_CASE("directory: a record is added at the end, changed in its place, and removed once",
          "[store]") {
  Directory directory;
  auto& db = directory.db;
  put_directory(db, "acme", {{}, {}, {{"b", "Birch", "", true}, {"a", "Alder", "", true}}, {}});
  DirectoryEditor editor(db, "acme");
  CHECK(editor.put(Section::customers, {"c", "Cedar", "x", true}) == Outcome::added);
  CHECK(editor.put(Section::customers, {"d", "Deodar", "", true}) == Outcome::added);
  CHECK(editor.put(Section::customers, {"b", "Birch", "", true}) == Outcome::unchanged);
  CHECK(editor.put(Section::customers, {"b", "Beech", "", true}) == Outcome::changed);
  CHECK(editor.put(Section::suppliers, {"b", "Beech", "", true}) == Outcome::added);
  CHECK(editor.remove(Section::customers, "a") == Outcome::removed);
  CHECK(editor.remove(Section::customers, "a") == Outcome::missing);
  const auto now = store::directory(db, "acme");
  CHECK(now.customers == std::vector<mapping::Record>{{"b", "Beech", "", true},
                                                      {"c", "Cedar", "x", true},
                                                      {"d", "Deodar", "", true}});
  CHECK(now.suppliers.size() == 1);
  CHECK(store::directory(db, "other").customers.empty());
}

TEST_CASE("directory: pages go on after an id, and removals are counted", "[store]") {
  Directory directory;
  auto& db = directory.db;
  mapping::Records records;
  for (const char* id : {"5", "1", "4", "2", "3"}) records.customers.push_back({id, id, "", true});
  put_directory(db, "acme", records);
  const auto first = directory_page(db, "acme", Section::customers, "", 2);
  REQUIRE(first.size() == 2);
  CHECK(first.back().id == "2");
  const auto rest = directory_page(db, "acme", Section::customers, "2", 10);
  CHECK(rest.size() == 3);
  CHECK(directory_count(db, "acme", Section::customers) == 5);
  CHECK(directory_count_beside(db, "acme", Section::customers, {"1", "2", "9"}) == 3);
  CHECK(directory_count(db, "other", Section::customers) == 0);
}

}  // namespace rekey::store::directory_test
