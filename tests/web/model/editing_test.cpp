// Changes on their way to the backend, and back out of every trouble they meet there.
#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::editing_test {

using mapping::Section;

TEST_CASE("changes: those made quickly go as one patch, and what comes later as the next") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  fake::browser().pass(400);
  choose(f, "b", no_counterpart);
  fake::browser().pass(500);
  REQUIRE(f.backend.patches.size() == 1);
  REQUIRE(f.backend.patches[0].choices.size() == 2);
  CHECK(f.backend.patches[0].choices[0].theirs == "1");
  CHECK(f.backend.patches[0].choices[1].theirs == "");
  choose(f, "b");
  fake::browser().pass(2000);
  CHECK(f.backend.patches.size() == 1);  // one in flight
  f.kept_as(1);
  CHECK(f.row(Section::accounts, "b").value == "1");
  fake::browser().pass(2000);
  REQUIRE(f.backend.patches.size() == 2);
  CHECK(f.backend.patches[1].seen == 1);
  CHECK(f.backend.patches[1].choices.size() == 1);
}

TEST_CASE("changes: a line that is changed twice is sent once, as it is now") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  choose(f, "a", no_counterpart);
  choose(f, "a", undecided);
  fake::browser().pass(1000);
  REQUIRE(f.backend.patches.size() == 1);
  REQUIRE(f.backend.patches[0].choices.size() == 1);
  CHECK(f.backend.patches[0].choices[0].undecided == true);
  CHECK_FALSE(f.backend.patches[0].choices[0].theirs);
}

TEST_CASE("changes: an acceptance and a way back are requests of their own, in their order") {
  Fixture f;
  f.open_configuration();
  Scripted::answer(f.backend.counts, {wire::EditAnswer{{}, 2, {}, {}}, {}});
  choose(f, "a", no_counterpart);
  f.live.editing.accept(Section::accounts);
  f.live.editing.go_back(3);
  mapping::Settings settings;
  settings.create_customers = true;
  f.live.editing.set(settings);
  fake::browser().pass(1000);
  REQUIRE(f.backend.patches.size() == 1);
  CHECK(f.backend.accepts.empty());
  f.kept_as(1);
  REQUIRE(f.backend.accepts.size() == 1);
  CHECK(f.backend.accepts[0].seen == 1);
  CHECK(f.backend.backs.empty());
  f.kept_as(2);
  REQUIRE(f.backend.backs.size() == 1);
  CHECK(f.backend.backs[0].seen == 2);
  CHECK(f.backend.backs[0].revision == 3);
  f.kept_as(3);
  REQUIRE(f.backend.patches.size() == 2);
  CHECK(f.backend.patches[1].seen == 3);
  CHECK(f.backend.patches[1].settings == settings);
  f.kept_as(4);
  CHECK_FALSE(f.live.model().mapping->unsent_changes());
  CHECK(f.live.model().mapping->settings == settings);
  CHECK_FALSE(f.live.model().message);
}

TEST_CASE(
    "changes: one in the middle that is refused keeps those before it, and those after wait") {
  Fixture f;
  f.open_configuration();
  choose(f, "a", no_counterpart);
  f.live.editing.go_back(3);
  choose(f, "b", no_counterpart);
  fake::browser().pass(1000);
  f.kept_as(1);
  f.refuse(f.backend.edits, "import_running");
  const auto& model = f.live.model();
  REQUIRE(model.mapping->unsent.size() == 2);
  CHECK(model.editing.shown->revision == 1);
  CHECK(model.message->title == "draft_failed.title");
  fake::browser().pass(60000);
  CHECK(f.backend.patches.size() == 1);
  CHECK(f.backend.summaries.empty());  // its own revision is not taken for another's
}

TEST_CASE("changes: a conflict reads the newest, and lays the unsent change over it") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  fake::browser().pass(1000);
  f.refuse(f.backend.edits, "changed_elsewhere");
  auto newer = books();
  newer.revision = 5;
  newer.line(Section::accounts, "b").choice = mapping::Choice{"b", "", ""};
  f.answer_configuration(newer);
  CHECK(f.live.model().message->text == "changed_elsewhere.merged");
  CHECK(f.row(Section::accounts, "a").value == "1");
  CHECK(f.row(Section::accounts, "b").value == no_counterpart);
  fake::browser().pass(2000);
  REQUIRE(f.backend.patches.size() == 2);
  CHECK(f.backend.patches[1].seen == 5);
}

TEST_CASE("changes: those the backend refuses are not sent again and again") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  fake::browser().pass(1000);
  f.refuse(f.backend.edits, "import_first");
  Scripted::answer(f.backend.pages, {f.at, {}});
  fake::browser().pass(60000);
  CHECK(f.backend.patches.size() == 1);
  choose(f, "b");
  fake::browser().pass(1000);
  CHECK(f.backend.patches.size() == 2);
}

TEST_CASE("changes: without an answer they wait, and go again when the newest is known") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  fake::browser().pass(1000);
  Scripted::answer(f.backend.edits, {{}, {Trouble::Kind::unreachable, {}, {}}});
  CHECK(f.live.model().mapping->unsent_changes());
  fake::browser().pass(4000);
  f.answer_configuration(books());
  fake::browser().pass(1000);
  CHECK(f.backend.patches.size() == 2);
}

TEST_CASE("changes: after the session has ended nothing is sent") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  f.backend.watcher.lost(401, true);
  fake::browser().pass(5000);
  CHECK(f.backend.patches.empty());
  CHECK(fake::browser().storage.count("rekey.unsent.con_1") == 1);
}

TEST_CASE("changes: a late answer about one firm is not taken for another's") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  fake::browser().pass(1000);
  f.backend.watcher.lost(401, true);
  f.live.session.go_on("con_2");
  auto page = configurable_page();
  page.connection = "con_2";
  Scripted::answer(f.backend.pages, {page, {}});
  f.answer_configuration(books());
  choose(f, "b");
  fake::browser().pass(1000);
  REQUIRE(f.backend.patches.size() == 2);
  f.kept_as(9);  // of con_1
  CHECK(f.live.model().mapping->unsent_changes());
  CHECK(f.live.model().editing.shown->revision == 0);
}

TEST_CASE("changes: those for one company are not put on another's after a reload") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  f.live.editing.go_back(3);
  auto* again = new Scripted;
  LivePage live{std::unique_ptr<Backend>(again)};
  live.session.start();
  Scripted::answer(again->pages, {configurable_page(), {}});
  auto other = books();
  SECTION("the same company: they go on, in their order") {
    Fixture::answer_configuration(*again, other);
    REQUIRE(live.model().mapping->unsent.size() == 2);
    CHECK(find_row(*live.model().mapping, Section::accounts, "a")->value == "1");
    fake::browser().pass(1000);
    CHECK(again->patches.size() == 1);
  }
  SECTION("another: they mean nothing there") {
    other.company.realm_id = "2";
    Fixture::answer_configuration(*again, other);
    CHECK_FALSE(live.model().mapping->unsent_changes());
  }
}

TEST_CASE("changes: what the page of version 0.1 kept in the tab is not lost") {
  Fixture f;
  fake::browser().storage["rekey.unsent.con_1"] =
      wire::dump({{"edits",
                   {{{"section", "accounts"},
                     {"choice", {{"ours", "a"}, {"theirs", "1"}, {"name", "Income"}}}}}},
                  {"settings", nullptr},
                  {"company", "1"}});
  f.open_configuration();
  fake::browser().pass(1000);
  REQUIRE(f.backend.patches.size() == 1);
  CHECK(f.backend.patches[0].choices[0].theirs == "1");
}

TEST_CASE("changes: another company that is connected meanwhile begins with nothing of this one") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  f.stepped(f.saved_as(save::Draft{}, 4));
  auto other = books();
  other.revision = 4;
  other.company = {"2", "Larch"};
  f.answer_configuration(other);
  CHECK_FALSE(f.live.model().mapping->unsent_changes());
  CHECK(f.row(Section::accounts, "a").value.empty());
  CHECK_FALSE(f.live.editing.can_undo());
  fake::browser().pass(5000);
  CHECK(f.backend.patches.empty());
}

TEST_CASE("configuration: a change of another tab is read by itself") {
  Fixture f;
  f.open_configuration();
  f.stepped(f.saved_as(save::Draft{}, 4));
  auto newer = books();
  newer.revision = 4;
  newer.line(Section::accounts, "a") = chosen(newer.line(Section::accounts, "a"), income);
  f.answer_configuration(newer);
  CHECK(f.row(Section::accounts, "a").value == "1");
  CHECK(f.backend.summaries.empty());
}

TEST_CASE(
    "configuration: when it cannot be read the person has a button, and it goes away with it") {
  Fixture f(configurable_page());
  SECTION("not how it stands") {
    Scripted::answer(f.backend.summaries, {{}, {Trouble::Kind::unreachable, {}, {}}});
  }
  SECTION("not its lines") {
    Scripted::answer(f.backend.summaries, {books().summary(), {}});
    REQUIRE(f.backend.parts.size() == 1);
    auto part = std::move(f.backend.parts.front());
    f.backend.parts.clear();
    part.then({{}, {Trouble::Kind::unreachable, {}, {}}});
  }
  REQUIRE(f.live.model().mapping_trouble);
  CHECK(f.live.model().mapping_trouble->text == "trouble.unreachable");
  f.live.editing.try_again();
  CHECK_FALSE(f.live.model().mapping_trouble);
  f.answer_configuration(books());
  CHECK(f.live.model().mapping);
}

TEST_CASE("configuration: it is read again when the network is back") {
  Fixture f(configurable_page());
  Scripted::answer(f.backend.summaries, {{}, {Trouble::Kind::unreachable, {}, {}}});
  f.live.model().lost = true;
  f.backend.watcher.open();
  f.answer_configuration(books());
  CHECK(f.live.model().mapping);
}

// Signing out -------------------------------------------------------------------------------------

TEST_CASE("sign-out: a change that cannot be kept is told before it is lost") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  f.live.session.sign_out();
  f.refuse(f.backend.edits, "import_running");
  CHECK(f.backend.sign_outs.empty());
  CHECK_FALSE(f.live.model().signing_out);
  CHECK(f.live.model().message->title == "draft_failed.title");
  CHECK(f.live.model().message->text == "refused.import_running");
  f.live.session.sign_out();
  f.refuse(f.backend.edits, "import_running");
  CHECK(f.backend.sign_outs.size() == 1);
}

TEST_CASE(
    "sign-out: while the connection takes no changes, one that waits is told before it is lost") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  auto state = f.at.state;
  state.import.phase = imports::Running{Instant{}, Instant{}, imports::plan()};
  f.stepped(state);
  f.live.session.sign_out();
  CHECK(f.backend.sign_outs.empty());
  CHECK(f.live.model().message->text == "refused.import_running");
  f.live.session.sign_out();
  CHECK(f.backend.sign_outs.size() == 1);
}

}  // namespace rekey::web::editing_test
