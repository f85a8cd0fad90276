#include "web/model/paper.hpp"

#include "tests/web/model/live_page_fixture.hpp"

namespace rekey::web::paper_test {

namespace {

constexpr const char* sheet =
    "\xEF\xBB\xBFsection,id,name,decision,counterpart_id,counterpart_name\r\n"
    "accounts,a,Sales,chosen,1,Income\r\n"
    "accounts,b,\"Bank, charges\",undecided,,\r\n"
    "customers,c,Larch,none,,\r\n"
    "customers,d,,create,,\r\n";

}  // namespace

TEST_CASE("paper: every line of every list is on it, with how it stands, and the settings") {
  Fixture f;
  f.open_configuration();
  f.live.model().mapping->order = {mapping::Section::accounts, mapping::Section::customers};
  f.live.editing.print();
  CHECK(f.live.model().sheet.printing);
  f.live.editing.print();  // a second press asks nothing more
  REQUIRE(f.backend.sheets.size() == 1);
  Scripted::answer(f.backend.sheets, {std::string(sheet), {}});
  CHECK_FALSE(f.live.model().sheet.printing);
  REQUIRE(fake::browser().printed.size() == 1);
  const auto paper = wire::parse(fake::browser().printed[0], "The paper");
  REQUIRE(paper);
  const auto& tables = paper->at("tables");
  REQUIRE(tables.size() == 3);
  CHECK(tables[0].at("name") == say("section.accounts.title"));
  CHECK(tables[0].at("rows") == wire::Json{{"Sales", "Income", say("row.chosen")},
                                           {"Bank, charges", "", say("option.undecided")}});
  CHECK(tables[1].at("rows") ==
        wire::Json{{"Larch", "", say("row.none")}, {"d", "", say("row.create")}});
  CHECK(tables[2].at("name") == say("settings.title"));
  CHECK(tables[2].at("rows").size() == 2);  // no suppliers, so nothing is said of them
  CHECK(paper->at("facts").size() == 4);
}

TEST_CASE("paper: what cannot be read is told, and nothing is printed") {
  Fixture f;
  f.open_configuration();
  f.live.editing.print();
  Scripted::answer(f.backend.sheets, {std::string("no table"), {}});
  CHECK(fake::browser().printed.empty());
  REQUIRE(f.live.model().sheet.trouble);
  CHECK(f.live.model().sheet.trouble->title == "not_printed.title");
}

}  // namespace rekey::web::paper_test
