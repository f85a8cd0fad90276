// Configurations in the store: choices by rows, what holds at which revision, what goes when.
#include "native/store/configurations.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "native/store/connections.hpp"
#include "native/store/directory.hpp"
#include "native/store/lines.hpp"
#include "native/store/schema.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::store::configurations_test {
namespace {

using mapping::Choice;
using mapping::Configuration;
using mapping::Section;

const wire::Actor ida{wire::Actor::Kind::user, "u-1", "Ida Brook"};

struct Book {
  Book() {
    prepare_schema(db);
    put_tenant(db, "acme", "Acme", from_ms(0));
    key = {ensure_connection(db, "acme", "books", from_ms(0)).id, "123"};
  }

  Edit edit(std::int64_t revision) { return {revision, from_ms(revision * 1000), ida}; }
  std::int64_t choose(std::int64_t revision, const Choice& choice) {
    return put_changes(db, key, edit(revision), {{Section::customers, choice.ours, choice}});
  }
  std::int64_t clear(std::int64_t revision, const std::string& ours) {
    return put_changes(db, key, edit(revision), {{Section::customers, ours, {}}});
  }
  std::vector<Choice> customers() { return current_choices(db, key, Section::customers); }
  std::vector<Choice> customers_at(std::int64_t revision) {
    return configuration_at(db, key, find_revision(db, key, revision).value()).customers;
  }
  std::int64_t rows(const std::string& table) {
    auto row = db.query("select count(*) from " + table);
    row.step();
    return row.int64(0);
  }
  std::int64_t prune() { return prune_choices(db, key.connection, 1000); }

  TestDatabase file;
  Database db{file.name()};
  CompanyKey key;
};

Configuration customers(std::vector<Choice> choices) {
  Configuration out;
  out.customers = std::move(choices);
  return out;
}

const Choice alder{"a", "1", "Alder"}, alder_too{"a", "2", "Alder Ltd"}, birch{"b", "", ""};
const Choice cedar{"c", "", "", true};

}  // namespace

TEST_CASE("configurations: of a page, what is chosen for a record that nobody has is passed over",
          "[store]") {
  Book book;
  auto edit = book.edit(1);
  edit.listed_only = true;
  const auto choose = [&](const Choice& choice) {
    return put_changes(book.db, book.key, edit, {{Section::customers, choice.ours, choice}});
  };
  CHECK(choose(alder) == 0);
  CHECK(book.rows("choices") == 0);
  mapping::Record record;
  record.id = "a";
  record.name = "Alder";
  SECTION("the directory has it") {
    DirectoryEditor(book.db, "acme").put(Section::customers, record);
    CHECK(choose(alder) == 1);
    // In that section alone.
    CHECK(put_changes(book.db, book.key, edit, {{Section::items, "a", alder}}) == 0);
  }
  SECTION("it is listed") {
    put_line(book.db, book.key, Section::customers, record, 1, false);
    CHECK(choose(alder) == 1);
  }
  SECTION("it has a choice that came otherwise") {
    book.choose(2, alder);
    edit.revision = 3;
    CHECK(choose(alder_too) == 1);
    // Also on the way back, when it is undecided meanwhile.
    book.clear(4, "a");
    edit.revision = 5;
    CHECK(go_back(book.db, book.key, edit, 3) == 1);
    CHECK(book.customers() == std::vector{alder_too});
  }
}

TEST_CASE("configurations: each revision is what it was, and the newest what holds", "[store]") {
  Book book;
  CHECK(book.choose(1, alder) == 1);
  CHECK(book.choose(2, birch) == 1);
  CHECK(book.choose(3, alder_too) == 1);
  CHECK(book.choose(4, alder_too) == 0);
  CHECK(book.clear(5, "b") == 1);
  CHECK(book.choose(6, cedar) == 1);
  CHECK(book.customers_at(1) == std::vector{alder});
  CHECK(book.customers_at(2) == std::vector{alder, birch});
  CHECK(book.customers_at(3) == std::vector{alder_too, birch});
  CHECK(book.customers_at(4) == book.customers_at(3));
  CHECK(book.customers_at(5) == std::vector{alder_too});
  CHECK(book.customers() == std::vector{alder_too, cedar});
  // What is as it was is not written again.
  CHECK(book.rows("choices") == 4);
  const auto newest = newest_configuration(book.db, book.key.connection, "123", false);
  REQUIRE(newest);
  CHECK(newest->configuration.customers == book.customers());
  CHECK(newest->actor == ida);
  CHECK(newest->at == from_ms(6000));
  CHECK_FALSE(newest->saved);
  CHECK_FALSE(newest_configuration(book.db, book.key.connection, "123", true));
}

TEST_CASE("configurations: a whole one writes what differs, and clears what is not in it",
          "[store]") {
  Book book;
  const auto put = [&](std::int64_t revision, const Configuration& whole) {
    put_draft(book.db, book.key.connection, "123", revision, whole, from_ms(revision), ida);
  };
  put(1, customers({alder, birch}));
  put(2, customers({birch, cedar}));
  CHECK(book.customers() == std::vector{birch, cedar});
  CHECK(book.customers_at(1) == std::vector{alder, birch});
  CHECK(book.rows("choices") == 3);
  Configuration settings = customers({birch, cedar});
  settings.settings = {true, false, "7"};
  settings.suppliers = {{"a", "9", "Another list"}};
  put(3, settings);
  CHECK(newest_configuration(book.db, book.key.connection, "123", false)->configuration ==
        settings);
  CHECK(find_revision(book.db, book.key, 2)->settings == mapping::Settings{});
  // A change that brings no settings keeps them.
  book.choose(4, alder);
  CHECK(newest_revision(book.db, book.key, false)->settings == settings.settings);
}

TEST_CASE("configurations: what differs between two revisions, on either way and in parts",
          "[store]") {
  Book book;
  book.choose(1, alder);
  book.choose(2, birch);
  book.choose(3, alder_too);
  book.clear(4, "b");
  book.choose(5, birch);
  book.choose(6, cedar);
  book.clear(7, "c");
  put_line(book.db, book.key, Section::customers, {"a", "Alder & Sons", "", true}, 1, false);
  const auto between = [&](std::int64_t from, std::int64_t to) {
    std::map<std::string, std::pair<std::optional<Choice>, std::optional<Choice>>> out;
    for (const auto& each : compare(book.db, book.key, from, to, {}, 100))
      out[each.ours] = {each.before, each.after};
    return out;
  };
  using Found = decltype(between(0, 0));
  CHECK(between(1, 3) == Found{{"a", {alder, alder_too}}, {"b", {std::nullopt, birch}}});
  CHECK(between(3, 1) == Found{{"a", {alder_too, alder}}, {"b", {birch, std::nullopt}}});
  // What came and went in between, or is again as it was, does not differ.
  CHECK(between(3, 7).empty());
  CHECK(between(5, 6) == Found{{"c", {std::nullopt, cedar}}});
  const auto first = compare(book.db, book.key, 0, 5, {}, 1);
  REQUIRE(first.size() == 1);
  CHECK(first[0].ours == "a");
  CHECK(first[0].actor == ida);
  CHECK(first[0].name == "Alder & Sons");
  const auto rest = compare(book.db, book.key, 0, 5, {"customers", "a"}, 100);
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].ours == "b");
  CHECK(rest[0].name.empty());
  CHECK(compare(book.db, book.key, 0, 5, {"suppliers", ""}, 100).empty());
}

TEST_CASE("configurations: going back is a new draft, and so can be gone back from", "[store]") {
  Book book;
  put_draft(book.db, book.key.connection, "123", 1, customers({alder, birch}), from_ms(1), ida);
  Configuration second = customers({alder_too, cedar});
  second.settings.create_customers = true;
  put_draft(book.db, book.key.connection, "123", 2, second, from_ms(2), ida);
  CHECK(go_back(book.db, book.key, book.edit(3), 1) == 3);
  CHECK(book.customers() == std::vector{alder, birch});
  CHECK_FALSE(newest_revision(book.db, book.key, false)->settings.create_customers);
  CHECK(go_back(book.db, book.key, book.edit(4), 2) == 3);
  CHECK(newest_configuration(book.db, book.key.connection, "123", false)->configuration == second);
  CHECK(book.customers_at(3) == std::vector{alder, birch});
  CHECK_FALSE(go_back(book.db, book.key, book.edit(5), 77));
  CHECK(newest_revision(book.db, book.key, false)->revision == 4);
}

TEST_CASE("configurations: before the first revision of a company nothing was chosen", "[store]") {
  Book book;
  // The revisions before were of another company, or there were none.
  CHECK_FALSE(go_back(book.db, book.key, book.edit(8), 7));
  put_draft(book.db, book.key.connection, "123", 8, customers({alder, birch}), from_ms(1), ida);
  CHECK_FALSE(go_back(book.db, book.key, book.edit(9), 9));
  CHECK(go_back(book.db, book.key, book.edit(9), 7) == 2);
  CHECK(book.customers().empty());
  CHECK(go_back(book.db, book.key, book.edit(10), 8) == 2);
  CHECK(book.customers() == std::vector{alder, birch});
  // Once some have left the list, what was chosen at older ones is not known.
  for (std::int64_t revision = 11; revision < 11 + drafts_to_undo; ++revision)
    put_draft(book.db, book.key.connection, "123", revision, customers({cedar}), from_ms(2), ida);
  CHECK_FALSE(go_back(book.db, book.key, book.edit(500), 7));
  CHECK(book.customers() == std::vector{cedar});
}

TEST_CASE("configurations: another company's choices are kept aside", "[store]") {
  Book book;
  book.choose(1, alder);
  const CompanyKey other{book.key.connection, "456"};
  put_changes(book.db, other, book.edit(2), {{Section::customers, "a", alder_too}});
  CHECK(book.customers() == std::vector{alder});
  CHECK(current_choices(book.db, other, Section::customers) == std::vector{alder_too});
  CHECK(newest_revision(book.db, book.key, false)->revision == 1);
}

TEST_CASE("configurations: rows that no version can see go, a few at a time, and no others",
          "[store]") {
  Book book;
  const auto save = [&](std::int64_t revision, const Choice& choice) {
    book.choose(revision, choice);
    return mark_saved(book.db, book.key.connection, revision);
  };
  for (std::int64_t i = 1; i <= 105; ++i)
    CHECK(save(i, {"a", std::to_string(i), ""}) == (i > 100 ? 1 : 0));
  CHECK(book.rows("choices") == 105);
  CHECK(prune_choices(book.db, book.key.connection, 2) == 2);
  CHECK(book.prune() == 3);
  CHECK(book.prune() == 0);
  for (std::int64_t i = 6; i <= 105; ++i)
    CHECK(book.customers_at(i) == std::vector{Choice{"a", std::to_string(i), ""}});
  CHECK_FALSE(find_revision(book.db, book.key, 5));
  CHECK_FALSE(mark_saved(book.db, book.key.connection, 500));
}

TEST_CASE("configurations: of the drafts, those to undo stay; a snapshot keeps what it saw",
          "[store]") {
  Book book;
  book.choose(1, alder);
  take_snapshot(book.db, book.key.connection, "123", from_ms(1));
  for (std::int64_t i = 2; i <= drafts_to_undo + 10; ++i)
    book.choose(i, {"a", std::to_string(i), ""});
  CHECK(book.rows("configurations") == drafts_to_undo);
  CHECK(book.prune() == 9);
  auto row = book.db.query("select theirs from choices where since = 1");
  REQUIRE(row.step());
  CHECK(row.text(0) == "1");
}

TEST_CASE("configurations: drafts that are too old are undone, back to the saved one", "[store]") {
  Book book;
  book.choose(1, alder);
  REQUIRE(mark_saved(book.db, book.key.connection, 1));
  book.choose(2, alder_too);
  book.choose(3, birch);
  CHECK(remove_old_drafts(book.db, book.key.connection, from_ms(2000)) == 0);
  // The newest draft is young: nothing of it is undone.
  CHECK(remove_old_drafts(book.db, book.key.connection, from_ms(2500)) == 1);
  CHECK(book.customers() == std::vector{alder_too, birch});
  CHECK(remove_old_drafts(book.db, book.key.connection, from_ms(9000)) == 1);
  CHECK(book.customers() == std::vector{alder});
  // And goes on from there.
  book.choose(4, alder_too);
  CHECK(book.customers_at(1) == std::vector{alder});
  CHECK(book.customers() == std::vector{alder_too});
  take_snapshot(book.db, book.key.connection, "123", from_ms(4000));
  CHECK(remove_old_drafts(book.db, book.key.connection, from_ms(9000)) == 0);
  CHECK(book.customers() == std::vector{alder_too});
}

TEST_CASE("configurations: bodies of earlier versions become rows, and read as they were",
          "[store]") {
  Book book;
  for (const char* table : {"configurations", "snapshots"})
    book.db.run_script(
        (std::string("alter table ") + table + " add column body text not null default ''")
            .c_str());
  const auto body = [&](std::int64_t revision, std::int64_t saved, const std::string& text) {
    book.db.run(
        "insert into configurations (connection, realm_id, revision, at, saved, actor, body) "
        "values (?1, '123', ?2, ?3, ?4, ?5, ?6)",
        book.key.connection, revision, revision * 1000, saved, wire::text_of(ida), text);
  };
  Configuration first = customers({alder, birch}), second = customers({alder, cedar});
  first.accounts = {{"4000", "5", "Sales"}};
  second.settings.terms = "3";
  auto twice = customers({alder, alder_too});
  body(2, 1, wire::text_of(first));
  body(5, 1, "no JSON");
  body(7, 1, wire::text_of(second));
  body(9, 0, wire::text_of(twice));
  book.db.run(
      "insert into snapshots (connection, realm_id, revision, at, body) values (?1, '123', 4, 4, "
      "?2)",
      book.key.connection, wire::text_of(customers({birch})));
  move_bodies_to_rows(book.db);
  const auto at = [&](std::int64_t revision) {
    return configuration_at(book.db, book.key, find_revision(book.db, book.key, revision).value());
  };
  CHECK(at(2) == first);
  CHECK(at(7) == second);
  CHECK(at(9) == customers({alder}));
  CHECK(newest_configuration(book.db, book.key.connection, "123", true)->configuration == second);
  const auto between = compare(book.db, book.key, 2, 7, {}, 100);
  CHECK(between.size() == 3);
  // The snapshot's revision is not in the list; what it saw is kept for it.
  CHECK(configuration_at(book.db, book.key, Revision{4, {}, false, {}, {}}) == customers({birch}));
  CHECK(book.prune() == 0);
}

}  // namespace rekey::store::configurations_test
