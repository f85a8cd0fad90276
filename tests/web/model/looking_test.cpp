// Looking at a long configuration: one page of rows at a time, searches, options that are looked
// up.
#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::looking_test {

namespace {

using mapping::LineFilter;
using mapping::Section;

/// So many customers, and a few accounts.
Books many(int customers) {
  Books out;
  out.lines[Section::accounts] = {line("x", "Sales"), line("y", "Bank")};
  auto& all = out.lines[Section::customers];
  for (int i = 0; i < customers; ++i)
    all.push_back(line("c" + std::to_string(i), "Customer " + std::to_string(i)));
  return out;
}

struct Long : Fixture {
  explicit Long(int customers = 130) : all(many(customers)) {
    open_configuration(all);
    live.looking.select(Section::customers);
    answer_lines(all);
  }
  const SectionView& view() { return live.model().mapping->of(Section::customers); }
  std::string first() { return view().rows.front().line.ours.id; }
  void next() {
    live.looking.next_page(Section::customers);
    if (!backend.parts.empty()) answer_lines(all);
  }
  void previous() {
    live.looking.previous_page(Section::customers);
    if (!backend.parts.empty()) answer_lines(all);
  }
  Looks searching(std::string words) { return {{}, std::move(words), false}; }

  Books all;
};

}  // namespace

TEST_CASE("looking: only what is shown is asked for") {
  Fixture f;
  f.open_configuration(many(130));
  REQUIRE(f.backend.queries.size() == 1);
  CHECK(f.backend.queries[0].section == Section::accounts);
  CHECK_FALSE(f.live.model().mapping->of(Section::customers).read);
}

TEST_CASE("looking: pages go on and back, and end where the list does") {
  Long f;
  CHECK(f.first() == "c0");
  CHECK_FALSE(f.view().has_before());
  f.next();
  CHECK(f.first() == "c25");
  f.next();
  CHECK(f.first() == "c50");
  CHECK(f.view().page == 2);
  f.next(), f.next(), f.next();
  CHECK(f.first() == "c125");
  CHECK(f.view().rows.size() == 5);
  CHECK_FALSE(f.view().has_after());
  f.next();
  CHECK(f.first() == "c125");
  f.previous(), f.previous();
  CHECK(f.first() == "c75");
  f.previous(), f.previous(), f.previous();
  CHECK(f.first() == "c0");
  CHECK_FALSE(f.view().has_before());
}

TEST_CASE("looking: a list that ends with a full page has no empty one after it") {
  Long f(50);
  f.next();
  CHECK(f.first() == "c25");
  CHECK(f.view().has_after());  // that is not known yet
  f.next();
  CHECK(f.first() == "c25");
  CHECK(f.view().page == 1);
  CHECK_FALSE(f.view().has_after());
}

TEST_CASE("looking: what is held does not grow with the company, nor with looking around") {
  Long f(2000);
  for (int i = 0; i < 60; ++i) f.next();
  std::size_t rows = 0, lines = 0;
  for (const auto& each : f.live.model().mapping->sections) {
    rows = std::max(rows, each.rows.size());
    lines += each.lines.size();
  }
  CHECK(rows <= rows_per_page);
  CHECK(lines <= 2 * f.all.a_part);
}

TEST_CASE("looking: a search waits for the last key, and begins at the first page") {
  Long f;
  f.next();
  const auto asked = f.backend.queries.size();
  f.live.looking.look(Section::customers, f.searching("a"));
  fake::browser().pass(150);
  f.live.looking.look(Section::customers, f.searching("al"));
  fake::browser().pass(150);
  CHECK(f.backend.queries.size() == asked);
  CHECK(f.view().reading);
  CHECK(f.first() == "c25");  // until the answer comes, what was there
  fake::browser().pass(60);
  REQUIRE(f.backend.queries.size() == asked + 1);
  CHECK(f.backend.queries.back().search == "al");
  CHECK(f.backend.queries.back().cursor.empty());
  f.answer_lines(f.all);
  CHECK(f.first() == "c0");
  CHECK(f.view().page == 0);
}

TEST_CASE("looking: an answer to an older look is not used") {
  Long f;
  f.live.looking.look(Section::customers, {LineFilter::undecided, "", false});
  f.live.looking.look(Section::customers, {LineFilter::chosen, "", true});
  REQUIRE(f.backend.parts.size() == 2);
  auto parts = std::exchange(f.backend.parts, {});
  CHECK(parts[1].query.filter == LineFilter::chosen);
  CHECK(parts[1].query.backwards);
  auto newer = many(2), older = many(40);
  parts[1].then({newer.part(parts[1].query), {}});
  CHECK(f.view().rows.size() == 2);
  parts[0].then({older.part(parts[0].query), {}});
  CHECK(f.view().rows.size() == 2);
  CHECK_FALSE(f.view().reading);
}

TEST_CASE("looking: an answer of before a change was confirmed is asked for again") {
  Long f;
  f.live.editing.choose(Section::customers, "c0", std::string(no_counterpart));
  fake::browser().pass(1000);
  f.live.looking.look(Section::customers, {{}, "", true});
  auto late = std::exchange(f.backend.parts, {});
  f.kept_as(1, f.all);
  late.front().then({f.all.part(late.front().query), {}});  // as of revision 0
  REQUIRE(f.backend.parts.size() == 1);
  f.all.revision = 1;
  auto& done = f.all.lines[Section::customers][0];
  done = changed(done, {Section::customers, "c0", ""});
  f.answer_lines(f.all);
  CHECK(f.row(Section::customers, "c0").value == no_counterpart);
  CHECK_FALSE(f.view().reading);
}

TEST_CASE("looking: a page that was turned meanwhile stays turned, and is of the newest too") {
  Long f;
  f.live.editing.go_back(0);
  fake::browser().pass(1000);
  f.kept_as(1, f.all);  // more was changed than the answer says: all is read anew
  f.all.revision = 1;
  Scripted::answer(f.backend.summaries, {f.all.summary(), {}});
  auto late = std::exchange(f.backend.parts, {});
  REQUIRE(late.size() == 1);
  f.next();
  CHECK(f.first() == "c25");
  late.front().then({f.all.part(late.front().query), {}});
  CHECK(f.first() == "c25");
  REQUIRE(f.backend.parts.size() == 1);
  f.answer_lines(f.all);
  CHECK(f.first() == "c25");
}

TEST_CASE("looking: lines that cannot be read are told, and can be asked for again") {
  Long f;
  f.live.looking.look(Section::customers, {LineFilter::chosen, "", false});
  auto part = std::move(f.backend.parts.front());
  f.backend.parts.clear();
  part.then({{}, {Trouble::Kind::unreachable, {}, {}}});
  CHECK(f.view().trouble);
  CHECK_FALSE(f.view().reading);
  f.live.looking.try_again(Section::customers);
  f.answer_lines(f.all);
  CHECK_FALSE(f.view().trouble);
}

TEST_CASE("looking: the options of the open box are looked up, and the newest answer wins") {
  Long f;
  f.live.looking.open_options(Section::customers, "c0");
  REQUIRE(f.backend.searches.size() == 1);
  CHECK(f.backend.searches[0].search.empty());
  f.live.looking.type("al");
  fake::browser().pass(100);
  f.live.looking.type("ald");
  fake::browser().pass(100);
  CHECK(f.backend.searches.size() == 1);
  fake::browser().pass(60);
  REQUIRE(f.backend.searches.size() == 2);
  CHECK(f.backend.searches[1].search == "ald");
  auto first = std::move(f.backend.found.front());
  f.backend.found.pop_front();
  Scripted::answer(f.backend.found,
                   {wire::RecordsPage{{{"5", "Alder", "", true}}, std::string("more")}, {}});
  first({wire::RecordsPage{{{"6", "Birch", "", true}}, {}}, {}});
  const auto& open = f.live.model().mapping->open;
  REQUIRE(open);
  CHECK(open->options.front().value == "5");
  CHECK(open->more);
  CHECK_FALSE(open->reading);
  f.live.editing.choose(Section::customers, "c0", "5");
  CHECK(f.row(Section::customers, "c0").options.front().label == "Alder");
  f.live.looking.close_options();
  CHECK_FALSE(open);
  CHECK(f.row(Section::customers, "c0").value == "5");
}

TEST_CASE("looking: suggestions that are being made are looked at until they are there") {
  Fixture f;
  f.open(configurable_page());
  auto summary = many(3).summary();
  summary.matching = true;
  Scripted::answer(f.backend.summaries, {summary, {}});
  f.answer_lines(many(3));
  CHECK(f.backend.summaries.empty());
  fake::browser().pass(matching_ms);
  f.answer_configuration(many(3));
  CHECK_FALSE(f.live.model().mapping->matching);
  fake::browser().pass(10 * matching_ms);
  CHECK(f.backend.summaries.empty());
}

TEST_CASE("looking: what was awaited when the page was left is asked for again") {
  Long f;
  f.live.looking.look(Section::customers, {LineFilter::undecided, "", false});
  f.live.session.start_again();
  CHECK_FALSE(f.view().reading);
  f.answer_lines(f.all);  // of before: it is not used
  Scripted::answer(f.backend.pages, {f.at, {}});
  REQUIRE(f.backend.summaries.size() == 1);
  f.answer_configuration(f.all);
  CHECK(f.backend.queries.back().filter == LineFilter::undecided);
}

TEST_CASE("looking: the place in a long list outlives a reload") {
  Long f;
  f.live.looking.look(Section::customers, {LineFilter::undecided, "", true});
  f.answer_lines(f.all);
  f.next(), f.next(), f.next();
  REQUIRE(f.first() == "c75");
  f.at.state.import.phase = imports::Done{Instant{}, false, {}};
  f.stepped(f.at.state);
  f.live.commands.send(wire::Verb::apply);
  f.outcome(configurable_page().state);
  REQUIRE(fake::browser().reloads == 1);
  auto* again = new Scripted;
  LivePage live{std::unique_ptr<Backend>(again)};
  live.session.start();
  Scripted::answer(again->pages, {configurable_page(), {}});
  Fixture::answer_configuration(*again, f.all);
  const auto& view = live.model().mapping->of(Section::customers);
  CHECK(live.model().mapping->selected == Section::customers);
  REQUIRE_FALSE(view.rows.empty());
  CHECK(view.rows.front().line.ours.id == "c75");
  CHECK(view.looks.backwards);
  CHECK(view.page == 3);
}

TEST_CASE("looking: a line that keeps a save from being done is led to") {
  Long f;
  f.live.looking.find(Section::accounts, "Bank");
  CHECK(f.live.model().mapping->selected == Section::accounts);
  CHECK(f.backend.queries.back().search == "Bank");
}

TEST_CASE("looking: versions, what differs and what was set aside are read a page at a time") {
  Long f;
  const auto& model = f.live.model();
  f.live.looking.show_versions();
  CHECK(model.versions.reading);
  Scripted::answer(f.backend.version_pages,
                   {wire::ConfigurationVersions{{{9, {}, true, {}}}, std::string("then")}, {}});
  CHECK(model.versions.has_after());
  f.live.looking.show_versions(1);
  CHECK(f.backend.cursors.back() == "then");
  Scripted::answer(f.backend.version_pages,
                   {wire::ConfigurationVersions{{{3, {}, false, {}}}, {}}, {}});
  CHECK(model.versions.rows.size() == 1);
  CHECK(model.versions.page == 1);
  CHECK_FALSE(model.versions.has_after());
  f.live.looking.show_versions(7);  // there is no such page
  CHECK(f.backend.version_pages.empty());

  f.live.looking.compare(3);
  f.live.looking.compare(9);
  CHECK(f.backend.compared == std::vector<std::int64_t>{3, 9});
  wire::ChangedChoices old{3, 9, {{Section::customers, "c1", {}, {}, {}, {}}}, {}, {}};
  Scripted::answer(f.backend.comparisons, {old, {}});
  CHECK(model.comparison.rows.empty());  // of the version before
  Scripted::answer(f.backend.comparisons, {wire::ChangedChoices{9, 9, {}, {}, {}}, {}});
  CHECK(model.comparison.read);
  CHECK(model.compared == 9);

  f.live.looking.show_set_aside();
  Scripted::answer(f.backend.set_asides, {{}, {Trouble::Kind::fault, {}, {}}});
  CHECK(model.set_aside.trouble);
}

}  // namespace rekey::web::looking_test
