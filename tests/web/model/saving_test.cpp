// Save Configuration, and what it may meet.
#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::saving_test {

using mapping::Section;

TEST_CASE("save: what was changed goes first, and what one click would apply along with it") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  f.live.editing.save();
  REQUIRE(f.backend.patches.size() == 1);
  CHECK(f.backend.saved.empty());
  f.kept_as(1);
  REQUIRE(f.backend.saved.size() == 1);
  CHECK(f.backend.saved[0].seen == 1);
  CHECK(f.backend.saved[0].suggestions == true);
  CHECK_FALSE(f.backend.saved[0].two_to_one);
  f.saved_as_revision(2);
  f.stepped(f.saved_as(save::Saved{f.live.model().now()}, 2));
  CHECK(f.live.model().editing.saved_here);
  // What became of suggestions is not known until it is read.
  CHECK(steps_of(f.live.model())[2] == StepState::current);
  CHECK(open_lines(f.live.model()) == 0);
  // Suggestions have become choices: what is shown is read anew.
  auto after = books();
  after.revision = 2;
  for (auto& each : after.lines[Section::accounts]) each = chosen(each, income);
  f.answer_configuration(after);
  CHECK(f.row(Section::accounts, "b").value == "1");
  CHECK(steps_of(f.live.model())[3] == StepState::done);
  fake::browser().pass(60000);
  CHECK(f.backend.patches.size() == 1);
}

TEST_CASE("save: a failure is said beside the button, and nothing chosen is lost") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  f.live.editing.save();
  Scripted::answer(f.backend.edits, {{}, {Trouble::Kind::unreachable, {}, {}}});
  REQUIRE(f.live.model().save_trouble);
  CHECK_FALSE(editing::is_saving(f.live.model().editing));
  CHECK(f.row(Section::accounts, "a").value == "1");
}

TEST_CASE("save: each problem is at its line until that is dealt with") {
  Fixture f;
  f.open_configuration();
  f.live.editing.save();
  wire::SaveAnswer answer;
  answer.problems = {{wire::SaveProblem::target_gone, Section::accounts, "b", "Bank"},
                     {wire::SaveProblem::no_such_terms}};
  answer.more = true;
  Scripted::answer(f.backend.saves, {answer, {}});
  const auto& model = f.live.model();
  CHECK(model.save_trouble->title == "save_problems.title");
  CHECK(model.save_problems.size() == 2);
  CHECK(model.more_save_problems);
  CHECK(f.row(Section::accounts, "b").problems ==
        std::vector<wire::SaveProblem>{wire::SaveProblem::target_gone});
  CHECK(f.row(Section::accounts, "a").problems.empty());
  CHECK_FALSE(editing::is_saving(model.editing));
  choose(f, "b");
  CHECK(f.row(Section::accounts, "b").problems.empty());
  CHECK(model.save_problems.size() == 1);
}

TEST_CASE("save: that lines share a counterpart is asked about, and saved so when it is meant") {
  Fixture f;
  f.open_configuration();
  f.live.editing.save();
  wire::SaveAnswer answer;
  answer.problems = {{wire::SaveProblem::two_to_one, Section::accounts, "a", "Sales"},
                     {wire::SaveProblem::two_to_one, Section::accounts, "b", "Bank"}};
  Scripted::answer(f.backend.saves, {answer, {}});
  const auto& model = f.live.model();
  CHECK(model.save_question.size() == 2);
  CHECK_FALSE(model.save_trouble);
  SECTION("it is meant") {
    f.live.editing.save_anyway();
    CHECK(model.save_question.empty());
    REQUIRE(f.backend.saved.size() == 2);
    CHECK(f.backend.saved[1].two_to_one == true);
    f.saved_as_revision(1);
    CHECK(model.editing.saved_here);
  }
  SECTION("it is not: the next Save asks again") {
    f.live.editing.save_not();
    CHECK(model.save_question.empty());
    f.live.editing.save();
    REQUIRE(f.backend.saved.size() == 2);
    CHECK_FALSE(f.backend.saved[1].two_to_one);
  }
}

}  // namespace rekey::web::saving_test
