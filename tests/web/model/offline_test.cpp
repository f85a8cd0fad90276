#include "web/model/offline.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/web/model/fake_platform.hpp"
#include "web/model/live_page.hpp"
#include "web/model/story.hpp"

namespace rekey::web::offline_test {

namespace {

/// A page that is tried without a server, opened again after each reload.
struct Trial {
  Trial() {
    fake::reset();
    OfflineBackend::choose();
    open();
  }
  void open() {
    fake::browser().timers.clear();  // a reload takes them along
    page = std::make_unique<LivePage>(nullptr);
    page->session.start();
    pass(1000);
  }
  void pass(int ms) {
    for (int i = 0; i < ms; i += 10) fake::browser().pass(10);
  }
  const Model& model() const { return page->model(); }
  template <class T>
  bool connected_as() const {
    return std::holds_alternative<T>(model().page.state.connect.phase);
  }
  void connect_and_import() {
    page->commands.send(wire::Verb::connect);
    pass(200);
    page->commands.answer_pretended(&pretended_companies().front());
    pass(20000);
  }

  std::unique_ptr<LivePage> page;
};

}  // namespace

TEST_CASE("offline: it begins with an OAuth 1.0 connection, as a customer does") {
  Trial trial;
  CHECK(trial.model().stage == Stage::ready);
  CHECK(trial.connected_as<connect::Legacy>());
}

TEST_CASE("offline: the whole way, from Connect to the saved configuration") {
  Trial trial;
  trial.page->commands.send(wire::Verb::connect);
  trial.pass(200);
  REQUIRE_FALSE(trial.model().pretended_attempt.empty());
  trial.page->commands.answer_pretended(&pretended_companies().front());
  trial.pass(200);
  CHECK(trial.connected_as<connect::Exchanging>());
  trial.pass(2500);
  REQUIRE(trial.connected_as<connect::Linked>());
  trial.pass(20000);
  REQUIRE(std::holds_alternative<imports::Done>(trial.model().page.state.import.phase));

  trial.page->commands.send(wire::Verb::apply);
  trial.pass(200);
  REQUIRE(fake::browser().reloads == 1);
  trial.open();
  REQUIRE(trial.model().mapping);
  CHECK(trial.model().mapping->of(mapping::Section::customers).counts.suggested > 20);
  CHECK(trial.model().mapping->of(mapping::Section::customers).counts.to_decide > 0);

  trial.page->editing.choose(mapping::Section::accounts, 0, "5");
  trial.page->editing.save();
  trial.pass(2000);
  CHECK(std::holds_alternative<save::Saved>(trial.model().page.state.save.phase));
  CHECK(trial.model().editing.saved_here);
  CHECK(steps_of(trial.model())[3] == StepState::done);
}

TEST_CASE("offline: a reload in the middle goes on where it was") {
  Trial trial;
  trial.page->commands.send(wire::Verb::connect);
  trial.pass(200);
  trial.page->commands.answer_pretended(&pretended_companies().front());
  trial.pass(200);
  trial.open();
  trial.pass(3000);
  CHECK(trial.connected_as<connect::Linked>());
  trial.open();
  trial.pass(20000);
  CHECK(std::holds_alternative<imports::Done>(trial.model().page.state.import.phase));
}

TEST_CASE("offline: refused consent leaves the old connection as it was") {
  Trial trial;
  trial.page->commands.send(wire::Verb::connect);
  trial.pass(200);
  trial.page->commands.answer_pretended(nullptr);
  trial.pass(200);
  CHECK(trial.connected_as<connect::Legacy>());
  REQUIRE(fresh_failure(trial.model()));
  CHECK(fresh_failure(trial.model())->detail == "access_denied");
}

TEST_CASE("offline: another company is asked about, and can be declined") {
  Trial trial;
  trial.page->commands.send(wire::Verb::connect);
  trial.pass(200);
  trial.page->commands.answer_pretended(&pretended_companies().back());
  trial.pass(3000);
  REQUIRE(trial.connected_as<connect::Confirming>());
  trial.page->commands.send(wire::Verb::decline_company);
  trial.pass(200);
  CHECK(trial.connected_as<connect::Legacy>());
}

TEST_CASE("offline: turned off, it is disconnected, and what was configured is kept") {
  Trial trial;
  trial.connect_and_import();
  trial.page->commands.turn(false);
  trial.pass(200);
  CHECK(trial.connected_as<connect::Disconnecting>());
  trial.pass(2000);
  CHECK(trial.connected_as<connect::Unlinked>());
}

}  // namespace rekey::web::offline_test
