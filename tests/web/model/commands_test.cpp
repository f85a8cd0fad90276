#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::commands_test {

TEST_CASE("page: Connect keeps the attempt in the tab before it leaves the page") {
  Fixture f(page_of(legacy()));
  f.live.commands.send(wire::Verb::connect);
  f.outcome(f.at.state, "https://provider.example/consent");
  REQUIRE(fake::browser().visited == std::vector<std::string>{"https://provider.example/consent"});
  const auto kept = Attempts::read(fake::browser().storage["rekey.attempts"]);
  REQUIRE(kept.of_state("mine"));
  CHECK(kept.of_state("mine")->connection == "con_1");
}

TEST_CASE("page: a second press while the first is under way sends nothing") {
  Fixture f(page_of(legacy()));
  f.live.commands.send(wire::Verb::connect);
  f.live.commands.send(wire::Verb::connect);
  CHECK(f.backend.commands.size() == 1);
}

TEST_CASE("page: what the core refuses is not sent, and said") {
  Fixture f(page_of(connect::Unlinked{}));
  f.live.commands.send(wire::Verb::import);
  CHECK(f.backend.commands.empty());
  REQUIRE(f.live.model().message);
  CHECK(f.live.model().message->text == "refused.not_connected");
}

TEST_CASE("page: turning on without a connection opens the tile and sends nothing") {
  Fixture f(page_of(connect::Unlinked{}));
  f.live.commands.turn(true);
  CHECK(f.live.model().tile_open);
  CHECK(switch_story(f.live.model()).on);
  CHECK(f.backend.commands.empty());
}

TEST_CASE("page: turning off a first sign-in under way cancels it") {
  Fixture f(page_of(
      connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), connect::Unlinked{}}));
  f.live.commands.turn(false);
  REQUIRE(f.backend.commands.size() == 1);
  CHECK(f.backend.commands[0].command == wire::Verb::cancel);
}

TEST_CASE("page: turning off a grant that works asks first, and a no changes nothing") {
  Fixture f(configurable_page());
  f.live.commands.turn(false);
  CHECK(f.backend.commands.empty());
  CHECK(f.live.model().disconnect_asked);
  CHECK(switch_story(f.live.model()).on);
  f.live.commands.answer_disconnect(false);
  CHECK_FALSE(f.live.model().disconnect_asked);
  CHECK(f.backend.commands.empty());
  f.live.commands.turn(false);
  f.live.commands.answer_disconnect(true);
  REQUIRE(f.backend.commands.size() == 1);
  CHECK(f.backend.commands[0].command == wire::Verb::disconnect);
}

TEST_CASE("page: turning off an OAuth 1.0 connection is one step") {
  Fixture f(page_of(legacy()));
  f.live.commands.turn(false);
  CHECK_FALSE(f.live.model().disconnect_asked);
  REQUIRE(f.backend.commands.size() == 1);
  CHECK(f.backend.commands[0].command == wire::Verb::disconnect);
}

TEST_CASE("page: after a disconnect without leaving the page the switch is off") {
  Fixture f(page_of(connect::Unlinked{}));
  f.live.commands.turn(true);  // and then a sign-in that came back without loading the page
  f.stepped(configurable_page().state);
  f.live.commands.turn(false);
  f.live.commands.answer_disconnect(true);
  auto off = f.at.state;
  off.connect.phase = connect::Unlinked{pinmoor, Instant{}};
  f.outcome(off);
  CHECK_FALSE(switch_story(f.live.model()).on);
}

TEST_CASE("page: a first visit has no badge for what the person had no part in") {
  auto page = page_of(legacy());
  page.notices = {{3, page.now, Note::legacy_found, "Pinmoor"}};
  Fixture f(page);
  CHECK(unread(f.live.model()) == 0);
  page.notices.insert(page.notices.begin(), {5, page.now, Note::import_finished, ""});
  Fixture later(page);
  CHECK(unread(later.live.model()) == 1);
}

TEST_CASE("page: a sign-in that the person decided against is no error, and Connect is there") {
  auto page = page_of(connect::Unlinked{});
  page.notices = {{3, page.now, Note::sign_in_failed, "access_denied"}};
  Fixture f(page);
  const auto& model = f.live.model();
  const auto banner = banner_story(model);
  CHECK(banner.tone == Tone::info);
  CHECK(banner.title == say("sign_in_declined.title"));
  CHECK(tile_is_open(model));
  CHECK(switch_story(model).on);
  CHECK(steps_of(model)[0] == StepState::current);
  SECTION("also when what was said is closed") {
    f.live.commands.dismiss();
    CHECK(tile_is_open(model));
  }
  SECTION("until the switch is turned off") {
    f.live.commands.turn(false);
    CHECK_FALSE(tile_is_open(model));
    CHECK(banner_story(model).title == say("unlinked.title"));
  }
}

TEST_CASE("page: a callback is marked as spent before it is sent") {
  Fixture f;
  fake::browser().launch.search = "?code=c&state=mine&realmId=1";
  f.began("mine");
  f.open(page_of(connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), legacy()}));
  REQUIRE(f.backend.callbacks.size() == 1);
  CHECK(Attempts::read(fake::browser().storage["rekey.attempts"]).of_state("mine")->spent);
  CHECK(f.live.model().returning);
}

TEST_CASE("page: a callback without an answer is sent again, and a spent attempt is then success") {
  Fixture f;
  fake::browser().launch.search = "?code=c&state=mine&realmId=1";
  f.began("mine");
  f.open(page_of(connect::Authorizing{"x", from_ms(fake::browser().now_ms + 600000), legacy()}));
  Scripted::answer(f.backend.outcomes, {{}, {Trouble::Kind::unreachable, {}}});
  fake::browser().pass(5000);
  REQUIRE(f.backend.callbacks.size() == 2);
  f.refuse("attempt_spent");
  CHECK_FALSE(f.live.model().message.has_value());
  CHECK(f.backend.pages.size() == 1);
}

TEST_CASE("page: an older step that arrives late does not undo a newer one") {
  Fixture f(page_of(legacy()));
  const auto old = f.at.state;
  auto newer = f.at.state;
  newer.connect.phase = connect::Unlinked{pinmoor, Instant{}};
  f.stepped(newer);
  f.backend.watcher.stepped({f.at.seq - 1, {}, old, {}, {}});
  CHECK(f.live.model().page.state == newer);
}

TEST_CASE("page: applying remembers the place and loads the page anew, once it is applied") {
  auto page = configurable_page();
  page.state.import.phase = imports::Done{Instant{}, false, {}};
  Fixture f(page);
  f.live.model().tray_open = true;
  f.live.commands.send(wire::Verb::apply);
  CHECK(fake::browser().reloads == 0);
  f.outcome(configurable_page().state);
  CHECK(fake::browser().reloads == 1);
  CHECK(fake::browser().storage.count("rekey.place.con_1") == 1);
}

TEST_CASE("page: applying opens the mappings, and goes on where it was among them") {
  const Where customers{View::configuration, Pane::lists, mapping::Section::customers};
  for (const auto& [from, to] : {std::pair{Where{}, Where{View::configuration}},
                                 std::pair{Where{View::connection}, Where{View::configuration}},
                                 std::pair{customers, customers}}) {
    auto page = configurable_page();
    page.state.import.phase = imports::Done{Instant{}, false, {}};
    Fixture f(page);
    f.live.places.go(from);
    f.live.commands.send(wire::Verb::apply);
    f.outcome(configurable_page().state);
    CHECK(fake::browser().address == address_of(to));
  }
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

TEST_CASE("import: its pace is kept in slices of time, and said by the minute") {
  Estimate estimate;
  imports::State state{imports::Running{Instant{}, Instant{}, imports::plan()}, 1};
  auto& progress = std::get<imports::Running>(state.phase).progress;
  estimate.observe(state, from_ms(0));
  CHECK_FALSE(estimate.a_minute(from_ms(1500)).has_value());
  for (int second = 1; second <= 10; ++second) {
    progress[0].done += second == 3 ? 0 : 100;
    estimate.observe(state, from_ms(second * 1000 - 500));
  }
  CHECK(estimate.pace(from_ms(10'000)) ==
        std::vector<double>{100, 100, 0, 100, 100, 100, 100, 100, 100, 100});
  CHECK(estimate.a_minute(from_ms(10'000)) == 900 * 6);
  // However long it takes, there are not more of them than can be seen.
  progress[0].done += 3600;
  estimate.observe(state, from_ms(3'600'000));
  const auto pace = estimate.pace(from_ms(3'600'000));
  CHECK(pace.size() <= 48);
  CHECK(pace.front() > 0);
  // Read again from its beginning, a list counts backwards for once.
  progress[0].done = 10;
  estimate.observe(state, from_ms(3'610'000));
  for (const auto each : estimate.pace(from_ms(3'700'000))) CHECK(each >= 0);
}

}  // namespace rekey::web::commands_test
