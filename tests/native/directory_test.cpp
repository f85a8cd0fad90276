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

TEST_CASE("directory: one that is put record by record is what was put, in its order", "[store]") {
  Directory directory;
  auto& db = directory.db;
  put_directory(db, "acme",
                {{{"s", "Sales", "", true}},
                 {},
                 {{"b", "Birch", "", true}, {"a", "Alder", "", true}, {"c", "Cedar", "", true}},
                 {}});
  put_directory(db, "other", {{}, {}, {{"b", "Birch", "", true}}, {}});
  DirectoryReplacement replacement(db, "acme");
  CHECK(replacement.put(Section::customers, {"d", "Deodar", "", true}));
  CHECK(replacement.put(Section::customers, {"a", "Aspen", "x", true}));
  // Once, also of what was there before.
  CHECK_FALSE(replacement.put(Section::customers, {"d", "Deodar", "", true}));
  CHECK_FALSE(replacement.put(Section::customers, {"a", "Alder", "", true}));
  CHECK(replacement.there(Section::customers) == 3);
  CHECK(replacement.removed(Section::customers) == 2);
  CHECK(replacement.removed(Section::accounts) == 1);
  CHECK(replacement.put_so_far(Section::customers) == 2);
  replacement.finish();
  const std::vector<mapping::Record> expected{{"d", "Deodar", "", true}, {"a", "Aspen", "x", true}};
  CHECK(store::directory(db, "acme").customers == expected);
  CHECK(store::directory(db, "acme").accounts.empty());
  CHECK(store::directory(db, "other").customers.size() == 1);
  // The next record comes behind them.
  DirectoryEditor editor(db, "acme");
  CHECK(editor.put(Section::customers, {"e", "Elm", "", true}) == Outcome::added);
  CHECK(store::directory(db, "acme").customers.back().id == "e");
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

TEST_CASE("directory: a record comes back with every field, and a change of any is one",
          "[store]") {
  Directory directory;
  auto& db = directory.db;
  mapping::Record full{"f", "Full", "d", true};
  full.given_name = "Ida", full.family_name = "Brook", full.company = "Brook & Sons";
  full.parent = "Brook", full.emails = {"ida@brook.example", "office@brook.example"};
  full.phones = {"+44 20 7946 0000"}, full.street = "1 Mill Lane", full.city = "Köln";
  full.postcode = "50667", full.country = "DE", full.tax_number = "DE 123", full.number = "70001";
  full.website = "https://brook.example", full.kind = "Trade";
  put_directory(db, "acme", {{}, {}, {full, {"p", "Plain", "", true}}, {}});
  CHECK(store::directory(db, "acme").customers.front() == full);
  CHECK(directory_page(db, "acme", Section::customers, "", 1).front() == full);
  DirectoryEditor editor(db, "acme");
  CHECK(editor.put(Section::customers, full) == Outcome::unchanged);
  const auto changed = [&](const mapping::Record& to) {
    CHECK(editor.put(Section::customers, to) == Outcome::changed);
    CHECK(store::directory(db, "acme").customers.front() == to);
  };
  std::apply(
      [&](const auto&... each) {
        const auto without = [&](const auto& field) {
          INFO(field.name);
          auto other = full;
          other.*(field.member) = {};
          changed(other);
          changed(full);
        };
        (without(each), ...);
      },
      mapping::Record::details());
  changed({"f", "Full", "d", true});
  auto row = db.query("select fields from directory where tenant = 'acme' order by id");
  while (row.step()) CHECK(row.text(0).empty());
}

TEST_CASE("directory: fields that are none are the database's fault, and told as that", "[store]") {
  Directory directory;
  auto& db = directory.db;
  put_directory(db, "acme", {{}, {}, {{"p", "Plain", "", true}}, {}});
  for (const char* odd : {"[]", "1", "{", R"({"emails":"a@b.example"})", R"({"city":1})"}) {
    INFO(odd);
    db.run("update directory set fields = ?1", odd);
    CHECK_THROWS_AS(store::directory(db, "acme"), DatabaseError);
  }
}

}  // namespace rekey::store::directory_test
