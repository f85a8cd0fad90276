// Choices on their way to the backend, and back out of every trouble they meet there.
#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::editing_test {

TEST_CASE("drafts: choices made quickly go as one, and what comes later as the next") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(400);
  f.live.editing.choose(mapping::Section::accounts, 1, std::string(no_counterpart));
  fake::browser().pass(500);
  REQUIRE(f.backend.kept.size() == 1);
  CHECK(f.backend.kept[0].configuration.accounts.size() == 2);
  f.live.editing.choose(mapping::Section::accounts, 1, "1");
  fake::browser().pass(2000);
  CHECK(f.backend.kept.size() == 1);  // one in flight
  f.outcome(f.saved_as(save::Draft{}, 1));
  fake::browser().pass(2000);
  REQUIRE(f.backend.kept.size() == 2);
  CHECK(f.backend.kept[1].seen == 1);
}

TEST_CASE("drafts: a conflict fetches the newest, and lays the unsent choice over it") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(1000);
  f.refuse("changed_elsewhere");
  auto newer = configuration();
  newer.revision = 5;
  newer.configuration.accounts = {{"b", "", ""}};
  Scripted::answer(f.backend.configurations, {newer, {}});
  CHECK(f.live.model().message->text == "changed_elsewhere.merged");
  fake::browser().pass(2000);
  REQUIRE(f.backend.kept.size() == 2);
  CHECK(f.backend.kept[1].seen == 5);
  CHECK(f.backend.kept[1].configuration.accounts.size() == 2);
}

TEST_CASE("drafts: choices the backend refuses are not sent again and again") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(1000);
  f.refuse("import_first");
  Scripted::answer(f.backend.pages, {f.at, {}});
  fake::browser().pass(60000);
  CHECK(f.backend.kept.size() == 1);
  f.live.editing.choose(mapping::Section::accounts, 1, "1");
  fake::browser().pass(1000);
  CHECK(f.backend.kept.size() == 2);
}

TEST_CASE("drafts: without an answer they wait, and go again when the newest is known") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(1000);
  Scripted::answer(f.backend.outcomes, {{}, {Trouble::Kind::unreachable, {}}});
  CHECK(f.live.model().mapping->unsent_changes());
  fake::browser().pass(4000);
  Scripted::answer(f.backend.configurations, {configuration(), {}});
  fake::browser().pass(1000);
  CHECK(f.backend.kept.size() == 2);
}

TEST_CASE("save: it waits for the draft on its way, and then names the revision after it") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(1000);
  f.live.editing.save();
  CHECK(f.backend.saved.empty());
  f.outcome(f.saved_as(save::Draft{}, 1));
  REQUIRE(f.backend.saved.size() == 1);
  CHECK(f.backend.saved[0].seen == 1);
  f.outcome(f.saved_as(save::Saving{f.live.model().now() + std::chrono::minutes{1}}, 2));
  f.stepped(f.saved_as(save::Saved{f.live.model().now()}, 2));
  CHECK(f.live.model().editing.saved_here);
  CHECK(steps_of(f.live.model())[3] == StepState::done);
  fake::browser().pass(60000);
  CHECK(f.backend.kept.size() == 1);
}

TEST_CASE("save: a failure is said beside the button, and nothing chosen is lost") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  f.live.editing.save();
  Scripted::answer(f.backend.outcomes, {{}, {Trouble::Kind::unreachable, {}}});
  REQUIRE(f.live.model().save_trouble);
  CHECK_FALSE(editing::is_saving(f.live.model().editing));
  CHECK(f.live.model().mapping->of(mapping::Section::accounts).rows[0].value == "1");
}

TEST_CASE("configuration: a change of another tab is fetched by itself") {
  Fixture f;
  f.open_configuration();
  f.stepped(f.saved_as(save::Draft{}, 4));
  auto newer = configuration();
  newer.revision = 4;
  newer.configuration.accounts = {{"a", "1", "Income"}};
  Scripted::answer(f.backend.configurations, {newer, {}});
  CHECK(f.live.model().mapping->of(mapping::Section::accounts).rows[0].value == "1");
  CHECK(f.backend.configurations.empty());
}

TEST_CASE("drafts: settings changed while a draft is on its way go with the next") {
  Fixture f;
  f.open_configuration();
  mapping::Settings settings;
  settings.create_customers = true;
  f.live.editing.set(settings);
  fake::browser().pass(1000);
  REQUIRE(f.backend.kept.size() == 1);
  settings.create_suppliers = true;
  f.live.editing.set(settings);
  f.outcome(f.saved_as(save::Draft{}, 1));
  CHECK(f.live.model().mapping->unsent_settings == settings);
  fake::browser().pass(1000);
  REQUIRE(f.backend.kept.size() == 2);
  CHECK(f.backend.kept[1].configuration.settings == settings);
  f.outcome(f.saved_as(save::Draft{}, 2));
  CHECK_FALSE(f.live.model().mapping->unsent_changes());
  CHECK(fake::browser().storage.count("rekey.unsent.con_1") == 0);
}

TEST_CASE("drafts: after the session has ended nothing is sent") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  f.backend.watcher.lost(401, true);
  fake::browser().pass(5000);
  CHECK(f.backend.kept.empty());
  CHECK(fake::browser().storage.count("rekey.unsent.con_1") == 1);
}

TEST_CASE("drafts: a late answer about one firm's choices is not taken for another's") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(1000);
  f.backend.watcher.lost(401, true);
  f.live.session.go_on("con_2");
  auto page = configurable_page();
  page.connection = "con_2";
  Scripted::answer(f.backend.pages, {page, {}});
  Scripted::answer(f.backend.configurations, {configuration(), {}});
  f.live.editing.choose(mapping::Section::accounts, 1, "1");
  fake::browser().pass(1000);
  REQUIRE(f.backend.kept.size() == 2);
  f.outcome(f.saved_as(save::Draft{}, 9));  // of con_1
  CHECK(f.live.model().mapping->unsent_changes());
  CHECK(f.live.model().editing.shown->revision == 0);
}

TEST_CASE("drafts: choices for one company are not put on another's after a reload") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  auto* again = new Scripted;
  LivePage live{std::unique_ptr<Backend>(again)};
  live.session.start();
  Scripted::answer(again->pages, {configurable_page(), {}});
  auto other = configuration();
  SECTION("the same company: they go on") {
    Scripted::answer(again->configurations, {other, {}});
    CHECK(live.model().mapping->unsent_changes());
  }
  SECTION("another: they mean nothing there") {
    other.company.realm_id = "2";
    Scripted::answer(again->configurations, {other, {}});
    CHECK_FALSE(live.model().mapping->unsent_changes());
  }
}

TEST_CASE(
    "configuration: when it cannot be read the person has a button, and it goes away with it") {
  Fixture f(configurable_page());
  Scripted::answer(f.backend.configurations, {{}, {Trouble::Kind::unreachable, {}}});
  REQUIRE(f.live.model().mapping_trouble);
  CHECK(f.live.model().mapping_trouble->text == "trouble.unreachable");
  SECTION("pressed") {
    f.live.editing.try_again();
  }
  SECTION("the network is back") {
    f.live.model().lost = true;
    f.backend.watcher.open();
  }
  CHECK_FALSE(f.live.model().mapping_trouble);
  Scripted::answer(f.backend.configurations, {configuration(), {}});
  CHECK(f.live.model().mapping);
}

TEST_CASE("sign-out: a choice that cannot be kept is told before it is lost") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
  f.live.session.sign_out();
  f.refuse("import_running");
  CHECK(f.backend.sign_outs.empty());
  CHECK_FALSE(f.live.model().signing_out);
  CHECK(f.live.model().message->title == "draft_failed.title");
  CHECK(f.live.model().message->text == "refused.import_running");
  f.live.session.sign_out();
  f.refuse("import_running");
  CHECK(f.backend.sign_outs.size() == 1);
}

TEST_CASE(
    "sign-out: while the connection takes no choices, one that waits is told before it is lost") {
  Fixture f;
  f.open_configuration();
  f.live.editing.choose(mapping::Section::accounts, 0, "1");
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
