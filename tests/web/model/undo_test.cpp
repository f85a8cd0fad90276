// Undo and redo of what was changed.
#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::undo_test {

using mapping::Section;

TEST_CASE("undo: a choice is undone by its inverse, and redone") {
  Fixture f;
  f.open_configuration();
  CHECK_FALSE(f.live.editing.can_undo());
  choose(f, "a", no_counterpart);
  const auto words = f.live.editing.undo_words();
  REQUIRE(words);
  CHECK(words->id == "undo.line");
  CHECK(say(words->id, words->values).find("Sales") != std::string::npos);
  f.live.editing.undo();
  CHECK(f.row(Section::accounts, "a").value.empty());
  CHECK_FALSE(f.live.editing.can_undo());
  f.live.editing.redo();
  CHECK(f.row(Section::accounts, "a").value == no_counterpart);
  choose(f, "b");
  CHECK_FALSE(f.live.editing.can_redo());
  f.live.editing.undo();
  f.live.editing.undo();
  fake::browser().pass(1000);
  REQUIRE(f.backend.patches.size() == 1);
  for (const auto& each : f.backend.patches[0].choices) CHECK(each.undecided == true);
  CHECK(f.live.model().mapping->of(Section::accounts).counts.suggested == 2);
}

TEST_CASE("undo: settings are as they were") {
  Fixture f;
  f.open_configuration();
  mapping::Settings settings;
  settings.create_suppliers = true;
  f.live.editing.set(settings);
  CHECK(f.live.editing.undo_words()->id == "undo.settings");
  f.live.editing.undo();
  CHECK(f.live.model().mapping->settings == mapping::Settings{});
}

/// A line whose suggestion is sure was accepted, which is not sent yet.
struct Accepted : Fixture {
  Accepted() : sure(books()) {
    sure.line(Section::accounts, "a").candidates = {candidate("1", "Income", 0.995, true)};
    open_configuration(sure);
    Scripted::answer(backend.counts, {wire::EditAnswer{{}, 1, {}, {}}, {}});
    live.editing.accept(Section::accounts);
  }
  mapping::LineState state_of(const std::string& ours) {
    return row(Section::accounts, ours).line.state;
  }
  Books sure;
};

TEST_CASE("undo: what was accepted at once shows and counts at once") {
  Accepted f;
  CHECK(f.state_of("a") == mapping::LineState::chosen);
  CHECK(f.state_of("b") == mapping::LineState::suggested);
  const auto& view = f.live.model().mapping->of(Section::accounts);
  CHECK(view.counts.chosen == 1);
  CHECK(view.acceptable == 0);
  CHECK(f.live.editing.undo_words()->id == "undo.accept");
}

TEST_CASE("undo: what was accepted and not sent yet never was") {
  Accepted f;
  f.live.editing.undo();
  CHECK(f.state_of("a") == mapping::LineState::suggested);
  fake::browser().pass(5000);
  CHECK(f.backend.accepts.empty());
  CHECK(f.backend.backs.empty());
  CHECK_FALSE(editing::has_unsent(f.live.model().editing));
  CHECK(fake::browser().storage.count("rekey.unsent.con_1") == 0);
  f.live.editing.redo();
  fake::browser().pass(1000);
  CHECK(f.backend.accepts.size() == 1);
}

TEST_CASE("undo: what was accepted and is on its way is followed by the way back") {
  Accepted f;
  fake::browser().pass(1000);
  REQUIRE(f.backend.accepts.size() == 1);
  f.live.editing.undo();
  f.kept_as(1);
  fake::browser().pass(1000);
  REQUIRE(f.backend.backs.size() == 1);
  CHECK(f.backend.backs[0].revision == 0);
  CHECK(f.backend.backs[0].seen == 1);
}

TEST_CASE("undo: there is no way back over what another person changed since") {
  Accepted f;
  fake::browser().pass(1000);
  f.kept_as(1);
  f.sure.revision = 1;
  f.answer_configuration(f.sure);
  CHECK(f.live.editing.can_undo());
  f.stepped(f.saved_as(save::Draft{}, 7));
  f.sure.revision = 7;
  f.answer_configuration(f.sure);
  CHECK_FALSE(f.live.editing.can_undo());
}

}  // namespace rekey::web::undo_test
