// What is shown of a configuration: rows and their options, counts, and changes laid over them.
#include "web/model/mapping.hpp"

#include "tests/web/model/live_page_fixture.hpp"
#include "web/model/rows.hpp"

namespace rekey::web::mapping_test {

namespace {

using mapping::LineState;
using mapping::Section;

const mapping::Record alder{"1", "Alder", "", true}, birch{"2", "Birch Ltd", "", true};

Books customers() {
  Books out;
  auto& all = out.lines[Section::customers];
  all = {line("a", "Alder", {candidate("1", "Alder", 0.99, true)}),
         line("b", "Birch", {candidate("2", "Birch Ltd", 0.7)}), line("c", "Alder"),
         line("d", "Dill")};
  all[0].ours.detail = "a@x";
  all[2].ours.detail = "c@x";
  return out;
}

Mapping taken(const Books& books = customers()) {
  Mapping out;
  take_summary(out, books.summary());
  for (const auto& [section, all] : books.lines) take_lines(out.of(section), books.part({section}));
  lay_over(out);
  return out;
}

const MappingRow& row(Mapping& mapping, const std::string& ours) {
  const auto* found = find_row(mapping, Section::customers, ours);
  REQUIRE(found);
  return *found;
}

void choose(Mapping& mapping, const std::string& ours, const std::string& value) {
  const auto change = change_of(mapping, Section::customers, ours, value);
  REQUIRE(change);
  make(mapping, *change);
}

std::vector<std::string> values(const std::vector<Option>& options) {
  std::vector<std::string> out;
  for (const auto& each : options) out.push_back(each.value);
  return out;
}

}  // namespace

TEST_CASE("mapping: what one click would apply is shown, and what is less sure only offered") {
  auto mapping = taken();
  CHECK(row(mapping, "a").value == "1");
  CHECK(row(mapping, "a").preselected);
  CHECK(row(mapping, "b").value.empty());
  CHECK(row(mapping, "b").suggested == std::vector<std::string>{"2"});
  CHECK(row(mapping, "d").suggested.empty());
}

TEST_CASE("mapping: names that occur twice are told apart") {
  auto mapping = taken();
  CHECK(row(mapping, "a").title == "Alder (a@x)");
  CHECK(row(mapping, "c").title == "Alder (c@x)");
  CHECK(row(mapping, "b").title == "Birch");
  auto alike = customers();
  for (auto& each : alike.lines[Section::customers]) each.ours.detail = each.ours.name = "Alder";
  mapping = taken(alike);
  CHECK(row(mapping, "d").title == "Alder (Alder) [d]");
}

TEST_CASE("mapping: a closed box has its candidates, what is chosen, and what is no record") {
  auto books = customers();
  auto& b = books.line(Section::customers, "b");
  b = chosen(b, {"7", "Old", "north", false});
  auto mapping = taken(books);
  const auto& options = row(mapping, "b").options;
  CHECK(values(options) == std::vector<std::string>{"2", "7", "-", "+", "?"});
  CHECK(options[1].detail == "north · inactive");
  // Where nothing is decided there is nothing to be taken back.
  CHECK(values(row(mapping, "d").options) == std::vector<std::string>{"-", "+"});
}

TEST_CASE("mapping: a counterpart that is gone is still named, and cannot be chosen again") {
  auto books = customers();
  auto& b = books.line(Section::customers, "b");
  b = chosen(b, {"9", "Birch & Co", "", true});
  b.target.reset();
  b.change = mapping::Change::target_gone;
  auto mapping = taken(books);
  CHECK(row(mapping, "b").value == "9");
  const auto& options = row(mapping, "b").options;
  CHECK(options[1].label == "Birch & Co");
  CHECK(options[1].disabled);
  CHECK_FALSE(can_keep(row(mapping, "b")));
  CHECK_FALSE(change_of(mapping, Section::customers, "b", "9"));
}

TEST_CASE("mapping: an open box has what fits the typed words, and no candidate that does not") {
  auto mapping = taken();
  OpenOptions open;
  open.section = Section::customers;
  open.typed = "birch";
  open.found = {birch, {"3", "Birch Wholesale", "", true}};
  make_options(open, row(mapping, "b").line);
  CHECK(values(open.options) == std::vector<std::string>{"2", "3", "-", "+"});
  CHECK(open.suggested == std::vector<std::string>{"2"});
  open.typed = "alder";
  open.found = {alder};
  make_options(open, row(mapping, "b").line);
  CHECK(values(open.options) == std::vector<std::string>{"1", "-", "+"});
  // Nothing typed: all records follow what is likely.
  open.typed.clear();
  open.found = {alder, birch};
  make_options(open, row(mapping, "b").line);
  CHECK(values(open.options) == std::vector<std::string>{"2", "-", "+", "1"});
}

TEST_CASE("mapping: options that read alike get what tells them apart, or at last their id") {
  auto mapping = taken();
  OpenOptions open;
  mapping::Record one{"1", "Alder", "", true}, two{"2", "Alder", "", true},
      below{"7", "Garage", "", true}, other{"8", "Garage", "", true},
      fees{"4", "Income:Fees", "4100", true};
  two.city = "Leeds";
  below.parent = "Imke";
  other.parent = "Tariq:North";
  fees.parent = "Income";
  open.typed = "a";
  open.found = {one, two, {"3", "Alder", "", true}, below, other, fees};
  make_options(open, row(mapping, "d").line);
  CHECK(open.options[0].detail == "[1]");
  CHECK(open.options[1].detail == "Leeds");
  CHECK(open.options[2].detail == "[3]");
  CHECK(open.options[3].detail == "Imke:Garage");
  CHECK(open.options[4].detail == "Tariq:North:Garage");
  CHECK(open.options[5].detail == "4100");  // a name that is its path has it once
}

TEST_CASE("mapping: choices count at once, and wait to be sent") {
  auto mapping = taken();
  choose(mapping, "b", "2");
  choose(mapping, "d", std::string(no_counterpart));
  choose(mapping, "c", std::string(create_later));
  const auto& counts = mapping.of(Section::customers).counts;
  CHECK(counts.chosen == 1);
  CHECK(counts.none == 1);
  CHECK(counts.create == 1);
  CHECK(counts.suggested == 1);
  CHECK(counts.undecided == 0);
  CHECK(row(mapping, "b").unsent);
  REQUIRE(mapping.unsent.size() == 3);
  const auto patch = next_edit(mapping.unsent, 5);
  CHECK(patch.upto == 3);
  const auto& choices = std::get<wire::ConfigurationPatch>(patch.request).choices;
  CHECK(choices[0].theirs == "2");
  CHECK(choices[1].theirs == "");
  CHECK(choices[2].create == true);
  CHECK_FALSE(choices[2].theirs);
}

TEST_CASE("mapping: choosing what is suggested is a choice, an empty value is none") {
  auto mapping = taken();
  CHECK_FALSE(change_of(mapping, Section::customers, "a", ""));
  CHECK_FALSE(change_of(mapping, Section::customers, "a", std::string(undecided)));
  CHECK_FALSE(change_of(mapping, Section::customers, "a", "of nobody"));
  choose(mapping, "a", "1");
  CHECK_FALSE(row(mapping, "a").preselected);
  CHECK(row(mapping, "a").line.state == LineState::chosen);
  CHECK_FALSE(change_of(mapping, Section::customers, "a", "1"));  // it is so already
  choose(mapping, "a", std::string(undecided));
  CHECK(row(mapping, "a").preselected);
}

TEST_CASE("mapping: a renamed counterpart is marked until it is kept under its new name") {
  auto books = customers();
  auto& b = books.line(Section::customers, "b");
  b = chosen(b, birch);
  b.choice->name = "Birch";
  b.change = mapping::Change::target_renamed;
  auto mapping = taken(books);
  CHECK(mapping.of(Section::customers).counts.changed == 1);
  CHECK(can_keep(row(mapping, "b")));
  choose(mapping, "b", "2");
  CHECK(mapping.of(Section::customers).counts.changed == 0);
  CHECK(row(mapping, "b").line.choice->name == "Birch Ltd");
  CHECK_FALSE(row(mapping, "b").line.change);
}

TEST_CASE("mapping: a change that is not confirmed is laid over whatever arrives late") {
  auto mapping = taken();
  choose(mapping, "d", std::string(no_counterpart));
  auto newer = customers();
  newer.revision = 7;
  auto& b = newer.line(Section::customers, "b");
  b = chosen(b, birch);
  take_summary(mapping, newer.summary());
  take_lines(mapping.of(Section::customers), newer.part({Section::customers}));
  lay_over(mapping);
  CHECK(row(mapping, "b").value == "2");
  CHECK(row(mapping, "d").value == no_counterpart);
  CHECK(mapping.of(Section::customers).counts.none == 1);
  CHECK(mapping.of(Section::customers).counts.undecided == 1);
  // Confirmed, it is what the backend says, and nothing is counted twice.
  auto& d = newer.line(Section::customers, "d");
  d.choice = mapping::Choice{"d", "", ""};
  d.state = LineState::none;
  wire::EditAnswer answer;
  answer.sections = newer.counts();
  answer.lines = {d};
  take_answer(mapping, answer, {{Section::customers, "d"}});
  confirm(mapping, 1);
  CHECK(row(mapping, "d").value == no_counterpart);
  CHECK_FALSE(row(mapping, "d").unsent);
  CHECK(mapping.of(Section::customers).counts.none == 1);
}

TEST_CASE("mapping: an answer names lines of the section that was changed, whatever their ids") {
  auto books = customers();
  books.lines[Section::suppliers] = {line("b", "Birch")};
  auto mapping = taken(books);
  auto b = books.lines[Section::suppliers][0];
  b.choice = mapping::Choice{"b", "", ""};
  wire::EditAnswer answer;
  answer.lines = {b};
  take_answer(mapping, answer, {{Section::suppliers, "gone"}, {Section::suppliers, "b"}});
  lay_over(mapping);
  CHECK(row(mapping, "b").value.empty());
  CHECK(find_row(mapping, Section::suppliers, "b")->value == no_counterpart);
}

TEST_CASE("mapping: a row stays in sight when dealing with it takes it out of the filter") {
  auto mapping = taken();
  mapping.of(Section::customers).looks.filter = mapping::LineFilter::undecided;
  choose(mapping, "d", std::string(no_counterpart));
  CHECK(mapping.of(Section::customers).rows.size() == 4);
}

TEST_CASE("mapping: the first section is one that has something to check") {
  auto books = customers();
  books.lines[Section::accounts] = {chosen(line("x", "Sales"), alder)};
  auto mapping = taken(books);
  CHECK(mapping.selected == Section::customers);
  for (auto& each : books.lines[Section::customers]) each = chosen(each, alder);
  mapping = taken(books);
  CHECK(mapping.selected == Section::accounts);
}

TEST_CASE("mapping: few lines are shown below each other, of many one section alone") {
  auto books = customers();
  books.lines[Section::accounts] = {line("x", "Sales")};
  CHECK(taken(books).shown() == mapping::Sections{Section::accounts, Section::customers});
  for (int i = 0; i < 30; ++i)
    books.lines[Section::customers].push_back(line("n" + std::to_string(i), "New"));
  const auto mapping = taken(books);
  CHECK(mapping.shown() == mapping::Sections{Section::accounts});
}

}  // namespace rekey::web::mapping_test
