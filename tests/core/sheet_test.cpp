// Mappings as a table: what spreadsheets make of it, and what comes back.
#include "core/mapping/sheet.hpp"

#include <catch2/catch_test_macros.hpp>

namespace rekey::mapping::sheet_test {
namespace {

/// The lines as they are read back.
std::vector<SheetLine> there_and_back(const std::vector<SheetLine>& lines) {
  std::string text = sheet_head();
  for (const auto& each : lines) text += sheet_row(each);
  const auto sheet = read_sheet(text);
  REQUIRE(sheet);
  CHECK(sheet->faults.empty());
  return sheet->lines;
}

Sheet read(const std::string& text) {
  const auto sheet = read_sheet(text);
  REQUIRE(sheet);
  return *sheet;
}

}  // namespace

TEST_CASE("sheet: every kind of choice and every text comes back as it was") {
  std::vector<SheetLine> lines = {
      {Section::accounts, "Sales", "4000", Choice{"4000", "1", "Sales of Product Income"}},
      {Section::tax_codes, "Zero", "Z", Choice{"Z", "", ""}},
      {Section::customers, "Later", "c1", Choice{"c1", "", "", true}},
      {Section::customers, "Open", "c2", std::nullopt},
  };
  for (const char* text :
       {"=1+1",       "+49 30",     "-5",       "@cmd",         "'quoted",       "'=x",  "''=x",
        "a,b;c\td|e", "say \"so\"", " spaces ", "two\r\nlines", "Ärzte & Söhne", "''",   "\tt",
        "a;=1+1",     "a;'=1",      ";;-1",     "a; \"=1\"",    "a\n@x\r\n+2",   "a;'b", "x=1;y"})
    lines.push_back({Section::suppliers, text, text, Choice{text, text, text}});
  CHECK(there_and_back(lines) == lines);
}

TEST_CASE("sheet: it opens as UTF-8, and no cell of it is a formula") {
  CHECK(sheet_head().starts_with("\xEF\xBB\xBFsection,id,"));
  const auto row = sheet_row({Section::customers, "=HYPERLINK(1)", "@x", Choice{"@x", "+1", "-2"}});
  CHECK(row == "customers,'@x,'=HYPERLINK(1),chosen,'+1,'-2\r\n");
}

TEST_CASE("sheet: no cell is a formula where a spreadsheet parts cells at semicolons, either") {
  CHECK(defused("a;=1+1") == "a;'=1+1");
  CHECK(defused("a\t+1\n-2") == "a\t'+1\n'-2");
  CHECK(defused("a; \"=1\"") == "a;' \"=1\"");
  CHECK(defused("a;'=1") == "a;''=1");
  // What is harmless stays readable.
  for (const char* text : {"Ada; Bob", "a;b=c", "two\r\nlines", "don't", "a;'b"})
    CHECK(defused(text) == text);
}

TEST_CASE("sheet: what a spreadsheet wrote is read by its columns") {
  const auto sheet = read(
      "id;counterpart_id;section\r\nc1;7;customers\r\nc2;;customers\r\n;;\r\nc3;8;customers\n");
  CHECK(sheet.faults.empty());
  REQUIRE(sheet.lines.size() == 2);
  CHECK(sheet.lines[0].choice == Choice{"c1", "7", ""});
  CHECK(sheet.lines[1].ours == "c3");
}

TEST_CASE("sheet: each row that is wrong is named with its column") {
  const auto sheet = read(
      "section,id,decision,counterpart_id\n"
      "vendors,1,none,\n"
      "customers,1,maybe,\n"
      "customers,2,chosen,\n"
      "customers,3,none,7\n"
      "customers,,none,\n"
      "customers,4,none,\n"
      "customers,4,create,\n");
  CHECK(sheet.faults == std::vector<SheetFault>{{1, "section"},
                                                {2, "decision"},
                                                {3, "counterpart_id"},
                                                {4, "counterpart_id"},
                                                {5, "id"},
                                                {7, "id"}});
  CHECK(sheet.lines.size() == 1);
  CHECK_FALSE(read_sheet("name,counterpart\nA,B\n"));
  CHECK_FALSE(read_sheet(""));
}

}  // namespace rekey::mapping::sheet_test
