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
  const auto& mapping = *trial.model().mapping;
  CHECK(mapping.of(mapping::Section::customers).counts.suggested > 20);

  trial.page->looking.select(mapping::Section::accounts);
  trial.pass(100);
  trial.page->looking.open_options(mapping::Section::accounts, "4000");
  trial.pass(500);
  trial.page->editing.choose(mapping::Section::accounts, "4000", "5");
  trial.page->editing.save();
  trial.pass(2000);
  const auto& counts = mapping.of(mapping::Section::customers).counts;
  CHECK(counts.chosen > 20);
  CHECK(counts.chosen < counts.total);  // what is not sure is left to the person
  CHECK(std::holds_alternative<save::Saved>(trial.model().page.state.save.phase));
  CHECK(trial.model().editing.saved_here);
  CHECK(steps_of(trial.model())[2] == StepState::current);  // it is not finished by that
}

TEST_CASE("offline: suggestions are accepted at once, undone, and gone back from") {
  Trial trial;
  trial.connect_and_import();
  trial.page->commands.send(wire::Verb::apply);
  trial.pass(200);
  trial.open();
  REQUIRE(trial.model().mapping);
  trial.page->looking.select(mapping::Section::customers);
  trial.pass(500);
  const auto& view = trial.model().mapping->of(mapping::Section::customers);
  const auto acceptable = view.acceptable, suggested = view.counts.suggested;
  REQUIRE(acceptable > 0);
  trial.page->editing.accept(mapping::Section::customers);
  trial.pass(2000);
  CHECK(view.counts.chosen == acceptable);
  CHECK(view.counts.suggested == suggested - acceptable);
  CHECK_FALSE(trial.model().mapping->unsent_changes());
  trial.page->looking.show_versions();
  trial.pass(100);
  REQUIRE(trial.model().versions.rows.size() == 1);
  trial.page->editing.choose(mapping::Section::customers, "c5", std::string(no_counterpart));
  trial.page->editing.save();
  trial.pass(2000);
  CHECK(view.counts.none == 1);
  const auto first = trial.model().versions.rows[0].revision;
  trial.page->looking.compare(first);
  trial.pass(100);
  CHECK_FALSE(trial.model().comparison.rows.empty());
  trial.page->editing.go_back(first);
  trial.pass(2000);
  CHECK(view.counts.chosen == acceptable);
  CHECK(view.counts.none == 0);
  trial.page->editing.undo();
  trial.pass(2000);
  CHECK(view.counts.none == 1);
}

TEST_CASE("offline: a sheet that is given can be taken back as it is") {
  Trial trial;
  trial.connect_and_import();
  trial.page->commands.send(wire::Verb::apply);
  trial.pass(200);
  trial.open();
  trial.page->editing.download_sheet();
  trial.pass(100);
  REQUIRE(fake::browser().saved_files.size() == 1);
  trial.page->editing.upload_sheet();
  fake::browser().on_file(fake::browser().saved_files[0].second);
  trial.pass(500);
  REQUIRE(trial.model().sheet.answer);
  CHECK(trial.model().sheet.answer->faults.empty());
  CHECK_FALSE(trial.model().sheet.trouble);
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
  REQUIRE(trial.model().disconnect_asked);
  CHECK(trial.connected_as<connect::Linked>());
  trial.page->commands.answer_disconnect(true);
  trial.pass(200);
  CHECK(trial.connected_as<connect::Disconnecting>());
  trial.pass(2000);
  CHECK(trial.connected_as<connect::Unlinked>());
}

}  // namespace rekey::web::offline_test
