#include "tests/web/model/app_fixture.hpp"

namespace rekey::web {

TEST_CASE("app: Connect keeps the attempt in the tab before it leaves the page") {
  Fixture f(page_of(legacy()));
  f.app.send(wire::Verb::connect);
  f.outcome(f.at.state, "https://provider.example/consent");
  REQUIRE(fake::browser().visited == std::vector<std::string>{"https://provider.example/consent"});
  const auto kept = Attempts::read(fake::browser().storage["rekey.attempts"]);
  REQUIRE(kept.of_state("mine"));
  CHECK(kept.of_state("mine")->connection == "con_1");
}

TEST_CASE("app: a second press while the first is under way sends nothing") {
  Fixture f(page_of(legacy()));
  f.app.send(wire::Verb::connect);
  f.app.send(wire::Verb::connect);
  CHECK(f.backend.commands.size() == 1);
}

TEST_CASE("app: what the core refuses is not sent, and said") {
  Fixture f(page_of(connect::Unlinked{}));
  f.app.send(wire::Verb::import);
  CHECK(f.backend.commands.empty());
  REQUIRE(f.app.model().message);
  CHECK(f.app.model().message->text == "refused.not_connected");
}

TEST_CASE("app: turning on without a connection opens the tile and sends nothing") {
  Fixture f(page_of(connect::Unlinked{}));
  f.app.turn(true);
  CHECK(f.app.model().tile_open);
  CHECK(switch_story(f.app.model()).on);
  CHECK(f.backend.commands.empty());
}

TEST_CASE("app: turning off a first sign-in under way cancels it") {
  Fixture f(page_of(
      connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), connect::Unlinked{}}));
  f.app.turn(false);
  REQUIRE(f.backend.commands.size() == 1);
  CHECK(f.backend.commands[0].command == wire::Verb::cancel);
}

TEST_CASE("app: a callback is marked as spent before it is sent") {
  Fixture f;
  fake::browser().launch.search = "?code=c&state=mine&realmId=1";
  f.began("mine");
  f.open(page_of(connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), legacy()}));
  REQUIRE(f.backend.callbacks.size() == 1);
  CHECK(Attempts::read(fake::browser().storage["rekey.attempts"]).of_state("mine")->spent);
  CHECK(f.app.model().returning);
}

TEST_CASE("app: a callback without an answer is sent again, and a spent attempt is then success") {
  Fixture f;
  fake::browser().launch.search = "?code=c&state=mine&realmId=1";
  f.began("mine");
  f.open(page_of(connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), legacy()}));
  Scripted::answer(f.backend.outcomes, {{}, {Trouble::Kind::unreachable, {}}});
  fake::browser().pass(5000);
  REQUIRE(f.backend.callbacks.size() == 2);
  f.refuse("attempt_spent");
  CHECK_FALSE(f.app.model().message.has_value());
  CHECK(f.backend.pages.size() == 1);
}

TEST_CASE("app: an older step that arrives late does not undo a newer one") {
  Fixture f(page_of(legacy()));
  const auto old = f.at.state;
  auto newer = f.at.state;
  newer.connect.phase = connect::Unlinked{pinmoor, Instant{}};
  f.stepped(newer);
  f.backend.watcher.stepped({f.at.seq - 1, {}, old, {}, {}});
  CHECK(f.app.model().page.state == newer);
}

TEST_CASE("app: applying remembers the place and loads the page anew, once it is applied") {
  auto page = configurable_page();
  page.state.import.phase = imports::Done{Instant{}, false, {}};
  Fixture f(page);
  f.app.model().tray_open = true;
  f.app.send(wire::Verb::apply);
  CHECK(fake::browser().reloads == 0);
  f.outcome(configurable_page().state);
  CHECK(fake::browser().reloads == 1);
  CHECK(fake::browser().storage.count("rekey.place.con_1") == 1);
}

TEST_CASE("drafts: choices made quickly go as one, and what comes later as the next") {
  Fixture f;
  f.open_configuration();
  f.app.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(400);
  f.app.choose(mapping::Section::accounts, 1, std::string(no_counterpart));
  fake::browser().pass(500);
  REQUIRE(f.backend.kept.size() == 1);
  CHECK(f.backend.kept[0].configuration.accounts.size() == 2);
  f.app.choose(mapping::Section::accounts, 1, "1");
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
  f.app.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(1000);
  f.refuse("changed_elsewhere");
  auto newer = configuration();
  newer.revision = 5;
  newer.configuration.accounts = {{"b", "", ""}};
  Scripted::answer(f.backend.configurations, {newer, {}});
  CHECK(f.app.model().message->text == "changed_elsewhere.merged");
  fake::browser().pass(2000);
  REQUIRE(f.backend.kept.size() == 2);
  CHECK(f.backend.kept[1].seen == 5);
  CHECK(f.backend.kept[1].configuration.accounts.size() == 2);
}

TEST_CASE("drafts: choices the backend refuses are not sent again and again") {
  Fixture f;
  f.open_configuration();
  f.app.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(1000);
  f.refuse("import_first");
  Scripted::answer(f.backend.pages, {f.at, {}});
  fake::browser().pass(60000);
  CHECK(f.backend.kept.size() == 1);
  f.app.choose(mapping::Section::accounts, 1, "1");
  fake::browser().pass(1000);
  CHECK(f.backend.kept.size() == 2);
}

TEST_CASE("drafts: without an answer they wait, and go again when the newest is known") {
  Fixture f;
  f.open_configuration();
  f.app.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(1000);
  Scripted::answer(f.backend.outcomes, {{}, {Trouble::Kind::unreachable, {}}});
  CHECK(f.app.model().mapping->unsent_changes());
  fake::browser().pass(4000);
  Scripted::answer(f.backend.configurations, {configuration(), {}});
  fake::browser().pass(1000);
  CHECK(f.backend.kept.size() == 2);
}

TEST_CASE("save: it waits for the draft on its way, and then names the revision after it") {
  Fixture f;
  f.open_configuration();
  f.app.choose(mapping::Section::accounts, 0, "1");
  fake::browser().pass(1000);
  f.app.save();
  CHECK(f.backend.saved.empty());
  f.outcome(f.saved_as(save::Draft{}, 1));
  REQUIRE(f.backend.saved.size() == 1);
  CHECK(f.backend.saved[0].seen == 1);
  f.outcome(f.saved_as(save::Saving{f.app.model().now() + std::chrono::minutes{1}}, 2));
  f.stepped(f.saved_as(save::Saved{f.app.model().now()}, 2));
  CHECK(f.app.model().saved_here);
  CHECK(steps_of(f.app.model())[3] == StepState::done);
  fake::browser().pass(60000);
  CHECK(f.backend.kept.size() == 1);
}

TEST_CASE("save: a failure is said beside the button, and nothing chosen is lost") {
  Fixture f;
  f.open_configuration();
  f.app.choose(mapping::Section::accounts, 0, "1");
  f.app.save();
  Scripted::answer(f.backend.outcomes, {{}, {Trouble::Kind::unreachable, {}}});
  REQUIRE(f.app.model().save_trouble);
  CHECK_FALSE(f.app.model().saving);
  CHECK(f.app.model().mapping->of(mapping::Section::accounts).rows[0].value == "1");
}

TEST_CASE("configuration: a change of somebody else is fetched by itself") {
  Fixture f;
  f.open_configuration();
  f.stepped(f.saved_as(save::Draft{}, 4));
  auto newer = configuration();
  newer.revision = 4;
  newer.configuration.accounts = {{"a", "1", "Income"}};
  Scripted::answer(f.backend.configurations, {newer, {}});
  CHECK(f.app.model().mapping->of(mapping::Section::accounts).rows[0].value == "1");
  CHECK(f.backend.configurations.empty());
}

TEST_CASE("import: the time left is said after a while, from how fast it went") {
  Estimate estimate;
  imports::State state{imports::Running{Instant{}, Instant{}, imports::plan()}, 1};
  auto& progress = std::get<imports::Running>(state.phase).progress;
  for (auto& each : progress) each.total = 100;
  estimate.observe(state, from_ms(0));
  CHECK_FALSE(estimate.left(state, from_ms(5000)).has_value());
  for (std::size_t i = 0; i < 6; ++i) {
    progress[i].done = 100;
    progress[i].finished = true;
  }
  const auto left = estimate.left(state, from_ms(6000));
  REQUIRE(left);
  CHECK(left->count() == 6000);
}

}  // namespace rekey::web
