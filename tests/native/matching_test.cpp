// The lines of a configuration: how they are made, kept in step with what is chosen, listed and
// counted.
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "native/store/imported.hpp"
#include "native/store/lines.hpp"
#include "native/store/matching.hpp"
#include "native/store/records.hpp"
#include "native/work/matcher.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::work::matching_test {
namespace {

using mapping::Choice;
using mapping::Section;
using store::LineFilter;
using store::LineState;

struct Matching : Harness {
  Matching() { (void)link(3600); }

  /// The host's customers, by id and name.
  void host_has(const std::vector<mapping::Record>& customers) {
    auto db = databases->borrow();
    store::put_directory(*db, owner.tenant, {{}, {}, customers, {}});
    store::ask_matching_of_tenant(*db, owner.tenant, driver->now());
  }
  /// What the company has, as an import would leave it.
  void company_has(const std::vector<std::pair<std::string, std::string>>& customers) {
    auto db = databases->borrow();
    const store::List list{owner.connection, "123", imports::Entity::customer};
    std::vector<imports::Row> rows;
    for (const auto& [id, name] : customers) {
      imports::Row row;
      row.id = id;
      row.body = wire::dump({{"Id", id},
                             {"DisplayName", name.substr(name.find('-') + 1)},
                             {"Active", name.find('-') != 0}});
      rows.push_back(std::move(row));
    }
    const auto count = static_cast<std::int64_t>(rows.size());
    store::in_transaction(*db, [&] {
      store::begin_list(*db, list, ++run, {});
      store::put_staged(*db, list, run, 0, rows, driver->now());
      const store::ListRead read{imports::Entity::customer, count};
      store::use_staged(*db, owner.connection, "123", std::span(&read, 1), driver->now());
      store::ask_matching(*db, owner.connection, driver->now());
    });
  }
  /// Of lists that have nothing.
  void import_ends() {
    for (const auto each : imports::current_plan())
      (void)driver->take(owner.connection, wire::by_provider(),
                         imports::PageImported{state().import.run, each, 0, {}, true});
    REQUIRE(imports::in_use(state().import));
  }
  bool match() {
    return Matcher::pass(*driver, clients, [] { return false; });
  }
  void choose(const std::string& ours, const std::string& theirs, const std::string& name) {
    auto db = databases->borrow();
    store::put_changes(*db, key(), {++revision, driver->now(), {}},
                       {{Section::customers, ours, Choice{ours, theirs, name}}});
  }
  void clear(const std::string& ours) {
    auto db = databases->borrow();
    store::put_changes(*db, key(), {++revision, driver->now(), {}},
                       {{Section::customers, ours, {}}});
  }
  std::vector<store::Obstacle> obstacles(const store::ObstacleQuery& query) {
    return store::obstacles(*databases->borrow(), key(), query);
  }
  store::CompanyKey key() const { return {owner.connection, "123"}; }
  store::SectionCounts counts() {
    return store::section_counts(*databases->borrow(),
                                 key())[static_cast<std::size_t>(Section::customers)];
  }
  std::vector<mapping::ChangeCount> changes() {
    return store::change_counts(*databases->borrow(), key());
  }
  std::vector<store::Line> lines(std::optional<LineFilter> filter = {},
                                 const std::string& search = {}) {
    return store::lines(*databases->borrow(), key(),
                        {.section = Section::customers, .search = search, .filter = filter});
  }
  std::vector<std::string> ids(std::optional<LineFilter> filter = {},
                               const std::string& search = {}) {
    std::vector<std::string> out;
    for (const auto& each : lines(filter, search)) out.push_back(each.record.id);
    return out;
  }

  /// What is chosen by accepting what is suggested; it is undone again.
  std::vector<std::string> accepted(double confidence) {
    auto db = databases->borrow();
    const store::Transaction undone(*db);
    std::set<std::string> before;
    for (const auto& each : store::current_choices(*db, key(), Section::customers))
      before.insert(each.ours);
    const auto count = store::count_acceptable(*db, key(), Section::customers, confidence);
    CHECK(store::choose_suggested(*db, key(), Section::customers, {100, driver->now(), {}},
                                  confidence) == count);
    std::vector<std::string> out;
    for (const auto& each : store::current_choices(*db, key(), Section::customers))
      if (!before.contains(each.ours)) out.push_back(each.ours);
    CHECK(static_cast<std::int64_t>(out.size()) == count);
    return out;
  }

  std::int64_t run = 0, revision = 0;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("matching: lines are made once, with what is suggested, and again for what changed",
          "[work]") {
  Matching page;
  page.host_has({{"b", "Birch Works", "", true}, {"a", "Alder", "", true}, {"z", "Zzz", "", true}});
  page.company_has({{"1", "Alder"}, {"2", "Birch Works Ltd"}});
  CHECK(page.match());
  CHECK_FALSE(page.match());
  CHECK(page.ids() == Ids{"a", "b", "z"});
  CHECK(page.ids(LineFilter::suggested) == Ids{"a", "b"});
  CHECK(page.ids(LineFilter::undecided) == Ids{"z"});
  const auto first = page.lines().front();
  REQUIRE_FALSE(first.candidates.empty());
  CHECK(first.candidates[0].record.name == "Alder");
  CHECK(first.candidates[0].suggestion.confidence > 0.5);
  CHECK_FALSE(first.candidates[0].suggestion.reasons.empty());
  CHECK(page.counts().total == 3);
  page.host_has({{"a", "Alder", "", true}, {"z", "Birch Works", "", true}});
  CHECK(page.match());
  CHECK(page.ids() == Ids{"a", "z"});
  CHECK(page.ids(LineFilter::suggested) == Ids{"a", "z"});
  // Nothing was saved: there is nothing to have appeared since.
  CHECK(page.counts().changed == 0);
}

TEST_CASE("matching: of a long list only what changed is matched again, until much has", "[work]") {
  Matching page;
  std::vector<mapping::Record> ours;
  std::vector<std::pair<std::string, std::string>> theirs;
  const auto name = [](int number) {
    constexpr std::string_view parts = "badofugikelmun";
    std::string word;
    for (int i = 0; i < 4; ++i, number /= 7)
      word += parts.substr(static_cast<std::size_t>(number % 7) * 2, 2);
    return word + "stead " + word + "wick";
  };
  for (int i = 0; i < 600; ++i) {
    ours.push_back({"h" + std::to_string(i), name(i), "", true});
    theirs.emplace_back(std::to_string(i), name(i));
  }
  const auto best_of = [&](const std::string& id) {
    const std::vector<std::string> ids = {id};
    const auto lines =
        store::lines_of(*page.databases->borrow(), page.key(), Section::customers, ids);
    return lines.empty() || lines[0].candidates.empty() ? std::string()
                                                        : lines[0].candidates[0].record.id;
  };
  const auto changed = [&] {
    const auto model =
        store::matching_model(*page.databases->borrow(), page.key(), Section::customers);
    REQUIRE(model);
    return model->changed;
  };
  const auto match = [&] {
    page.host_has(ours);
    page.company_has(theirs);
    CHECK(page.match());
  };
  // Of a host that had nothing, nothing was learned that the first records could be matched by.
  theirs.resize(1200, {"", ""});
  for (int i = 600; i < 1200; ++i)
    theirs[static_cast<std::size_t>(i)] = {std::to_string(i), name(i)};
  page.company_has(theirs);
  REQUIRE(page.match());
  const std::vector<mapping::Record> first(ours.begin(), ours.begin() + 5);
  page.host_has(first);
  REQUIRE(page.match());
  CHECK(changed() == 0);
  theirs.resize(600);
  match();
  CHECK(changed() == 0);
  CHECK(best_of("h8") == "8");
  ours[7].name = "Quite Another";
  theirs.emplace_back("new", "Quite Another Ltd");
  theirs.erase(theirs.begin() + 300);
  match();
  CHECK(changed() == 3);
  CHECK(best_of("h7") == "new");
  CHECK(best_of("h8") == "8");
  CHECK(best_of("h300") != "300");
  for (std::size_t i = 400; i < 500; ++i) ours[i].name += " Foods";
  match();
  CHECK(changed() == 0);
  CHECK(best_of("h7") == "new");
  CHECK(best_of("h450") == "450");
}

TEST_CASE("matching: each edit keeps its lines in step", "[work]") {
  Matching page;
  page.host_has({{"a", "Alder", "", true}, {"b", "Birch", "", true}, {"c", "Cedar", "", true}});
  page.company_has({{"1", "Alder"}, {"2", "Birch"}, {"3", "Elm"}});
  REQUIRE(page.match());
  page.choose("a", "1", "Alder");
  page.choose("b", "", "");
  CHECK(page.ids(LineFilter::chosen) == Ids{"a"});
  CHECK(page.ids(LineFilter::none) == Ids{"b"});
  CHECK(page.counts().chosen == 1);
  CHECK(page.counts().none == 1);
  CHECK(page.counts().undecided == 1);
  // Two to one is a conflict of both, three to one of all three; and it ends.
  page.choose("b", "1", "Alder");
  CHECK(page.ids(LineFilter::conflicts) == Ids{"a", "b"});
  page.choose("c", "1", "Alder");
  CHECK(page.ids(LineFilter::conflicts) == Ids{"a", "b", "c"});
  page.choose("c", "3", "Elm");
  CHECK(page.ids(LineFilter::conflicts) == Ids{"a", "b"});
  page.clear("b");
  CHECK(page.counts().conflicts == 0);
  CHECK(page.ids(LineFilter::suggested) == Ids{"b"});
}

TEST_CASE("matching: what was chosen and is gone, inactive or renamed is told", "[work]") {
  Matching page;
  page.host_has({{"a", "Alder", "", true}, {"b", "Birch", "", true}, {"c", "Cedar", "", true}});
  page.company_has({{"1", "Alder"}, {"2", "Birch"}, {"3", "Cedar"}});
  REQUIRE(page.match());
  page.choose("a", "1", "Alder");
  page.choose("b", "2", "Birch");
  page.choose("c", "3", "Cedar");
  page.company_has({{"2", "-Birch"}, {"3", "Cedar & Sons"}});
  REQUIRE(page.match());
  const auto lines = page.lines(LineFilter::changed);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].change == mapping::Change::target_gone);
  CHECK(lines[1].change == mapping::Change::target_inactive);
  CHECK(lines[2].change == mapping::Change::target_renamed);
  CHECK(lines[2].choice == Choice{"c", "3", "Cedar"});
  using mapping::Change, mapping::ChangeCount;
  CHECK(page.changes() ==
        std::vector<ChangeCount>{{Section::customers, Change::target_gone, 1},
                                 {Section::customers, Change::target_inactive, 1},
                                 {Section::customers, Change::target_renamed, 1}});
  const auto stop = page.obstacles({.sections = mapping::all_sections});
  REQUIRE(stop.size() == 2);
  CHECK(stop[0].ours == "a");
  CHECK(stop[1].change == mapping::Change::target_inactive);
  CHECK(page.obstacles({.sections = mapping::all_sections, .most = 1}).size() == 1);
  // Of lists that are not mapped, nothing is in the way.
  const std::array others = {Section::items, Section::classes};
  CHECK(page.obstacles({.sections = others}).empty());
}

TEST_CASE("matching: a choice for a record that the host has no more is kept aside", "[work]") {
  Matching page;
  page.host_has({{"a", "Alder", "", true}, {"b", "Birch", "", true}});
  page.company_has({{"1", "Alder"}});
  REQUIRE(page.match());
  page.choose("a", "1", "Alder");
  page.host_has({{"b", "Birch", "", true}});
  REQUIRE(page.match());
  CHECK(page.ids(LineFilter::gone) == Ids{"a"});
  CHECK(page.counts().total == 1);
  CHECK(page.counts().gone == 1);
  CHECK(page.counts().chosen == 0);
  page.host_has({{"a", "Alder", "", true}, {"b", "Birch", "", true}});
  REQUIRE(page.match());
  CHECK(page.ids(LineFilter::chosen) == Ids{"a"});
  CHECK(page.counts().gone == 0);
}

TEST_CASE("matching: what the host brought early fills what the customer has left open", "[work]") {
  Matching page;
  page.host_has({{"a", "Alder", "", true}, {"b", "Birch", "", true}});
  page.import_ends();
  page.company_has({{"1", "Alder"}, {"2", "Birch"}});
  {
    auto db = page.databases->borrow();
    store::put_changes(*db, {page.owner.connection, ""}, {1, page.driver->now(), {}},
                       {{Section::customers, "a", Choice{"a", "2", ""}},
                        {Section::customers, "b", Choice{"b", "2", ""}}});
  }
  // Saving the company's first revision does not mean the one of the same number that waits.
  REQUIRE(page.driver->take(page.owner.connection, wire::by_time(), save::Edited{0},
                            [&](store::Database& db, const auto&, const Step& next) {
                              CHECK(next.next.save.revision == 1);
                              store::put_changes(
                                  db, page.key(), {1, page.driver->now(), {}},
                                  {{Section::customers, "a", Choice{"a", "1", "Alder"}}});
                            }));
  CHECK(store::mark_saved(*page.databases->borrow(), page.owner.connection, 1));
  CHECK(store::newest_revision(*page.databases->borrow(), page.key(), true)->revision == 1);
  REQUIRE(page.match());
  auto db = page.databases->borrow();
  CHECK(store::current_choices(*db, page.key(), Section::customers) ==
        std::vector{Choice{"a", "1", "Alder"}, Choice{"b", "2", "Birch"}});
  CHECK_FALSE(store::newest_revision(*db, {page.owner.connection, ""}, false));
}

TEST_CASE("matching: lines of another company are not kept", "[work]") {
  Matching page;
  page.host_has({{"a", "Alder", "", true}});
  page.company_has({{"1", "Alder"}});
  {
    auto db = page.databases->borrow();
    store::put_line(*db, {page.owner.connection, "456"}, Section::customers,
                    {"a", "Alder", "alder@x", true}, 1, false);
    REQUIRE(store::has_lines(*db, {page.owner.connection, "456"}));
  }
  REQUIRE(page.match());
  CHECK_FALSE(store::has_lines(*page.databases->borrow(), {page.owner.connection, "456"}));
  CHECK(page.ids() == std::vector<std::string>{"a"});
}

TEST_CASE("matching: only what came after the save has appeared", "[work]") {
  Matching page;
  page.host_has({{"a", "Alder", "", true}, {"u", "Undecided", "", true}});
  page.company_has({{"1", "Alder"}});
  REQUIRE(page.match());
  page.choose("a", "1", "Alder");
  REQUIRE(store::mark_saved(*page.databases->borrow(), page.owner.connection, 1));
  page.host_has({{"a", "Alder", "", true}, {"u", "Undecided", "", true}, {"n", "New", "", true}});
  REQUIRE(page.match());
  CHECK(page.ids(LineFilter::changed) == Ids{"n"});
  // So have records to choose from, in lists in which the host has any.
  page.company_has({{"1", "Alder"}, {"2", "Birch"}, {"3", "Cedar"}});
  REQUIRE(page.match());
  using mapping::Change, mapping::ChangeCount;
  CHECK(page.changes() ==
        std::vector<ChangeCount>{{Section::customers, Change::appeared, 1},
                                 {Section::customers, Change::target_appeared, 2}});
  // Left undecided at the next save, it has been there.
  page.choose("a", "", "");
  REQUIRE(store::mark_saved(*page.databases->borrow(), page.owner.connection, 1));
  CHECK(page.counts().changed == 0);
  CHECK(page.changes().empty());
  page.host_has({});
  page.company_has({{"1", "Alder"}, {"4", "Dogwood"}});
  REQUIRE(page.match());
  CHECK(page.changes().empty());
}

TEST_CASE("matching: what is made in several runs, as the first was cut short, is not new",
          "[work]") {
  Matching page;
  // Something was saved before there were lines, as by a host that brings what it has.
  page.choose("a", "1", "Alder");
  REQUIRE(store::mark_saved(*page.databases->borrow(), page.owner.connection, 1));
  const mapping::Record a{"a", "Alder", "", true}, b{"b", "Birch", "", true};
  store::put_directory(*page.databases->borrow(), page.owner.tenant, {{}, {}, {a, b}, {b}});
  page.company_has({{"1", "Alder"}});
  int runs = 0;
  for (; store::is_to_be_matched(*page.databases->borrow(), page.owner.connection); ++runs) {
    int left = runs;
    (void)Matcher::pass(*page.driver, page.clients, [&] { return --left < 0; });
  }
  CHECK(runs > 3);
  const auto counts = store::section_counts(*page.databases->borrow(), page.key());
  CHECK(counts[static_cast<std::size_t>(Section::customers)].total == 2);
  CHECK(counts[static_cast<std::size_t>(Section::customers)].changed == 0);
  CHECK(counts[static_cast<std::size_t>(Section::suppliers)].total == 1);
  CHECK(counts[static_cast<std::size_t>(Section::suppliers)].changed == 0);
  page.host_has({a, b, {"n", "New", "", true}});
  REQUIRE(page.match());
  CHECK(page.ids(LineFilter::changed) == Ids{"n"});
}

TEST_CASE("matching: what may be accepted at once is sure, and nobody else's", "[work]") {
  Matching page;
  std::vector<mapping::Record> ours;
  for (const char* id : {"a", "b", "b2", "c", "d", "e"}) ours.push_back({id, id, "", true});
  page.host_has(ours);
  page.company_has({{"1", "One"}, {"2", "Two"}, {"3", "Three"}, {"4", "Four"}, {"5", "-Five"}});
  REQUIRE(page.match());
  {
    auto db = page.databases->borrow();
    const auto suggest = [&](const std::string& id,
                             const std::vector<store::StoredSuggestion>& found) {
      store::put_suggestions(*db, page.key(), Section::customers, id, found);
      store::restate(*db, page.key(), Section::customers, id);
    };
    suggest("a", {{"1", 1.0, true, {mapping::Reason::same_name}}, {"2", 0.4, false, {}}});
    suggest("b", {{"2", 1.0, true, {}}});
    suggest("b2", {{"2", 1.0, true, {}}});
    suggest("c", {{"3", 0.9, false, {}}, {"4", 0.9, false, {}}});
    suggest("d", {{"4", 0.9, false, {}}});
    suggest("e", {{"5", 1.0, false, {}}});
  }
  // Two want the same one; one has two that are equally good; one was made inactive.
  CHECK(page.accepted(0.99) == Ids{"a"});
  CHECK(page.accepted(0.9) == Ids{"a", "d"});
  page.choose("c", "1", "One");
  CHECK(page.accepted(0.5) == Ids{"d"});
  const auto line = page.lines({}, "a").front();
  REQUIRE(line.candidates.size() == 2);
  CHECK(line.candidates[0].suggestion ==
        store::StoredSuggestion{"1", 1.0, true, {mapping::Reason::same_name}});
}

TEST_CASE("matching: what one click would apply is chosen at once, and nothing else", "[work]") {
  Matching page;
  std::vector<mapping::Record> ours;
  for (const char* id : {"a", "b", "c", "d", "e", "f", "g"}) ours.push_back({id, id, "", true});
  page.host_has(ours);
  page.company_has(
      {{"1", "One"}, {"2", "Two"}, {"3", "Three"}, {"4", "-Four"}, {"5", "Five"}, {"6", "Six"}});
  REQUIRE(page.match());
  {
    auto db = page.databases->borrow();
    const auto suggest = [&](const std::string& id,
                             const std::vector<store::StoredSuggestion>& found) {
      store::put_suggestions(*db, page.key(), Section::customers, id, found);
      store::restate(*db, page.key(), Section::customers, id);
    };
    suggest("a", {{"1", 0.95, true, {}}, {"2", 0.4, false, {}}});
    suggest("b", {{"2", 0.9, false, {}}});  // not sure enough
    suggest("c", {{"3", 1.0, true, {}}});   // which is another's already
    suggest("d", {{"4", 1.0, true, {}}});   // which was made inactive
    suggest("e", {{"5", 1.0, true, {}}});   // decided otherwise
    suggest("f", {{"6", 1.0, true, {}}});   // two want it
    suggest("g", {{"6", 1.0, true, {}}});
  }
  page.choose("b", "3", "Three");
  page.choose("e", "", "");
  auto db = page.databases->borrow();
  const store::Edit edit{++page.revision, page.driver->now(), {}};
  store::put_changes(*db, page.key(), edit, {});
  CHECK(store::choose_suggested(*db, page.key(), Section::suppliers, edit) == 0);
  CHECK(store::choose_suggested(*db, page.key(), Section::customers, edit) == 1);
  CHECK(page.ids(LineFilter::chosen) == Ids{"a", "b"});
  const auto line = page.lines(LineFilter::chosen).front();
  CHECK(line.choice == Choice{"a", "1", "One"});
  CHECK_FALSE(line.change);
  // The lines are in step with it, and it is of that revision.
  CHECK(store::out_of_step(*db, page.key(), Section::customers, "", 10).empty());
  CHECK(store::compare(*db, page.key(), edit.revision - 1, edit.revision, {}, 10).size() == 1);
  CHECK(store::choose_suggested(*db, page.key(), Section::customers, edit) == 0);
}

TEST_CASE("matching: lines are searched by words in any order, and go on after one", "[work]") {
  Matching page;
  std::vector<mapping::Record> records;
  for (int i = 0; i < 7; ++i)
    records.push_back({"c" + std::to_string(i), "Alder Works " + std::to_string(i % 5),
                       i == 3 ? "office@alder.example" : "", true});
  page.host_has(records);
  page.company_has({{"1", "Quite another"}, {"2", "Another one"}});
  REQUIRE(page.match());
  CHECK(page.ids({}, "WORKS alder") == Ids{"c0", "c5", "c1", "c6", "c2", "c3", "c4"});
  CHECK(page.ids({}, "works, 3") == Ids{"c3"});
  CHECK(page.ids({}, "office%") == Ids{"c3"});
  CHECK(page.ids({}, "elm").empty());
  store::LineQuery query{.section = Section::customers, .most = 3};
  Ids seen;
  for (const bool backwards : {false, true}) {
    seen.clear();
    query.after.reset();
    query.backwards = backwards;
    for (;;) {
      const auto some = store::lines(*page.databases->borrow(), page.key(), query);
      for (const auto& each : some) seen.push_back(each.record.id);
      if (some.size() < 3) break;
      query.after = store::LineAfter{some.back().folded, some.back().record.id};
    }
    Ids all = page.ids();
    if (backwards) std::reverse(all.begin(), all.end());
    CHECK(seen == all);
  }
  const auto found = store::targets(*page.databases->borrow(), page.key(),
                                    {.section = Section::customers, .search = "another"});
  REQUIRE(found.size() == 2);
  CHECK(found[0].record.name == "Another one");
}

TEST_CASE("matching: one that is asked for again meanwhile is done again", "[work]") {
  Matching page;
  auto db = page.databases->borrow();
  page.host_has({});
  const auto now = page.driver->now();
  const auto held = store::lease_matching(*db, now, now + std::chrono::minutes(2));
  REQUIRE(held);
  CHECK_FALSE(store::lease_matching(*db, now, now));
  store::ask_matching(*db, page.owner.connection, now);
  CHECK_FALSE(store::lease_matching(*db, now, now));
  store::finish_matching(*db, *held, now);
  CHECK(store::is_to_be_matched(*db, page.owner.connection));
  const auto again = store::lease_matching(*db, now, now + std::chrono::minutes(2));
  REQUIRE(again);
  store::finish_matching(*db, *again, now);
  CHECK_FALSE(store::is_to_be_matched(*db, page.owner.connection));
  // A holder that died keeps it for two minutes.
  store::ask_matching(*db, page.owner.connection, now);
  REQUIRE(store::lease_matching(*db, now, now + std::chrono::minutes(2)));
  CHECK(store::lease_matching(*db, now + std::chrono::minutes(3), now));
}

}  // namespace rekey::work::matching_test
