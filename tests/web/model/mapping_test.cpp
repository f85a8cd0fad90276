#include "web/model/mapping.hpp"

#include <catch2/catch_test_macros.hpp>

namespace rekey::web::mapping_test {

namespace {

using mapping::Reason;
using mapping::Section;

const OptionWords words{"No counterpart", "There is none", "inactive"};

wire::ConfigurationPage page() {
  wire::ConfigurationPage out;
  out.company = {"1", "Pinmoor"};
  out.ours.customers = {{"a", "Alder", "a@x", true},
                        {"b", "Birch", "", true},
                        {"c", "Alder", "c@x", true},
                        {"d", "Dill", "", true}};
  out.theirs.customers = {
      {"1", "Alder", "", true}, {"2", "Birch Ltd", "", true}, {"3", "Old", "north", false}};
  out.customers = {{"a", "1", 0.99, true, {Reason::same_name}},
                   {"c", "1", 0.99, true, {Reason::same_name}},
                   {"b", "2", 0.7, false, {Reason::similar_name}}};
  return out;
}

Mapping taken() {
  Mapping out;
  take_page(out, page(), words);
  return out;
}

}  // namespace

TEST_CASE("mapping: a sure suggestion is put in, a weaker one only offered") {
  const auto mapping = taken();
  const auto& rows = mapping.of(Section::customers).rows;
  CHECK(rows[0].state == RowState::suggested);
  CHECK(rows[0].value == "1");
  CHECK(rows[1].state == RowState::to_decide);
  CHECK(rows[1].suggested == std::vector<std::string>{"2"});
  CHECK(rows[3].suggested.empty());
}

TEST_CASE("mapping: one customer of QuickBooks is put in for one of ours only") {
  const auto mapping = taken();
  CHECK(mapping.of(Section::customers).rows[2].state == RowState::to_decide);
  auto chosen = page();
  chosen.configuration.customers = {{"d", "1", "Alder"}};
  Mapping other;
  take_page(other, chosen, words);
  CHECK(other.of(Section::customers).rows[0].state == RowState::to_decide);
}

TEST_CASE("mapping: names that occur twice are told apart") {
  const auto mapping = taken();
  const auto& rows = mapping.of(Section::customers).rows;
  CHECK(rows[0].title == "Alder (a@x)");
  CHECK(rows[2].title == "Alder (c@x)");
  CHECK(rows[1].title == "Birch");
}

TEST_CASE("mapping: options begin with none, and inactive records come last and say so") {
  const auto mapping = taken();
  const auto& options = mapping.of(Section::customers).options;
  REQUIRE(options.size() == 4);
  CHECK(options[0].value == no_counterpart);
  CHECK(options[3].label == "Old");
  CHECK(options[3].detail == "north · inactive");
}

TEST_CASE("mapping: two customers of one name are shown with their parents, and none is put in") {
  auto equal = page();
  mapping::Record below{"7", "Garage", "", true}, other{"8", "Garage", "", true};
  below.parent = "Imke", other.parent = "Tariq:North";
  equal.ours.customers = {{"g", "Garage", "tariq@x", true}};
  equal.theirs.customers = {{"1", "Imke", "", true}, below, other};
  equal.customers = {{"g", "7", 0.5, false, {mapping::Reason::same_name}},
                     {"g", "8", 0.5, false, {mapping::Reason::same_name}}};
  Mapping mapping;
  take_page(mapping, equal, words);
  auto& view = mapping.of(Section::customers);
  CHECK(view.options[2].label == "Garage");
  CHECK(view.options[2].detail == "Imke:Garage");
  CHECK(view.options[3].detail == "Tariq:North:Garage");
  CHECK(view.rows[0].state == RowState::to_decide);
  CHECK(view.rows[0].suggested == std::vector<std::string>{"7", "8"});
  CHECK(with_suggestions(mapping).customers.empty());
  // What is written down is the name itself, so that it is not taken for renamed.
  choose(mapping, Section::customers, 0, "8");
  CHECK(mapping.page.configuration.customers == std::vector<mapping::Choice>{{"g", "8", "Garage"}});
  CHECK(view.alike.at("8") == "Tariq:North:Garage");
  CHECK_FALSE(view.alike.contains("1"));
}

TEST_CASE("mapping: options that read alike get what tells them apart, or at last their id") {
  auto alike = page();
  mapping::Record one{"1", "Alder", "", true}, two{"2", "Alder", "", true};
  two.city = "Leeds";
  alike.theirs.customers = {one, two, {"3", "Alder", "", true}};
  Mapping mapping;
  take_page(mapping, alike, words);
  const auto& options = mapping.of(Section::customers).options;
  CHECK(options[1].detail == "[1]");
  CHECK(options[2].detail == "Leeds");
  CHECK(options[3].detail == "[3]");
}

TEST_CASE("mapping: an account whose name is its path has it once") {
  auto accounts = page();
  mapping::Record fees{"4", "Income:Fees", "4100", true};
  fees.parent = "Income";
  accounts.theirs.accounts = {fees};
  Mapping mapping;
  take_page(mapping, accounts, words);
  CHECK(mapping.of(Section::accounts).options[1].detail == "4100");
}

TEST_CASE("mapping: choices count at once, and wait to be sent") {
  auto mapping = taken();
  choose(mapping, Section::customers, 3, "2");
  choose(mapping, Section::customers, 1, std::string(no_counterpart));
  const auto& view = mapping.of(Section::customers);
  CHECK(view.counts.matched == 1);
  CHECK(view.counts.no_counterpart == 1);
  CHECK(view.counts.suggested == 1);
  CHECK(view.counts.to_decide == 1);
  REQUIRE(mapping.unsent.size() == 2);
  CHECK(mapping.unsent[0].choice == mapping::Choice{"d", "2", "Birch Ltd"});
  CHECK(mapping.unsent[1].choice == mapping::Choice{"b", "", ""});
}

TEST_CASE("mapping: saving takes the suggestions that were left as they were") {
  auto mapping = taken();
  choose(mapping, Section::customers, 3, "2");
  const auto sent = with_suggestions(mapping);
  REQUIRE(sent.customers.size() == 2);
  REQUIRE(sent.find(Section::customers, "a"));
  CHECK(sent.find(Section::customers, "a")->name == "Alder");
  // The draft holds only what a person chose, so that a suggestion stays one.
  CHECK(mapping.page.configuration.customers.size() == 1);
}

TEST_CASE("mapping: what another person changed is taken, and unsent choices are laid over it") {
  auto mapping = taken();
  choose(mapping, Section::customers, 3, "2");
  auto newer = page();
  newer.revision = 7;
  newer.configuration.customers = {{"b", "", ""}, {"d", "1", "Alder"}};
  take_page(mapping, newer, words);
  const auto& rows = mapping.of(Section::customers).rows;
  CHECK(rows[1].state == RowState::no_counterpart);
  CHECK(rows[3].value == "2");
}

TEST_CASE("mapping: another company begins with nothing that was meant for the one before") {
  auto mapping = taken();
  choose(mapping, Section::customers, 3, "2");
  auto other = page();
  other.company.realm_id = "2";
  take_page(mapping, other, words);
  CHECK_FALSE(mapping.unsent_changes());
  CHECK(mapping.of(Section::customers).rows[3].value.empty());
}

TEST_CASE("mapping: a renamed counterpart is marked until it is kept under its new name") {
  auto changed = page();
  changed.configuration.customers = {{"b", "2", "Birch"}};
  changed.differences = {{Section::customers, "b", mapping::Change::target_renamed, "Birch"}};
  Mapping mapping;
  take_page(mapping, changed, words);
  CHECK(mapping.of(Section::customers).counts.changed == 1);
  keep_choice(mapping, Section::customers, 1);
  CHECK(mapping.of(Section::customers).counts.changed == 0);
  CHECK(mapping.page.configuration.customers[0].name == "Birch Ltd");
  take_page(mapping, mapping.page, words);
  CHECK(mapping.of(Section::customers).counts.changed == 0);
}

TEST_CASE("mapping: a counterpart that is gone cannot be kept, only replaced") {
  auto changed = page();
  changed.configuration.customers = {{"b", "9", "Birch & Co"}};
  changed.differences = {{Section::customers, "b", mapping::Change::target_gone, "Birch & Co"}};
  Mapping mapping;
  take_page(mapping, changed, words);
  keep_choice(mapping, Section::customers, 1);
  CHECK(mapping.of(Section::customers).counts.changed == 1);
  choose(mapping, Section::customers, 1, "2");
  CHECK(mapping.of(Section::customers).counts.changed == 0);
}

TEST_CASE("mapping: a row stays in sight when dealing with it takes it out of the filter") {
  auto mapping = taken();
  auto& view = mapping.of(Section::customers);
  look(view, Filter::to_check, "");
  REQUIRE(view.shown.size() == 4);
  choose(mapping, Section::customers, 3, "2");
  CHECK(view.shown.size() == 4);
  look(view, Filter::to_check, "");
  CHECK(view.shown.size() == 3);
}

TEST_CASE("mapping: the search looks at names and details, whatever the case") {
  auto mapping = taken();
  auto& view = mapping.of(Section::customers);
  look(view, Filter::all, "C@X");
  REQUIRE(view.shown.size() == 1);
  CHECK(view.rows[view.shown[0]].ours == 2);
}

}  // namespace rekey::web::mapping_test
