// The configuration as a sheet: given, and taken back.
#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::sheets_test {

TEST_CASE("sheet: it is given as a file") {
  Fixture f;
  f.open_configuration();
  f.live.editing.download_sheet();
  CHECK(f.live.model().sheet.downloading);
  Scripted::answer(f.backend.sheets, {std::string("the,table"), {}});
  REQUIRE(fake::browser().saved_files.size() == 1);
  CHECK(fake::browser().saved_files[0].second == "the,table");
  CHECK_FALSE(f.live.model().sheet.downloading);
}

/// A sheet was chosen and sent, of revision 1.
struct Uploaded : Fixture {
  Uploaded() {
    open_configuration();
    choose(*this, "a");
    live.editing.upload_sheet();
    REQUIRE(fake::browser().on_file);
    fake::browser().on_file("filled,in");
    CHECK(live.model().sheet.uploading);
    CHECK(backend.uploads.empty());  // the change before it goes first
    fake::browser().pass(1000);
    kept_as(1);
    REQUIRE(backend.uploads.size() == 1);
    CHECK(backend.uploads[0] == std::pair<std::string, std::int64_t>{"filled,in", 1});
  }
};

TEST_CASE("sheet: one that was filled in is read back, and can be undone") {
  Uploaded f;
  wire::SheetAnswer answer;
  answer.changed = 2;
  answer.outcome.emplace();
  answer.outcome->seq = 20;
  answer.outcome->state = f.saved_as(save::Draft{}, 2);
  Scripted::answer(f.backend.sheet_answers, {answer, {}});
  CHECK_FALSE(f.live.model().sheet.uploading);
  auto after = books();
  after.revision = 2;
  f.answer_configuration(after);
  CHECK(f.live.model().editing.shown->revision == 2);
  CHECK_FALSE(f.live.model().message);
  CHECK(f.live.editing.undo_words()->id == "undo.sheet");
  f.live.editing.undo();
  fake::browser().pass(1000);
  REQUIRE(f.backend.backs.size() == 1);
  CHECK(f.backend.backs[0].revision == 1);
}

TEST_CASE("sheet: faults are told by row, and nothing is changed") {
  Uploaded f;
  wire::SheetAnswer answer;
  answer.faults = {{3, "decision"}};
  Scripted::answer(f.backend.sheet_answers, {answer, {}});
  CHECK(f.live.model().sheet.answer->faults[0].row == 3);
  CHECK(f.backend.summaries.empty());
  f.live.editing.close_sheet();
  CHECK_FALSE(f.live.model().sheet.answer);
}

TEST_CASE("sheet: one that is refused is told") {
  Uploaded f;
  f.refuse(f.backend.sheet_answers, "changed_elsewhere");
  CHECK_FALSE(f.live.model().sheet.uploading);
  CHECK(f.live.model().sheet.trouble->title == "sheet_failed.title");
}

TEST_CASE("sheet: one that was chosen for a firm is not sent for another") {
  Fixture f;
  f.open_configuration();
  choose(f, "a");
  f.live.editing.upload_sheet();
  fake::browser().on_file("filled,in");
  f.backend.watcher.lost(401, true);
  f.live.session.go_on("con_2");
  auto page = configurable_page();
  page.connection = "con_2";
  Scripted::answer(f.backend.pages, {page, {}});
  f.answer_configuration(books());
  fake::browser().pass(5000);
  CHECK(f.backend.uploads.empty());
}

}  // namespace rekey::web::sheets_test
